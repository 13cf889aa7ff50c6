import type { SpawnSyncReturns } from 'node:child_process';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Code, MeshError } from '../errors';
import { OUTPUT_VARIABLE } from '../manifests/previous';
import type { Project } from './project';

// The exit code of cdk8s-cli where a plugin is not content.
const REFUSED = 2;

/** Where an app writes, and the folder that this will replace. */
export interface Target {
  readonly outdir: string;
  readonly output: string;
}

/** Runs the app of a project, so that it writes into a folder; `recorded` asks for which construct made what. */
export function runApp({ app, folder }: Project, target: Target, recorded: boolean): void {
  const { outdir } = target;
  const env = { ...withTarget(target), ...(recorded && { CDK8S_RECORD_CONSTRUCT_METADATA: 'true' }) };
  requireSuccess(`\`${app}\``, spawnSync(app, { cwd: folder, shell: true, stdio: 'inherit', env }));
  if (!existsSync(outdir)) {
    throw new MeshError(
      Code.APP_FAILED,
      `\`${app}\` wrote nothing to the folder in \`CDK8S_OUTDIR\``,
      'call `app.synth()`, and leave `outdir` out of the props of the app',
    );
  }
}

/** Lets the cdk8s CLI run the app and the plugins of the project's `validations:` on what it wrote. */
export function runCdk8s({ app, folder }: Project, target: Target, plugins: boolean): void {
  const args = [
    'synth',
    '--app',
    app,
    '--output',
    target.outdir,
    '--no-check-upgrade',
    plugins ? '--validate' : '--no-validate',
  ];
  const run = spawnSync(process.execPath, [cdk8sCli(folder), ...args], {
    cwd: folder,
    stdio: 'inherit',
    env: withTarget(target),
  });
  requireSuccess('`cdk8s synth`', run, run.status === REFUSED ? Code.OUTPUT_INVALID : Code.APP_FAILED);
}

function cdk8sCli(folder: string): string {
  try {
    const manifest = createRequire(join(folder, 'package.json')).resolve('cdk8s-cli/package.json');
    return join(dirname(manifest), 'bin', 'cdk8s');
  } catch {
    throw new MeshError(
      Code.PROJECT_CONFIG,
      'the `validations` and `synthConfig` of cdk8s.yaml are the business of the cdk8s CLI, which is not installed here',
      'run `npm install --save-dev cdk8s-cli`',
    );
  }
}

function requireSuccess(what: string, run: SpawnSyncReturns<Buffer>, code: Code = Code.APP_FAILED): void {
  const { status, signal, error } = run;
  if (status === 0) return;
  const cause = error?.message ?? (status === null ? `was ended by \`${signal}\`` : `exits with \`${status}\``);
  throw new MeshError(code, `${what} ${cause}, and the output is as it was`, 'correct what it says above');
}

function withTarget({ outdir, output }: Target): NodeJS.ProcessEnv {
  return { ...process.env, CDK8S_OUTDIR: outdir, [OUTPUT_VARIABLE]: output };
}
