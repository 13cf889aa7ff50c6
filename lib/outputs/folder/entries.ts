import type { Dirent } from 'node:fs';
import {
  linkSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** What lies below a folder, by path with `/` between folders. */
export interface Entries {
  readonly files: ReadonlySet<string>;
  readonly links: ReadonlySet<string>;
  /** Folders without anything in them. */
  readonly emptyFolders: ReadonlySet<string>;
}

/** Lists a folder without following links; a folder that is not there has nothing in it. */
export function readEntries(folder: string): Entries {
  const entries = { files: new Set<string>(), links: new Set<string>(), emptyFolders: new Set<string>() };
  const waiting = [''];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const children = readFolder(join(folder, at));
    if (children.length === 0 && at !== '') entries.emptyFolders.add(at);
    for (const child of children) {
      const path = at === '' ? child.name : `${at}/${child.name}`;
      if (child.isDirectory()) waiting.push(path);
      else (child.isSymbolicLink() ? entries.links : entries.files).add(path);
    }
  }
  return entries;
}

function readFolder(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Makes a second name for a file or a link, so that its content and times are kept; says whether it was there. */
export function carry(from: string, to: string, path: string): boolean {
  const [source, target] = [join(from, path), join(to, path)];
  try {
    mkdirSync(dirname(target), { recursive: true });
    if (lstatSync(source).isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else linkOrCopy(source, target);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function linkOrCopy(source: string, target: string): void {
  try {
    linkSync(source, target);
  } catch (error) {
    // Some file systems have no hard links, and some systems refuse them for files of somebody else.
    if (isMissing(error)) throw error;
    const { atime, mtime } = lstatSync(source);
    copyFileSync(source, target);
    utimesSync(target, atime, mtime);
  }
}

/** Whether a call failed because there is no such file. */
export function isMissing(error: unknown): boolean {
  return hasCode(error, 'ENOENT');
}

/** Whether a call failed with one of these codes. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && codes.includes(String(error.code));
}
