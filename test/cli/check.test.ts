import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { check } from '../../lib/cli/check';
import { readCheckOptions } from '../../lib/cli/check-options';
import { rulesText } from '../../lib/cli/rules';
import { RULES } from '../../lib/rules';
import { onDay } from '../support/on-day';
import { LABELS, LOST, LOST_ROUTE, SHOP } from '../check/fixtures';
import { temporaryFolder } from '../outputs/folders';

const ROOT = resolve(__dirname, '../..');
const folder = temporaryFolder();
const CLEAN = 'apiVersion: v1\nkind: Service\nmetadata: { name: cart }\n';

const FILES: Readonly<Record<string, string>> = {
  'clean/a.yaml': CLEAN,
  'dist/a.yaml': LOST_ROUTE,
  'dist/b.yaml': SHOP,
  'dist/kustomization.yaml': 'resources: [a.yaml]\n',
  'broken/a.yaml': '{{ if }}\n',
  'broken/b.yaml': SHOP,
  'empty/values.yaml': 'a: b\n',
  'waivers.yaml': `waivers: [{ code: ${LOST}, resource: VirtualService shop/cart, reason: known, until: 2027-01-31 }]\n`,
  'wrong.yaml': 'a: b\n',
  'networks.yaml':
    'networks:\n  east:\n    endpoints: [{ fromRegistry: est }]\n    gateways: [{ registryServiceName: lost.shop.svc.cluster.local, port: 1 }]\n',
  'networks-of-map.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: istio, namespace: istio-system }\ndata:\n  mesh: ""\n  meshNetworks: "networks: { east: { endpoints: [{ fromRegistry: est }] } }"\n',
  'mesh.yaml': 'trustDomain: example.org\n',
  'istio.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: istio }\ndata: { mesh: "trustDomain: a", meshNetworks: "networks: {}" }\n',
};

beforeAll(() => {
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
});

/** The command in the folder, as a user runs it. */
function run(args: readonly string[], input = '') {
  const register = join(ROOT, 'node_modules/ts-node/register/transpile-only');
  const env = { ...process.env, TS_NODE_PROJECT: join(ROOT, 'tsconfig.json') };
  const command = ['-r', register, join(ROOT, 'lib/cli/main.ts'), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: folder,
    encoding: 'utf8',
    env,
    input,
  });
  return { status, stdout, stderr };
}

/** The same, but in this process, which is faster. */
function checked(...args: readonly string[]) {
  const before = process.cwd();
  try {
    process.chdir(folder);
    return onDay('2026-11-23', () => check(readCheckOptions(args), { folder, colors: false }));
  } finally {
    process.chdir(before);
  }
}

interface Printed {
  readonly findings: readonly { readonly code: string; readonly file: string; readonly line: number }[];
}

function found(text: string): string[] {
  return (JSON.parse(text) as Printed).findings.map(({ code, file, line }) => `${code} ${file}:${line}`);
}

test('findings of the standard input and of files are shown, and the exit code says so', () => {
  const { status, stdout, stderr } = run(['check', '-', 'dist/b.yaml', '-o', 'json'], LOST_ROUTE);
  expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
  expect(found(stdout)).toEqual([`${LOST} <stdin>:6`, `${LABELS} dist/b.yaml:5`]);
}, 60_000);

test('what cannot be read has an exit code of its own, and the others are checked', () => {
  const { status, stdout } = run(['check', 'broken', 'missing', '-o', 'github']);
  expect(status).toBe(2);
  expect(stdout).toMatch(/^::error file=broken\/a\.yaml,line=1,title=cannot be read::/);
  expect(stdout).toContain('file=missing,line=1');
  expect(stdout).toContain(`title=${LABELS} Namespace shop`);
}, 60_000);

test.each<[string, readonly string[], RegExp]>([
  ['no path', ['check'], /^usage: /],
  ['an option that it does not know', ['check', 'dist', '--form', 'json'], /--form/],
  ['a rule that is none', ['rules', 'MESH-CHK-000'], /^MESH-OUT-014: there is no rule `MESH-CHK-000`/],
])(
  'a command that cannot be understood is an error: %s',
  (_, args, stderr) => {
    expect(run(args)).toEqual({ status: 2, stdout: '', stderr: expect.stringMatching(stderr) as string });
  },
  60_000,
);

