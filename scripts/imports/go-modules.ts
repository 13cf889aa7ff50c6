import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';

/** The folder of a published Go module in the ordinary module cache, downloaded if it is not there yet. */
export function downloadModule(module: string, version: string): string {
  // Outside the repository, so that a go.mod or go.work further up cannot change what is resolved.
  const answer = execFileSync('go', ['mod', 'download', '-json', `${module}@${version}`], {
    cwd: tmpdir(),
    encoding: 'utf8',
  });
  const { Dir: folder } = JSON.parse(answer) as { Dir?: string };
  if (folder === undefined) throw new Error(`no folder for module \`${module}@${version}\``);
  return folder;
}
