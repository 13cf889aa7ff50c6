import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { synth } from '../../lib/cli/synth';
import { filesOf, temporaryFolder } from '../outputs/folders';

const ROOT = resolve(__dirname, '../..');
const folder = temporaryFolder();

beforeAll(() => {
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(
    join(folder, 'main.js'),
    `const { App, Chart, ApiObject } = require('cdk8s');
     if (process.env.BEHAVIOUR === 'fail') process.exit(3);
     const app = new App(process.env.BEHAVIOUR === 'elsewhere' ? { outdir: 'elsewhere' } : {});
     const chart = new Chart(app, process.env.CHART ?? 'shop', { namespace: 'shop' });
     const port = process.env.BEHAVIOUR === 'invalid' ? 'eighty' : 80;
     new ApiObject(chart, 'cart', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'cart' }, spec: { ports: [{ port }] } });
     app.synth();`,
  );
  writeFileSync(
    join(folder, 'plugin.js'),
    `exports.Plugin = class {
       async validate({ manifests, report }) {
         const status = manifests.every((file) => /[.]dist[.]next-.*shop[.]k8s[.]yaml$/.test(file)) ? process.env.VERDICT : 'failure';
         report.submit(status);
       }
     };`,
  );
});

beforeEach(() => {
  rmSync(join(folder, 'dist'), { recursive: true, force: true });
  config('app: node main.js');
});

afterEach(() => {
  for (const name of ['BEHAVIOUR', 'CHART', 'VERDICT', 'PREVIOUS', 'TS_NODE_PROJECT']) delete process.env[name];
  expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
});

function config(text: string): void {
  writeFileSync(join(folder, 'cdk8s.yaml'), text);
}

function manifests(): string[] {
  return Object.keys(filesOf(join(folder, 'dist'))).filter((path) => path.endsWith('.yaml'));
}

test('runs the app beside the output and replaces it: what is no longer produced goes', () => {
  expect(synth({ folder, validate: false })).toEqual(['dist/shop.k8s.yaml']);
  writeFileSync(join(folder, 'dist', 'mine.yaml'), 'mine');
  process.env.CHART = 'store';
  synth({ folder, validate: true });
  expect(manifests()).toEqual(['mine.yaml', 'store.k8s.yaml']);
});

test.each([
  ['fail', /^MESH-OUT-011: `node main.js` exits with `3`, and the output is as it was; fix: /],
  ['elsewhere', /^MESH-OUT-011: `node main.js` wrote nothing to the folder in `CDK8S_OUTDIR`; fix: .*`outdir`/],
  ['invalid', /^MESH-OUT-012: .*\n {2}store\.k8s\.yaml: Service shop\/cart: spec\.ports\[0\]\.port: .*; fix: /s],
])('an app that will not do (%s) leaves the output as it was', (behaviour, message) => {
  synth({ folder, validate: true });
  process.env.CHART = 'store';
  process.env.BEHAVIOUR = behaviour;
  expect(() => synth({ folder, validate: true })).toThrow(message);
  expect(manifests()).toEqual(['shop.k8s.yaml']);
  rmSync(join(folder, 'elsewhere'), { recursive: true, force: true });
});

test('what ran before may not be in the output, although the app writes beside it', () => {
  writeFileSync(
    join(folder, 'mesh.js'),
    `const { App, Chart } = require('cdk8s');
     const { IstioMesh, Mesh } = require(${JSON.stringify(join(ROOT, 'lib'))});
     const app = new App();
     try {
       Mesh.use(app, new IstioMesh({ version: '1.30.3' }), { previous: process.env.PREVIOUS });
     } catch (error) {
       require('node:fs').writeFileSync('refusal.txt', error.message);
       throw error;
     }
     new Chart(app, 'shop');
     app.synth();`,
  );
  config(`app: node -r ts-node/register/transpile-only mesh.js 2>/dev/null\noutput: dist`);
  process.env['TS_NODE_PROJECT'] = join(ROOT, 'tsconfig.json');
  mkdirSync(join(folder, 'before'));
  process.env['PREVIOUS'] = 'before';
  synth({ folder, validate: false });
  for (const previous of ['dist', 'dist/before']) {
    process.env['PREVIOUS'] = previous;
    expect(() => synth({ folder, validate: false })).toThrow('MESH-OUT-011');
    expect(readFileSync(join(folder, 'refusal.txt'), 'utf8')).toMatch(/^MESH-API-095: .* the output folder `.*dist`/);
  }
}, 60_000);

