import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');

export interface TextFile {
  readonly file: string;
  readonly text: string;
}

/** The pages that people read: those at the top level and all of docs/. */
export function pages(): readonly TextFile[] {
  const top = readdirSync(ROOT).filter((name) => name.endsWith('.md'));
  return [...top.sort().map((name) => join(ROOT, name)), ...filesBelow('docs', '.md')].map(read);
}

/** The sources whose doc comments have examples. */
export function sources(): readonly TextFile[] {
  return filesBelow('lib', '.ts').map(read);
}

function filesBelow(folder: string, extension: string): readonly string[] {
  const root = join(ROOT, folder);
  if (!existsSync(root)) return [];
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith(extension))
    .sort()
    .map((name) => join(root, name));
}

function read(file: string): TextFile {
  return { file, text: readFileSync(file, 'utf8') };
}
