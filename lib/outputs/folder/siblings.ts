import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { hasCode } from './entries';

/** What a folder beside the output folder is for: the coming output, or the former one while both change places. */
export type SiblingRole = 'next' | 'old';

const HOST = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);

/** A new name beside a folder, which tells who made it. */
export function siblingOf(folder: string, role: SiblingRole): string {
  const owner = `${HOST}-${process.pid}-${threadId}`;
  return join(dirname(folder), `.${basename(folder)}.${role}-${owner}-${randomBytes(4).toString('hex')}`);
}

/** Clears away what killed synths left beside a folder, and puts the folder back where one was killed while it was aside. */
export function recover(folder: string): void {
  const parent = dirname(folder);
  for (const name of existsSync(parent) ? readdirSync(parent) : []) {
    const role = abandonedRole(name, basename(folder));
    if (role === 'old' && !existsSync(folder)) renameSync(join(parent, name), folder);
    else if (role !== undefined) rmSync(join(parent, name), { recursive: true, force: true });
  }
}

function abandonedRole(name: string, base: string): SiblingRole | undefined {
  const prefix = `.${base}.`;
  if (!name.startsWith(prefix)) return undefined;
  const match = /^(next|old)-([0-9a-f]{8})-(\d+)-(\d+)-[0-9a-f]{8}$/.exec(name.slice(prefix.length));
  const [, role, host, pid, thread] = match ?? [];
  if (host !== HOST || isAtWork(Number(pid), Number(thread))) return undefined;
  return role === 'old' ? 'old' : 'next';
}

function isAtWork(pid: number, thread: number): boolean {
  // This thread is here, so whoever had its name before it is gone.
  if (pid === process.pid) return thread !== threadId;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !hasCode(error, 'ESRCH');
  }
}
