import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { doorExports } from '../../scripts/door/exports';
import { jsiiManifest } from '../../scripts/jsii/manifest';
import { missingTypes } from '../../scripts/jsii/missing-types';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'door-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function door(index: string, declarations: string): ReturnType<typeof doorExports> {
  writeFileSync(join(folder, 'a.ts'), declarations);
  writeFileSync(join(folder, 'index.ts'), index);
  return doorExports(join(folder, 'index.ts'));
}

describe('exports of the door', () => {
  test('are found through renames and stars, with what they are', () => {
    const found = door(
      "export * from './a'; export type { T as U } from './a';",
      '/** Doc.\n * @example\n * 1;\n */\nexport class A {}\nexport const f = () => 1;\nexport type T = string;\nexport interface I {}',
    );
    expect(found.map(({ name, isClass, isValue, hasExample }) => [name, isClass, isValue, hasExample])).toEqual(
      expect.arrayContaining([
        ['A', true, true, true],
        ['f', false, true, false],
        ['T', false, false, false],
        ['I', false, false, false],
        ['U', false, false, false],
      ]),
    );
  });

  test('that jsii drops are named with file and line', () => {
    const [message, ...others] = missingTypes(
      door("export { A, f } from './a';", 'export class A {}\nexport const f = 1;'),
      ['A'],
    );
    expect(message).toMatch(/a\.ts:2 `f` is exported from lib\/index\.ts and missing from the jsii assembly; fix: /);
    expect(others).toEqual([]);
  });
});

test('the package.json for jsii has no optional peers and bundles what is no jsii package', () => {
  const manifest = jsiiManifest({
    name: 'x',
    peerDependencies: { cdk8s: '^2.68.0', 'cdk8s-plus-28': '>=2.0.0' },
    peerDependenciesMeta: { 'cdk8s-plus-28': { optional: true } },
    dependencies: { yaml: '2.9.1' },
  });
  expect(manifest).toMatchObject({
    peerDependencies: { cdk8s: '^2.68.0' },
    devDependencies: { cdk8s: '2.68.0' },
    bundledDependencies: ['yaml'],
  });
  expect(manifest).not.toHaveProperty('peerDependencies.cdk8s-plus-28');
});
