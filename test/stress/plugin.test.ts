import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { run } from './command';
import { pack } from './projects';

const ROOT = resolve(__dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'plugin-'));
const project = join(folder, 'project');
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };

/** A project with the packed tarball and what it needs, put there without a registry. */
beforeAll(() => {
  const tarball = pack(join(folder, 'packed'));
  const modules = join(project, 'node_modules');
  mkdirSync(join(modules, 'cdk8s-mesh'), { recursive: true });
  run(project, `tar -xzf "${tarball}" -C node_modules/cdk8s-mesh --strip-components 1`);
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (name !== 'cdk8s-mesh') symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
  writeFileSync(join(project, 'package.json'), '{"name":"project","version":"1.0.0"}');
  for (const App of ['App', 'MeshApp']) writeFileSync(join(project, `${App}.js`), program(App));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Two objects with one name, of which the cdk8s CLI by itself would name the last one. */
function program(App: string): string {
  return `const { App, ApiObject, Chart } = require('cdk8s');
    const { IstioMesh, Mesh, MeshApp } = require('cdk8s-mesh');
    const app = new ${App}();
    Mesh.use(app, new IstioMesh({ version: '1.30.3' }));
    const chart = new Chart(app, 'shop');
    const gateways = process.env.BROKEN === 'yes' ? ['web'] : ['mesh'];
    new ApiObject(chart, 'Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    new ApiObject(chart, 'Route', {
      apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: 'cart', namespace: 'shop' },
      spec: { hosts: ['shop.example.com'], gateways, http: [{ directResponse: { status: 503 } }] },
    });
    new ApiObject(chart, 'Settings', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'cart', namespace: 'shop' } });
    app.synth();`;
}

/** What a synth of the cdk8s CLI prints, and how it ends; no registry can be reached. */
function synth(App: string, broken: 'yes' | 'no'): string {
  const plugin = `{ package: ./node_modules/cdk8s-mesh, version: ${version}, class: MeshValidation }`;
  writeFileSync(join(project, 'cdk8s.yaml'), `language: typescript\napp: node ${App}.js\nvalidations: [${plugin}]\n`);
  const command = 'node node_modules/cdk8s-cli/bin/cdk8s synth --no-check-upgrade 2>&1 || echo "exit $?"';
  return run(project, command, {
    BROKEN: broken,
    HOME: join(folder, 'home'),
    npm_config_registry: 'http://127.0.0.1:9/',
  });
}

describe.each(['App', 'MeshApp'])('`cdk8s synth` with %s and the plugin from the packed tarball', (App) => {
  test('exits with 2 and names the construct', () => {
    const printed = synth(App, 'yes');
    expect(printed).toMatch(/exit 2\s*$/);
    expect(printed).toContain('MESH-CHK-201');
    expect(printed).toContain('Construct Path: shop/Route');
    expect(printed).not.toContain('shop/Settings');
    expect(existsSync(join(project, 'dist/.cdk8s-mesh.json'))).toBe(false);
  });

  test('is content where all is well', () => {
    const printed = synth(App, 'no');
    expect(printed).not.toMatch(/exit \d/);
    expect(printed).toContain('Validations ended succesfully');
    expect(readFileSync(join(project, 'dist/shop.k8s.yaml'), 'utf8')).toContain('kind: VirtualService');
  });
});

test('`cdk8s-mesh check` reads the same folder', () => {
  const command = 'node node_modules/cdk8s-mesh/build/lib/cli/main.js check dist';
  expect(run(project, command)).toMatch(/^0 errors, 0 warnings in 3 objects of 1 file/);
});
