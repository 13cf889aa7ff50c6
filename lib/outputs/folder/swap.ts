import { existsSync, renameSync, rmSync } from 'node:fs';
import { hasCode, isMissing } from './entries';
import { exchange } from './exchange';
import { siblingOf } from './siblings';

const MOST_TRIES = 100;

/**
 * Puts a new folder in the place of another one, and returns where the other one is now. Where the system has no exchange,
 * it takes two renames, and {@link recover} puts the folder back should a kill come between them.
 */
export function swap(next: string, folder: string): string | undefined {
  for (let tries = 1; ; tries += 1) {
    try {
      return swapOnce(next, folder);
    } catch (error) {
      // Another synth was faster; it has left a whole folder, which this one replaces.
      if (!hasCode(error, 'ENOTEMPTY', 'EEXIST') || tries === MOST_TRIES) throw error;
    }
  }
}

function swapOnce(next: string, folder: string): string | undefined {
  if (existsSync(folder) && exchange(next, folder)) return next;
  const old = siblingOf(folder, 'old');
  const aside = moveAside(folder, old);
  try {
    renameSync(next, folder);
  } catch (error) {
    if (aside && hasCode(error, 'ENOTEMPTY', 'EEXIST')) rmSync(old, { recursive: true });
    else if (aside) renameSync(old, folder);
    throw error;
  }
  return aside ? old : undefined;
}

function moveAside(folder: string, old: string): boolean {
  try {
    renameSync(folder, old);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
