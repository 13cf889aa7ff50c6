import { accessSync, constants, existsSync, lstatSync, realpathSync, statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { Code, MeshError } from '../../errors';
import type { Entries } from './entries';

/** The real folder behind a path, which need not exist yet. */
export function requireFolder(path: string): string {
  const folder = resolve(path);
  if (!lstatSync(folder, { throwIfNoEntry: false })) return folder;
  if (!existsSync(folder)) throw folderProblem(path, 'is a link to nowhere', 'remove the link');
  if (!statSync(folder).isDirectory())
    throw folderProblem(path, 'is no folder', 'remove it, or choose another `outdir`');
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch {
    throw folderProblem(path, 'may not be written by this user', 'give the rights, or choose another `outdir`');
  }
  return realpathSync(folder);
}

/** Refuses links that lead out of the folder and stand where a file is to be written. */
export function requireNoLinks(path: string, folder: string, { links }: Entries, files: Iterable<string>): void {
  const outside = [...links].filter((link) => leadsOut(folder, link));
  if (outside.length === 0) return;
  for (const file of files) {
    const link = outside.find((other) => file === other || file.startsWith(`${other}/`));
    if (link !== undefined) {
      throw new MeshError(
        Code.OUTPUT_LINK,
        `\`${join(path, link)}\` is a link that leads out of \`${path}\`, where \`${file}\` is to be written`,
        'remove the link',
      );
    }
  }
}

function leadsOut(folder: string, link: string): boolean {
  const file = join(folder, link);
  // A link to nowhere may come to lead anywhere.
  return !existsSync(file) || !realpathSync(file).startsWith(folder + sep);
}

function folderProblem(path: string, what: string, fix: string): MeshError {
  return new MeshError(Code.OUTPUT_FOLDER, `the output folder \`${path}\` ${what}`, fix);
}
