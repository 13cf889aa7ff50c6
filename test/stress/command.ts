import { spawnSync } from 'node:child_process';

/** Runs a command as a user's shell would, without what `npm run` put into the environment, and returns what it printed. */
export function run(folder: string, command: string, extra: Readonly<Record<string, string>> = {}): string {
  const clean = Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD$|NODE_ENV$|JEST_|CDK8S_)/.test(name));
  const result = spawnSync('bash', ['-euo', 'pipefail', '-c', command], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...Object.fromEntries(clean), CI: '1', ...extra },
  });
  if (result.error) throw result.error;
  if (result.status !== 0) {
    throw new Error(
      `\`${command}\` exits with \`${result.status}\` in \`${folder}\`\n${result.stdout}${result.stderr}`,
    );
  }
  return result.stdout;
}
