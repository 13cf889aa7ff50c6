import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './command';
import { emptyProject, pack, typescriptApp } from './projects';

const folder = mkdtempSync(join(tmpdir(), 'tarball-'));
let tarball: string;

beforeAll(() => {
  tarball = pack(join(folder, 'packed'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the tarball has the built package and its schemas, and no source', () => {
  const files = run(folder, `tar -tzf "${tarball}"`).trim().split('\n');
  expect(files).toEqual(
    expect.arrayContaining([
      'package/build/lib/index.js',
      'package/build/lib/terraform.js',
      'package/build/lib/testing.js',
      'package/imports/schemas/kubernetes-definitions.json',
      'package/LICENSE',
    ]),
  );
  expect(
    files.filter((file) => /\/(test|examples|scripts|node_modules|conformance)\/|\.tsbuildinfo$/.test(file)),
  ).toEqual([]);
});

describe('in an empty project', () => {
  const project = join(folder, 'empty-project');

  test('npm installs the tarball with its peers, without cdk8s-plus (long: downloads)', () => {
    emptyProject(project);
    run(project, `npm install "${tarball}"`);
    expect(existsSync(join(project, 'node_modules/cdk8s-plus-28'))).toBe(false);
    expect(existsSync(join(project, 'node_modules/cdk8s/package.json'))).toBe(true);
  });

  test('a CommonJS program synthesizes', () => {
    run(project, 'node main.js');
    const yaml = readFileSync(join(project, 'dist/shop.k8s.yaml'), 'utf8');
    expect(yaml).toContain('kind: AuthorizationPolicy');
    expect(yaml).toContain('kind: DestinationRule');
  });

  test('an ES module imports both doors', () => {
    expect(run(project, 'node main.mjs')).toBe('function object\n');
  });

  test('without helm, network and CDK for Terraform, every delivery works but the one by helm, which says what to install', () => {
    const said = run(project, `PATH=/nowhere "${process.execPath}" install.js`);
    expect(said.split('\n').slice(0, 4)).toEqual(['argoCd works', 'flux works', 'sail works', 'istioctl works']);
    expect(said.split('\n')[4]).toMatch(
      /^rendered: MESH-API-166: `helm`.*fix: install Helm 3\.8 or later, 4\.3 for example/,
    );
  });

  test('the door to Terraform says which packages are missing', () => {
    expect(existsSync(join(project, 'node_modules/cdktf'))).toBe(false);
    const attempt = "try { require('cdk8s-mesh/terraform') } catch ({ message }) { console.log(message) }";
    expect(run(project, `node -e "${attempt}"`)).toMatch(
      /^MESH-API-169: .*`npm install cdktf@\^0\.21\.0 @cdktf\/provider-helm@\^12\.1\.2`$/m,
    );
  });

  test('with half of the packages, it says which one is missing (long: downloads)', () => {
    run(project, 'npm install cdktf@0.21.0');
    const attempt = "try { require('cdk8s-mesh/terraform') } catch ({ message }) { console.log(message) }";
    expect(run(project, `node -e "${attempt}"`)).toMatch(/^MESH-API-169: .*needs `@cdktf\/provider-helm`/);
  });
});

describe('in the project of `cdk8s init typescript-app`', () => {
  const project = join(folder, 'typescript-app');

  test('npm installs the tarball next to TypeScript 5.9, jest 29 and cdk8s-plus-33 (long: downloads)', () => {
    typescriptApp(project);
    run(project, 'npm install');
    run(project, `npm install "${tarball}"`);
    expect(run(project, 'npx tsc --version')).toMatch(/ 5\.9\./);
    expect(run(project, 'npx jest --version')).toMatch(/^29\./);
  });

  test('`cdk8s synth` writes the mesh', () => {
    run(project, 'npm run synth');
    expect(readFileSync(join(project, 'dist/shop.k8s.yaml'), 'utf8')).toContain('kind: AuthorizationPolicy');
  });

  test('ts-jest runs Testing.synth, which gives the same objects', () => {
    run(project, 'cp dist/shop.k8s.yaml synthesized.yaml && npm test', { SYNTHESIZED: 'synthesized.yaml' });
  });

  test('`cdk8s-mesh synth --validate` gives the same manifests, without `cdk8s synth` having emptied the folder', () => {
    run(project, 'npx cdk8s-mesh synth --validate && cmp dist/shop.k8s.yaml synthesized.yaml');
    expect(existsSync(join(project, 'dist/.cdk8s-mesh-index'))).toBe(true);
  });

  test('its tsconfig, which checks declarations of libraries too, compiles', () => {
    run(project, 'npm run compile');
  });

  test('the door to Terraform is found by ts-node, ts-jest and tsc (long: downloads)', () => {
    cpSync(join(__dirname, 'fixture/terraform'), project, { recursive: true });
    run(project, 'npm install cdktf@0.21.0 @cdktf/provider-helm@12.1.2');
    expect(run(project, 'npx ts-node terraform.ts')).toBe('istio-base istiod\n');
    run(project, 'npx jest terraform');
    run(project, 'npm run compile');
  });
});
