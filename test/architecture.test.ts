import { resolve } from 'node:path';
import { ESLint } from 'eslint';
import { parser } from 'typescript-eslint';
import boundaries from '../eslint/boundaries';
import projectConfig from '../eslint.config';

const root = resolve(__dirname, '..');
const eslint = new ESLint({
  cwd: root,
  overrideConfigFile: true,
  overrideConfig: [{ files: ['**/*.ts'], languageOptions: { parser } }, ...boundaries],
});

async function refusals(file: string, code: string): Promise<readonly string[]> {
  const [result] = await eslint.lintText(code, { filePath: resolve(root, file) });
  return (result?.messages ?? []).map(({ message }) => message);
}

describe('import directions', () => {
  test.each([
    ['lib/errors.ts', '../lib/intent/port', 'lib/intent/port'],
    ['lib/errors.ts', 'node:fs', 'node:fs'],
    ['lib/intent/a.ts', '../constructs/mesh', 'lib/constructs/mesh'],
    ['lib/intent/a.ts', '../providers/provider', 'lib/providers/provider'],
    ['lib/intent/a.ts', '../manifests/objects', 'lib/manifests/objects'],
    ['lib/intent/a.ts', 'cdk8s', 'cdk8s'],
    ['lib/intent/a.ts', 'constructs', 'constructs'],
    ['lib/intent/a.ts', 'node:crypto', 'node:crypto'],
    ['lib/intent/a.ts', 'crypto', 'crypto'],
    ['lib/options/a.ts', '../constructs/mesh', 'lib/constructs/mesh'],
    ['lib/options/a.ts', '../providers/istio/mtls', 'lib/providers/istio/mtls'],
    ['lib/schemas/a.ts', '../manifests/objects', 'lib/manifests/objects'],
    ['lib/schemas/a.ts', '../intent/port', 'lib/intent/port'],
    ['lib/schemas/a.ts', 'cdk8s', 'cdk8s'],
    ['lib/manifests/a.ts', '../intent/port', 'lib/intent/port'],
    ['lib/manifests/a.ts', 'cdk8s', 'cdk8s'],
    ['lib/kubernetes/a.ts', '../schemas/validate', 'lib/schemas/validate'],
    ['lib/kubernetes/a.ts', '../providers/istio/mtls', 'lib/providers/istio/mtls'],
    ['lib/kubernetes/a.ts', 'cdk8s', 'cdk8s'],
    ['lib/providers/provider.ts', './istio/mtls', 'lib/providers/istio/mtls'],
    ['lib/providers/provider.ts', '../manifests/objects', 'lib/manifests/objects'],
    ['lib/providers/istio/a.ts', '../linkerd/access', 'lib/providers/linkerd/access'],
    ['lib/providers/istio/a.ts', '../../constructs/mesh', 'lib/constructs/mesh'],
    ['lib/providers/istio/a.ts', 'cdk8s', 'cdk8s'],
    ['lib/constructs/a.ts', '../providers/istio/mtls', 'lib/providers/istio/mtls'],
    ['lib/constructs/a.ts', '../schemas/check', 'lib/schemas/check'],
    ['lib/constructs/a.ts', '../../imports/networking.istio.io', 'imports/networking.istio.io'],
    ['lib/constructs/a.ts', '../index', 'lib/index'],
    ['lib/constructs/a.ts', '../../test/objects', 'test/objects'],
    ['lib/constructs/a.ts', 'cdk8s-plus-28', 'cdk8s-plus-28'],
    ['lib/constructs/a.ts', 'cdk8s-plus-33/lib/pod', 'cdk8s-plus-33/lib/pod'],
    ['lib/testing.ts', 'cdk8s-plus-28', 'cdk8s-plus-28'],
    ['lib/index.ts', 'cdk8s', 'cdk8s'],
    ['examples/recipe/main.ts', '../../lib', 'lib'],
    ['examples/recipe/main.ts', '../online-boutique/workloads', 'examples/online-boutique/workloads'],
    ['examples/recipe/main.ts', 'lodash', 'lodash'],
    ['examples/platform-flux/main.ts', '../online-boutique/services', 'examples/online-boutique/services'],
    ['examples/platform-flux/main.ts', 'cdktf', 'cdktf'],
  ])('%s must not import %s', async (file, source, named) => {
    const [refusal] = await refusals(file, `export { x } from '${source}';`);
    expect(refusal).toContain('must not import');
    expect(refusal).toContain(`\`${named}\``);
  });

  test.each([
    ["import { x } from '../constructs/mesh';"],
    ["import type { X } from '../constructs/mesh';"],
    ["export * from '../constructs/mesh';"],
    ["import mesh = require('../constructs/mesh');"],
    ["const mesh = require('../constructs/mesh');"],
    ["const file = require.resolve('../constructs/mesh');"],
    ["const mesh = import('../constructs/mesh');"],
    ["type X = import('../constructs/mesh').X;"],
  ])('no way of importing escapes: %s', async (code) => {
    expect(await refusals('lib/intent/a.ts', code)).toEqual(['`lib/intent` must not import `lib/constructs/mesh`']);
  });

  test('a path that is only known at run time is refused', async () => {
    expect(await refusals('lib/intent/a.ts', 'const mesh = require(name);')).toHaveLength(1);
  });

  test('the generated types are imported as types', async () => {
    const file = 'lib/providers/istio/a.ts';
    const source = "'../../../imports/networking.istio.io'";
    expect(await refusals(file, `import type { X } from ${source};`)).toEqual([]);
    expect((await refusals(file, `import { X } from ${source};`))[0]).toContain('fix: `import type`');
  });

  test('a new folder must first be given its place', async () => {
    expect((await refusals('lib/utils/a.ts', 'export const x = 1;'))[0]).toContain('fix: add its folder');
  });

  test.each([
    ['lib/intent/a.ts', "import { b } from './b'; import { MeshError } from '../errors';"],
    ['lib/options/a.ts', "import type { Duration } from 'cdk8s'; import { b } from '../intent/b';"],
    ['lib/schemas/a.ts', "import { RE2JS } from 're2js'; import { readFileSync } from 'node:fs';"],
    ['lib/manifests/a.ts', "import { x } from '../schemas/x';"],
    ['lib/kubernetes/a.ts', "import { b } from '../intent/b';"],
    [
      'lib/providers/istio/a.ts',
      "import { x } from './b'; import { y } from '../provider'; import { z } from '../../intent/z';",
    ],
    [
      'lib/constructs/a.ts',
      "import { Chart } from 'cdk8s'; import { x } from './b'; import { y } from '../providers/provider';",
    ],
    ['lib/index.ts', "export { x } from './constructs/x'; export type { Y } from './providers/istio/y';"],
    ['examples/recipe/main.ts', "import { Mesh } from 'cdk8s-mesh'; import { x } from './x';"],
    ['examples/platform/main.ts', "import { shop } from '../online-boutique/services';"],
    ['examples/platform-terraform/main.ts', "import { App } from 'cdktf'; import { x } from 'cdk8s-mesh/terraform';"],
    ['test/a.test.ts', "import { x } from '../lib/providers/istio/access';"],
  ])('%s may import what it builds on', async (file, code) => {
    expect(await refusals(file, code)).toEqual([]);
  });
});

describe('the door', () => {
  test.each([
    ["import { x } from './a';"],
    ['const x = 1;'],
    ['export const x = 1;'],
    ['export class X {}'],
    ['call();'],
  ])('has export lines only, not `%s`', async (code) => {
    expect(await refusals('lib/index.ts', code)).toContain(
      'a door has export lines only; fix: move this to a file of its own',
    );
  });
});

test('`npm run check` applies these rules to every file of lib and examples', async () => {
  const project = new ESLint({ cwd: root, overrideConfigFile: true, overrideConfig: projectConfig });
  for (const file of ['lib/intent/port.ts', 'lib/index.ts', 'examples/recipe/main.ts']) {
    const config = (await project.calculateConfigForFile(resolve(root, file))) as { rules: Record<string, unknown[]> };
    expect(config.rules['mesh/import-directions']?.[0]).toBe(2);
    expect(await project.isPathIgnored(resolve(root, file))).toBe(false);
  }
});
