import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMissing } from './entries';

/** Name of the file that lists what a synth wrote. kubectl and the cdk8s CLI read `.yaml` files only. */
export const INDEX_FILE = '.cdk8s-mesh-index';

const HEADER = '# Written by cdk8s-mesh: files listed here are removed when they are no longer produced.';

/** The text of the index of these files. */
export function indexText(paths: Iterable<string>): string {
  return `${[HEADER, ...[...paths].sort()].join('\n')}\n`;
}

/** The files that an earlier synth wrote into a folder; none where it has no index. */
export function readIndex(folder: string): ReadonlySet<string> {
  try {
    const lines = readFileSync(join(folder, INDEX_FILE), 'utf8').split('\n');
    return new Set(lines.filter((line) => line !== '' && !line.startsWith('#')));
  } catch (error) {
    if (isMissing(error)) return new Set();
    throw error;
  }
}