test('runs the plugins of cdk8s.yaml on the coming output, and heeds them', () => {
  config('app: node main.js\nvalidations: [{ package: ./plugin.js, version: 1.0.0, class: Plugin }]');
  process.env.VERDICT = 'failure';
  expect(() => synth({ folder, validate: true })).toThrow(/^MESH-OUT-012: `cdk8s synth` exits with `2`/);
  process.env.VERDICT = 'success';
  synth({ folder, validate: true });
  expect(Object.keys(filesOf(join(folder, 'dist')))).toEqual(['.cdk8s-mesh-index', 'shop.k8s.yaml']);
}, 60_000);

test.each([
  ['', 'has no `app`'],
  ['app: [', 'cannot be read'],
  ['app: node main.js\noutput: 5', 'has an `output` that is no path'],
])('a cdk8s.yaml of `%s` is refused', (text, message) => {
  config(text);
  expect(() => synth({ folder, validate: false })).toThrow(`MESH-OUT-010: \`cdk8s.yaml\` ${message}`);
});

test('the command explains itself, and fails where it does not understand', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['-r', 'ts-node/register/transpile-only', join(ROOT, 'lib/cli/main.ts'), ...args], {
      cwd: ROOT,
      encoding: 'utf8',
    });
  expect(run('--help')).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^usage: cdk8s-mesh synth/) as string,
  });
  expect(run('sing')).toMatchObject({ status: 1, stderr: expect.stringMatching(/^usage: /) as string });
  expect(run('synth', '--wrong')).toMatchObject({ status: 1, stderr: expect.stringMatching(/--wrong/) as string });
}, 60_000);

test('the command refuses what the mesh would punish, with the construct, and lets warnings pass', () => {
  const run = (found: string) =>
    spawnSync(
      process.execPath,
      [
        '-r',
        join(ROOT, 'node_modules/ts-node/register/transpile-only'),
        join(ROOT, 'lib/cli/main.ts'),
        'synth',
        '--validate',
      ],
      {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, FOUND: found, TS_NODE_PROJECT: join(ROOT, 'tsconfig.json') },
      },
    );
  writeFileSync(
    join(folder, 'routes.js'),
    `const { App, Chart, ApiObject } = require('cdk8s');
     const app = new App();
     if (process.env.FOUND === 'error') {
       const { IstioMesh, Mesh } = require(${JSON.stringify(join(ROOT, 'lib'))});
       Mesh.use(app, new IstioMesh({ version: '1.30.3' }));
     }
     const chart = new Chart(app, 'shop');
     const labels = process.env.FOUND === 'warning' ? { 'istio-injection': 'enabled', 'istio.io/rev': 'canary' } : {};
     new ApiObject(chart, 'namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels } });
     if (process.env.FOUND === 'error')
       new ApiObject(chart, 'route', {
         apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: 'cart', namespace: 'shop' },
         spec: { hosts: ['shop.example.com'], gateways: ['lost'], http: [{ directResponse: { status: 503 } }] },
       });
     app.synth();`,
  );
  config('app: node -r ts-node/register/transpile-only routes.js');
  synth({ folder, validate: true });
  const before = filesOf(join(folder, 'dist'));

  const refused = run('error');
  expect(refused.status).toBe(2);
  expect(refused.stderr).toMatch(/MESH-CHK-201.*there is no Gateway `shop\/lost`/s);
  expect(refused.stderr).toMatch(/shop\/route/);
  expect(refused.stderr).toMatch(/MESH-OUT-012: the mesh would punish `1` mistakes/);
  expect(filesOf(join(folder, 'dist'))).toEqual(before);

  const warned = run('warning');
  expect(warned).toMatchObject({ status: 0, stderr: expect.stringContaining('MESH-CHK-501') as string });
  expect(filesOf(join(folder, 'dist'))).not.toEqual(before);
}, 180_000);
