import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { stacksFolder } from './output';
import type { Story } from './stories';

/** Runs an example as its readers would, against the built package, in a process of its own. */
export function synthStory(story: Pick<Story, 'name' | 'main' | 'env'>, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const run = spawnSync(process.execPath, ['-r', 'ts-node/register/transpile-only', story.main], {
    env: { ...process.env, ...story.env, CDK8S_OUTDIR: folder, CDKTF_OUTDIR: stacksFolder(folder) },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (run.error) throw run.error;
  if (run.status !== 0) {
    throw new Error(`example \`${story.name}\` exits with \`${run.status ?? run.signal}\`; fix: run \`${story.main}\``);
  }
}
