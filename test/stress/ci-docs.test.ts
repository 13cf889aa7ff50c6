import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { gitHubJob, gitLabJob, script, type Job } from './ci-jobs';

const ROOT = resolve(__dirname, '../..');
const APP = `const { App, ApiObject, Chart } = require('cdk8s');
const app = new App();
for (const [chart, objects] of Object.entries(require('./charts.json'))) {
  const scope = new Chart(app, chart);
  objects.forEach((object, index) => new ApiObject(scope, String(index), object));
}
app.synth();
`;

const service = (name: string, port: number): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop', labels: { name: 'label', namespace: 'label' } },
  spec: { ports: [{ name: 'http', port }] },
});
const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
const sidecar = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'Sidecar',
  metadata: { name: 'cart', namespace: 'shop' },
  spec: { egress: [{ hosts: ['~/*'] }] },
};

const base = mkdtempSync(join(tmpdir(), 'ci-docs-base-'));
let home: string;
let repo: string;
let environment: Readonly<Record<string, string | undefined>>;

beforeAll(() => {
  enter(base);
  newRepository();
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

beforeEach(() => {
  enter(mkdtempSync(join(tmpdir(), 'ci-docs-')));
  cpSync(base, home, { recursive: true, verbatimSymlinks: true });
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function enter(folder: string): void {
  home = folder;
  repo = join(home, 'infrastructure');
  environment = {
    PATH: `${join(home, 'bin')}:${process.env.PATH}`,
    HOME: home,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@example.com',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@example.com',
    TEST_HOME: home,
    RUNNER_TEMP: home,
    GITHUB_STEP_SUMMARY: join(home, 'summary.md'),
    GITHUB_BASE_REF: 'main',
    CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
  };
}

function command(file: string, body: string): void {
  writeFileSync(file, `#!/usr/bin/env bash\nset -euo pipefail\n${body}\n`);
  chmodSync(file, 0o755);
}

function shell(
  line: string,
  extra: Readonly<Record<string, string>> = {},
): { readonly status: number | null; readonly output: string } {
  const options = { cwd: repo, encoding: 'utf8', env: { ...environment, ...extra } } as const;
  const { status, stdout, stderr } = spawnSync('bash', ['-eo', 'pipefail', '-c', line], options);
  return { status, output: stdout + stderr };
}

function must(line: string): void {
  const { status, output } = shell(line);
  if (status !== 0) throw new Error(`\`${line}\` exits with \`${status}\`\n${output}`);
}

/** A clone, on a branch of its own, of an infrastructure repository with committed manifests and the script of the page. */
function newRepository(): void {
  const bin = join(home, 'bin');
  mkdirSync(bin);
  // The runner's `gh`, and an `npm ci` whose result is there already.
  command(join(bin, 'gh'), `printf '%s\\n' "$@" > "$TEST_HOME/gh.arguments"; cp "\${@: -1}" "$TEST_HOME/comment.md"`);
  command(join(bin, 'npm'), 'test "$*" = ci && test -e node_modules');
  // The package under test is built, not installed.
  command(join(bin, 'npx'), `test "$1" = cdk8s-mesh; shift; exec node "${ROOT}/build/lib/cli/main.js" "$@"`);
  mkdirSync(repo);
  symlinkSync(join(ROOT, 'node_modules'), join(repo, 'node_modules'), 'dir');
  writeFileSync(join(repo, '.gitignore'), 'node_modules\nobjects.diff\n');
  writeFileSync(join(repo, 'cdk8s.yaml'), 'language: typescript\napp: node main.js\n');
  writeFileSync(join(repo, 'main.js'), APP);
  const { path, code } = script();
  mkdirSync(dirname(join(repo, path)), { recursive: true });
  writeFileSync(join(repo, path), code);
  charts({ shop: [namespace, service('cart', 80), service('old', 80)] });
  must(`git init -q -b main && npx cdk8s-mesh synth && git add . && git commit -qm base
    git clone -q --bare . ../origin.git && git remote add origin ../origin.git && git fetch -q origin
    git checkout -q -b change`);
}

function charts(content: Readonly<Record<string, readonly object[]>>): void {
  writeFileSync(join(repo, 'charts.json'), JSON.stringify(content));
}

function runJob({ commands, expressions }: Job): { readonly status: number | null; readonly output: string } {
  const given = Object.fromEntries(expressions.map((name) => [name, `value-of-${name}`]));
  let output = '';
  for (const line of commands) {
    const done = shell(line, given);
    output += done.output;
    if (done.status !== 0) return { status: done.status, output };
  }
  return { status: 0, output };
}

const jobs = [
  { runner: 'GitHub', job: gitHubJob(), posted: () => readFileSync(join(home, 'comment.md'), 'utf8') },
  { runner: 'GitLab', job: gitLabJob(), posted: () => readFileSync(join(repo, 'objects.diff'), 'utf8') },
];

describe.each(jobs)('the job for $runner', ({ job, posted }) => {
  test('passes with committed manifests, and posts which objects are added, removed and changed', () => {
    charts({ shop: [namespace, sidecar, service('cart', 81)] });
    must('npx cdk8s-mesh synth && git add . && git commit -qm change');

    expect(runJob(job)).toMatchObject({ status: 0 });
    const names = posted()
      .split('\n')
      .filter((line) => /^[A-Z]\t/.test(line));
    expect(names).toEqual([
      'A\tafter/shop/networking.istio.io_v1.Sidecar/cart.yaml',
      'M\tbefore/shop/v1.Service/cart.yaml',
      'D\tbefore/shop/v1.Service/old.yaml',
    ]);
    expect(posted()).toContain('-      port: 80\n+      port: 81\n');
  });

  test('posts nothing but an empty diff when objects only change places', () => {
    charts({ first: [service('old', 80)], second: [service('cart', 80), namespace] });
    must('npx cdk8s-mesh synth && git add . && git commit -qm change');

    expect(runJob(job)).toMatchObject({ status: 0 });
    expect(posted()).not.toMatch(/^[AMD]\t/m);
  });

  test('fails when the manifests in git are not what the code gives, and has posted the diff by then', () => {
    charts({ shop: [namespace, service('cart', 81), service('old', 80)] });

    const { status, output } = runJob(job);
    expect(status).toBe(1);
    expect(output).toContain('+      port: 81');
    expect(posted()).toContain('M\tbefore/shop/v1.Service/cart.yaml');
  });

  test('fails when a new file is not in git', () => {
    charts({ shop: [namespace, service('cart', 80), service('old', 80)], more: [sidecar] });

    expect(runJob(job)).toMatchObject({ status: 1 });
    expect(posted()).toContain('A\tafter/shop/networking.istio.io_v1.Sidecar/cart.yaml');
  });

  test('fails when the app does not synthesize', () => {
    appendFileSync(join(repo, 'main.js'), "throw new Error('broken');\n");
    expect(runJob(job).status).not.toBe(0);
  });
});

test('on GitHub the comment goes to the pull request, and the summary has it, too', () => {
  charts({ shop: [namespace] });
  must('npx cdk8s-mesh synth && git add . && git commit -qm change');
  runJob(gitHubJob());
  expect(readFileSync(join(home, 'gh.arguments'), 'utf8')).toMatch(/^pr\ncomment\nvalue-of-PULL_REQUEST\n/);
  expect(readFileSync(join(home, 'summary.md'), 'utf8')).toContain('D\tbefore/shop/v1.Service/cart.yaml');
  expect(existsSync(join(home, 'comment.md'))).toBe(true);
});
