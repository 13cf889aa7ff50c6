import { spawnSync } from 'node:child_process';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { HOSTILE } from '../manifests/hostile-files';
import { temporaryFolder } from '../outputs/folders';

// The command itself in a process of its own, built, as users run it.

const ROOT = resolve(__dirname, '../..');
const SECONDS = 2;
const MEBIBYTES = 512;
const WRONG = `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled, istio.io/rev: canary } }
`;
const root = temporaryFolder();
const measure = join(root, 'measure.js');
let count = 0;

beforeAll(() => {
  writeFileSync(
    measure,
    `process.on('exit', () => {
       const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
       require('node:fs').writeSync(3, JSON.stringify({ kibibytes: maxRSS, microseconds: userCPUTime + systemCPUTime }));
     });`,
  );
});

interface Used {
  readonly kibibytes: number;
  readonly microseconds: number;
}

/** The command on a folder with a file of this content, and one beside it that has a mistake. */
function checked(name: string, write: (file: string) => void) {
  const folder = join(root, String(count++));
  mkdirSync(folder);
  write(join(folder, 'a.yaml'));
  writeFileSync(join(folder, 'b.yaml'), WRONG);
  const { status, stdout, output } = spawnSync(
    process.execPath,
    ['-r', measure, join(ROOT, 'build/lib/cli/main.js'), 'check', '.', '-o', 'json'],
    { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe', 'pipe'], timeout: 60_000 },
  );
  const { kibibytes, microseconds } = JSON.parse(output[3] ?? '') as Used;
  const [mebibytes, seconds] = [kibibytes / 1024, microseconds / 1e6];
  process.stdout.write(`${name}: ${seconds.toFixed(2)} s of computing, ${mebibytes.toFixed()} MiB\n`);
  const { findings, summary } = JSON.parse(stdout) as {
    readonly findings: readonly { readonly code: string; readonly file: string }[];
    readonly summary: { readonly problems: readonly { readonly file: string; readonly line: number }[] };
  };
  return { status, mebibytes, seconds, findings, problems: summary.problems };
}

test.each<[string, (file: string) => void]>([
  ...HOSTILE.map(({ name, content }): [string, (file: string) => void] => [
    name,
    (file) => writeFileSync(file, content()),
  ]),
  [
    'a file of 100 MB',
    (file) => {
      writeFileSync(file, '');
      truncateSync(file, 100_000_000);
    },
  ],
])('%s: a problem with file and line, the file beside it is checked, in 2 s and 512 MiB', (name, write) => {
  const { status, mebibytes, seconds, problems, findings } = checked(name, write);
  expect(status).toBe(2);
  expect(problems[0]).toMatchObject({ file: 'a.yaml', line: expect.any(Number) as number });
  expect(findings).toEqual([expect.objectContaining({ code: 'MESH-CHK-501', file: 'b.yaml' })]);
  expect(mebibytes).toBeLessThan(MEBIBYTES);
  expect(seconds).toBeLessThan(SECONDS);
});

test('a regular expression that never ends elsewhere is no problem', () => {
  const { status, mebibytes, seconds, problems } = checked('a hostile regular expression', (file) =>
    writeFileSync(
      file,
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart.example.com]
  http:
    - match: [{ uri: { regex: '(${'a?'.repeat(200)}(a+)+)+$' } }]
      directResponse: { status: 503 }
    - match: [{ uri: { exact: '/${'a'.repeat(2_000)}b' } }]
      directResponse: { status: 503 }
    - directResponse: { status: 404 }
`,
    ),
  );
  expect({ status, problems }).toEqual({ status: 1, problems: [] });
  expect(mebibytes).toBeLessThan(MEBIBYTES);
  expect(seconds).toBeLessThan(SECONDS);
});
