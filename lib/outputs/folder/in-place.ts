import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { INDEX_FILE } from './index-file';
import type { Plan } from './stage';

/**
 * Takes the new files over one by one, for folders that cannot be renamed: mount points, and layers of a container image. Each file
 * is wholly old or wholly new; a kill may leave some old and some new.
 */
export function replaceFiles(next: string, { folder, ours, contents }: Plan): void {
  for (const path of [...contents.keys(), INDEX_FILE]) {
    const [source, target] = [join(next, path), join(folder, path)];
    if (existsSync(target) && readFileSync(source).equals(readFileSync(target))) continue;
    mkdirSync(dirname(target), { recursive: true });
    const beside = join(dirname(target), `.${basename(target)}.${process.pid}`);
    copyFileSync(source, beside);
    renameSync(beside, target);
  }
  for (const path of ours) {
    if (!contents.has(path)) rmSync(join(folder, path), { force: true });
  }
}
