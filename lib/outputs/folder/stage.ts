import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Entries } from './entries';
import { carry, isMissing } from './entries';
import { INDEX_FILE, indexText } from './index-file';

/** What is to be in a folder, by path. */
export type Contents = ReadonlyMap<string, string | Buffer>;

/** What a new folder is made from. */
export interface Plan {
  readonly folder: string;
  readonly entries: Entries;
  /** The files in it that an earlier synth wrote. */
  readonly ours: ReadonlySet<string>;
  readonly contents: Contents;
}

/**
 * Builds the new folder beside the old one: what is produced, and what somebody else put there. Says whether anything is
 * different from the old one.
 */
export function stage(next: string, { folder, entries, ours, contents }: Plan): boolean {
  makeLike(next, folder);
  const foreign = [...entries.files, ...entries.links].filter((path) => !ours.has(path) && path !== INDEX_FILE);
  for (const path of foreign.filter((other) => !contents.has(other))) carry(folder, next, path);
  for (const path of entries.emptyFolders) mkdirSync(join(next, path), { recursive: true });
  let changed = [...ours].some((path) => !contents.has(path));
  for (const [path, content] of [...contents, [INDEX_FILE, indexText(contents.keys())] as const]) {
    const kept = entries.files.has(path) && keep(folder, next, path, content);
    if (!kept) write(join(next, path), content);
    changed ||= !kept;
  }
  return changed;
}

function makeLike(next: string, folder: string): void {
  mkdirSync(next);
  try {
    const { mode } = statSync(folder);
    rmSync(next, { recursive: true });
    mkdirSync(next, { mode });
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** Takes over an unchanged file. Compares after linking: another synth may replace the folder in between. */
function keep(folder: string, next: string, path: string, content: string | Buffer): boolean {
  if (!carry(folder, next, path)) return false;
  const file = join(next, path);
  if (readFileSync(file).equals(Buffer.from(content))) return true;
  rmSync(file);
  return false;
}

function write(file: string, content: string | Buffer): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content, { flag: 'wx' });
}
