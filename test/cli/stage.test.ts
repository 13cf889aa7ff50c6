import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { MeshedService, Port, CanaryRelease, Workload } from '../../lib';
import { temporaryFolder } from '../outputs/folders';
import { MeshApp, printed } from '../support/mesh-app';

const ROOT = resolve(__dirname, '../..');
const folder = temporaryFolder();

beforeAll(() => {
  for (const name of ['none', 'broken']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'broken', 'a.yaml'), 'kind: Service\nkind: Service\n');
  for (const at of [0, 1, 3]) {
    mkdirSync(join(folder, String(at)));
    writeFileSync(join(folder, String(at), 'shop.k8s.yaml'), planned(at));
  }
});

function planned(at: number): string {
  const app = new MeshApp();
  const pods = (version: string) =>
    Workload.external({
      kind: 'Deployment',
      name: `users-${version}`,
      labels: { app: 'users', version },
      serviceAccount: 'users',
      containerPorts: [80],
    });
  const service = new MeshedService(app.chart, 'Users', {
    name: 'users',
    namespace: app.shop,
    workload: pods('v1'),
    ports: [Port.http(80)],
  });
  new CanaryRelease(app.chart, 'Release', {
    service,
    stable: { version: 'v1' },
    candidate: { version: 'v2', workload: pods('v2') },
    plan: { steps: [5, 25, 100], at },
  });
  let text = '';
  printed(() => (text = app.app.synthYaml()));
  return text;
}

/** The command in the folder of the manifests. */
function run(...args: readonly string[]) {
  const register = join(ROOT, 'node_modules/ts-node/register/transpile-only');
  const command = ['-r', register, join(ROOT, 'lib/cli/main.ts'), 'stage', ...args];
  const env = { ...process.env, TS_NODE_PROJECT: join(ROOT, 'tsconfig.json') };
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: folder, encoding: 'utf8', env });
  return { status, stdout, stderr };
}

test('one step is well, and so is the first commit', () => {
  expect(run('--from', '0', '--to', '1')).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(run('--from', 'none', '--to', '3')).toEqual({ status: 0, stdout: '', stderr: '' });
}, 60_000);

test('a jump is told with files and lines', () => {
  const { status, stderr } = run('--from', '1', '--to', '3');
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^MESH-API-067: .*`at: 1` \(5%\) to `at: 3` \(100%\).*`1\/shop\.k8s\.yaml:\d+`.*`3\/shop\.k8s\.yaml:\d+`.*; fix: .*\n$/,
  );
}, 60_000);

test.each<[string, readonly string[], RegExp]>([
  ['a folder that is missing', ['--from', 'missing', '--to', '1'], /^MESH-OUT-013: the folder `missing`/],
  [
    'a broken file',
    ['--from', '1', '--to', 'broken'],
    /^MESH-OUT-013: .*\n {2}broken\/a\.yaml:2: the key `kind` stands twice/,
  ],
  ['a folder that is not named', ['--from', '1'], /^usage: /],
  ['an option that it does not know', ['--form', '1'], /--form/],
])(
  'bad input has an exit code of its own: %s',
  (_, args, stderr) => {
    expect(run(...args)).toEqual({ status: 2, stdout: '', stderr: expect.stringMatching(stderr) as string });
  },
  60_000,
);
