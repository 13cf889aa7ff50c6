import type { Dirent } from 'node:fs';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Code, MeshError } from '../errors';
import type { TextProblem } from './documents';
import { describePlace } from './documents';
import type { LocatedObject, Manifests } from './located';
import { parseManifests } from './located';

const MANIFEST = /\.(ya?ml|json)$/;

/** Files beside manifests that never reach a cluster. */
const NO_MANIFESTS: readonly string[] = [
  'kustomization.yaml',
  'kustomization.yml',
  'Chart.yaml',
  'construct-metadata.json',
];

/**
 * The objects of every YAML and JSON file below a folder, by path and then as they stand in the file. Fails with everything that
 * cannot be read: half of the objects would be another state of the cluster.
 */
export function readManifests(folder: string): readonly LocatedObject[] {
  const { objects, problems } = readFolder(folder);
  if (problems.length === 0) return objects;
  const lines = problems.map((problem) => `${describePlace(problem)}: ${problem.message}`);
  throw new MeshError(
    Code.MANIFESTS,
    `the manifests in \`${folder}\` cannot be read:\n  ${lines.join('\n  ')}\n`,
    'correct these files, or leave them out of the folder',
  );
}

function readFolder(folder: string): Manifests {
  const { files, problems } = manifestFiles(folder);
  const read = files.map((file) => readFile(file));
  return {
    objects: read.flatMap(({ objects }) => objects),
    problems: [...problems, ...read.flatMap((part) => part.problems)],
  };
}

function readFile(file: string): Manifests {
  try {
    if (!statSync(file).isFile()) return unreadable(file, 'it is no file');
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
    return parseManifests(file, text);
  } catch (error) {
    return unreadable(file, isEncoding(error) ? 'it is no text in UTF-8' : causeOf(error));
  }
}

/** The files to read below a folder, in an order that does not depend on the file system. */
function manifestFiles(folder: string): {
  readonly files: readonly string[];
  readonly problems: readonly TextProblem[];
} {
  const files: string[] = [];
  const problems: TextProblem[] = [];
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      const below = manifestFiles(path);
      files.push(...below.files);
      problems.push(...below.problems);
    } else if (isFolderLink(entry, path)) {
      problems.push({ file: path, line: 1, message: 'it is a link to a folder, which is not followed' });
    } else if (MANIFEST.test(entry.name) && !NO_MANIFESTS.includes(entry.name)) {
      files.push(path);
    }
  }
  return { files, problems };
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw new MeshError(
      Code.MANIFESTS,
      `the folder \`${folder}\` cannot be read: ${causeOf(error)}`,
      'name a folder of manifests',
    );
  }
}

function isFolderLink(entry: Dirent, path: string): boolean {
  try {
    return entry.isSymbolicLink() && statSync(path).isDirectory();
  } catch {
    // Where it leads nowhere, reading it says so.
    return false;
  }
}

function isEncoding(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
  );
}

function unreadable(file: string, message: string): Manifests {
  return { objects: [], problems: [{ file, line: 1, message }] };
}

function causeOf(error: unknown): string {
  return String(error).replace(/^\w*Error: /, '');
}
