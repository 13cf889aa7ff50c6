import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { Code, MeshError } from '../../errors';
import type { Entries } from './entries';
import { carry, hasCode, readEntries } from './entries';
import { replaceFiles } from './in-place';
import { INDEX_FILE, readIndex } from './index-file';
import { requireFolder, requireNoLinks } from './refusals';
import { recover, siblingOf } from './siblings';
import type { Contents, Plan } from './stage';
import { stage } from './stage';
import { swap } from './swap';

/**
 * Makes a folder hold these files, and no file of an earlier synth that is not among them; what somebody else put there stays.
 * Whatever happens meanwhile, the folder is as it was or as it shall be. Unchanged files are not touched.
 */
export function replaceFolder(path: string, contents: Contents): void {
  const folder = requireFolder(path);
  try {
    mkdirSync(dirname(folder), { recursive: true });
    recover(folder);
    const entries = readEntries(folder);
    requireNoLinks(path, folder, entries, contents.keys());
    replace({ folder, entries, ours: readIndex(folder), contents });
  } catch (error) {
    throw error instanceof MeshError ? error : failed(path, error);
  }
}

function replace(plan: Plan): void {
  const { folder, entries } = plan;
  const next = siblingOf(folder, 'next');
  try {
    if (!stage(next, plan)) return;
    const old = swap(next, folder);
    if (old === undefined) return;
    carryLatecomers(old, folder, entries);
    rmSync(old, { recursive: true, force: true });
  } catch (error) {
    if (!hasCode(error, 'EXDEV', 'EBUSY')) throw error;
    replaceFiles(next, plan);
  } finally {
    rmSync(next, { recursive: true, force: true });
  }
}

/** What somebody put into the folder while the new one was being built. */
function carryLatecomers(old: string, folder: string, known: Entries): void {
  const { files, links } = readEntries(old);
  const ours = readIndex(old);
  const isLate = (path: string): boolean => !known.files.has(path) && !known.links.has(path) && !ours.has(path);
  for (const path of [...files, ...links].filter((other) => other !== INDEX_FILE && isLate(other))) {
    try {
      carry(old, folder, path);
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    }
  }
}

function failed(path: string, error: unknown): MeshError {
  const cause = String(error).replace(/^Error: /, '');
  return new MeshError(
    Code.OUTPUT_FOLDER,
    `the output folder \`${path}\` cannot be written and is as it was: ${cause}`,
    'make room or give the rights, or choose another `outdir`',
  );
}