test('a folder is read, and what was left alone is said', () => {
  const { text, exitCode } = checked('dist');
  expect(exitCode).toBe(1);
  expect(text).toContain('at dist/a.yaml:6:14');
  expect(text).toContain('left alone: dist/kustomization.yaml (a kustomization)');
  expect(checked('clean').exitCode).toBe(0);
});

test('what is context is not judged, and what is missing counts where all is there', () => {
  expect(checked('dist/a.yaml').exitCode).toBe(0);
  expect(checked('dist/a.yaml', '--complete').exitCode).toBe(1);
  const { text } = checked('dist/a.yaml', '--context', 'dist/b.yaml', '--context', 'clean', '--output', 'json');
  expect(found(text)).toEqual([`${LOST} dist/a.yaml:6`]);
});

test('warnings may be let pass, and a file of waivers is read', () => {
  expect(checked('dist', '--fail-on', 'error', '--waivers', 'waivers.yaml').exitCode).toBe(0);
  expect(checked('dist', '--waivers', 'waivers.yaml').exitCode).toBe(1);
  expect(onDay('2027-02-01', () => checked('dist', '--fail-on', 'error')).exitCode).toBe(1);
});

test('a baseline is written, and then only what is new counts', () => {
  expect(checked('dist/b.yaml', '--write-baseline', 'baseline.json').exitCode).toBe(0);
  expect(readFileSync(join(folder, 'baseline.json'), 'utf8')).toContain(LABELS);
  expect(checked('dist/b.yaml', '--baseline', 'baseline.json').exitCode).toBe(0);
  expect(checked('dist', '--baseline', 'baseline.json').exitCode).toBe(1);
});

test('the configuration of the mesh is read from a file, as it is or in its ConfigMap', () => {
  for (const file of ['mesh.yaml', 'istio.yaml']) expect(checked('clean', '--mesh-config', file).exitCode).toBe(0);
  expect(checked('clean', '--mesh-networks', 'istio.yaml').exitCode).toBe(0);
});

test('the networks of the mesh are judged in the file that has them', () => {
  const { text, exitCode } = checked('clean', '--mesh-networks', 'networks.yaml', '--complete', '-o', 'json');
  expect(exitCode).toBe(1);
  expect(found(text)).toEqual(['MESH-CHK-222 networks.yaml:3', 'MESH-CHK-223 networks.yaml:4']);
  expect(text).toContain('"resource": "MeshNetworks istio"');
  const { text: ofMap } = checked('clean', '--mesh-networks', 'networks-of-map.yaml', '--complete', '-o', 'json');
  expect(found(ofMap)).toEqual(['MESH-CHK-222 networks-of-map.yaml:6']);
  expect(checked('clean', '--mesh-networks', 'networks.yaml').exitCode).toBe(0);
});

test.each<[string, readonly string[], RegExp]>([
  ['a form that it does not know', ['dist', '-o', 'xml'], /^MESH-OUT-014: `--output` is `xml`; fix: .*`sarif`/],
  ['an old release', ['dist', '--istio', '1.5'], /^MESH-OUT-014: `--istio` is `1\.5`; fix: .*`1\.29`/],
  ['nothing to check', ['empty'], /^MESH-OUT-013: there is no Kubernetes object in `empty`/],
  ['waivers that are none', ['dist', '--waivers', 'wrong.yaml'], /^MESH-OUT-016: .*wrong\.yaml:1/],
  ['a baseline that is none', ['dist', '--baseline', 'wrong.yaml'], /^MESH-OUT-015: /],
  ['a mesh without configuration', ['dist', '--mesh-config', 'missing.yaml'], /^MESH-OUT-014: .*ENOENT/],
  [
    'a ConfigMap without the networks',
    ['dist', '--mesh-networks', 'mesh.yaml', '--mesh-config', 'clean'],
    /^MESH-OUT-014/,
  ],
])('bad input is an error: %s', (_, args, message) => {
  expect(() => checked(...args)).toThrow(message);
});

test('the rules are listed and explained', () => {
  const lines = rulesText(undefined).trim().split('\n');
  expect(lines.map((line) => line.split(' ')[0])).toEqual(RULES.map(({ code }) => code));
  for (const part of [/^MESH-CHK-201 .*\(IST0101\)/, /\nWhy: /, /\nFix: /, /\nFound in:\n {2}apiVersion/]) {
    expect(rulesText('ist0101')).toMatch(part);
  }
});
