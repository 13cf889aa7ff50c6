import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readKinds } from '../../../scripts/imports/crds';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crds-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function crd(kind: string, versions: Readonly<Record<string, boolean>>): string {
  return JSON.stringify({
    kind: 'CustomResourceDefinition',
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { kind },
      versions: Object.entries(versions).map(([name, served]) => ({
        name,
        served,
        schema: { openAPIV3Schema: { type: 'object', description: 'prose' } },
      })),
    },
  });
}

test('takes the newest version that is served', () => {
  writeFileSync(join(folder, 'a.yaml'), crd('Foo', { v2alpha1: true, v1beta2: true, v1beta10: true, v1: false }));
  expect(readKinds(folder, 'example.com/api@v1.0.0')).toEqual([
    {
      group: 'example.com',
      version: 'v1beta10',
      kind: 'Foo',
      scope: 'Namespaced',
      source: 'example.com/api@v1.0.0',
      schema: { type: 'object' },
    },
  ]);
});

test('orders kinds by name, whatever the order of files, and passes over other documents', () => {
  writeFileSync(join(folder, 'a.yaml'), `${crd('Zoo', { v1: true })}\n---\nkind: Kustomization\n---\n`);
  writeFileSync(join(folder, 'b.yaml'), crd('Bar', { v1: true }));
  expect(readKinds(folder, 's').map(({ kind }) => kind)).toEqual(['Bar', 'Zoo']);
});

test('refuses a kind of which nothing is served', () => {
  writeFileSync(join(folder, 'a.yaml'), crd('Foo', { v1: false }));
  expect(() => readKinds(folder, 's')).toThrow('no served version of `example.com` `Foo`');
});
