import type { Dirent } from 'node:fs';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Code, MeshError } from '../errors';
import type { LeftAlone, LocatedObject, Manifests } from './located';
import { NO_MANIFESTS, joinManifests, parseAnything, parseManifests } from './located';
import { describePlace } from './place';
import type { ReadText } from './text-file';
import { causeOf, readStandardInput, readTextFile } from './text-file';

/** The path that stands for the standard input. */
export const STANDARD_INPUT = '-';
/** What the standard input is called in messages. */
export const STANDARD_INPUT_NAME = '<stdin>';

const MANIFEST = /\.(ya?ml|json)$/;

/** Files beside manifests that never reach a cluster. */
const BESIDE: Readonly<Record<string, string>> = {
  'kustomization.yaml': 'a kustomization',
  'kustomization.yml': 'a kustomization',
  'Chart.yaml': 'the chart of Helm',
  'construct-metadata.json': 'the metadata of cdk8s',
  '.cdk8s-mesh.json': 'which construct made which object',
};

/** Folders of tools, whose YAML never is for a cluster. */
const FOLDERS_OF_TOOLS: readonly string[] = ['.git', 'node_modules'];

type Parse = (file: string, text: string) => Manifests;

/**
 * The objects of every YAML and JSON file below a folder, by path and then as they stand in the file. Fails with everything that
 * cannot be read: half of the objects would be another state of the cluster.
 */
export function readManifests(folder: string): readonly LocatedObject[] {
  requireFolder(folder);
  const { objects, problems } = readFolder(folder, parseManifests);
  if (problems.length === 0) return objects;
  const lines = problems.map((problem) => `${describePlace(problem)}: ${problem.message}`);
  throw new MeshError(
    Code.MANIFESTS,
    `the manifests in \`${folder}\` cannot be read:\n  ${lines.join('\n  ')}\n`,
    'correct these files, or leave them out of the folder',
  );
}

/**
 * The objects of files, of folders and of the standard input (`-`), in this order; each file once. What is not for a cluster is
 * left alone, and what cannot be read is a problem beside which all others are read.
 */
export function readPaths(paths: readonly string[]): Manifests {
  const seen = new Set<string>();
  const parse: Parse = (file, text) => {
    if (seen.has(file)) return NO_MANIFESTS;
    seen.add(file);
    return parseAnything(file, text);
  };
  return joinManifests(paths.map((path) => readPath(path, parse)));
}

function readPath(path: string, parse: Parse): Manifests {
  if (path === STANDARD_INPUT) return parsed(STANDARD_INPUT_NAME, readStandardInput(STANDARD_INPUT_NAME), parse);
  try {
    if (statSync(path).isDirectory()) return readFolder(path, parse);
  } catch (error) {
    return unreadable(path, causeOf(error));
  }
  return parsed(path, readTextFile(path, true), parse);
}

function readFolder(folder: string, parse: Parse): Manifests {
  const entries = entriesOf(folder);
  if (!Array.isArray(entries)) return unreadable(folder, entries);
  return joinManifests(
    entries.map((entry: Dirent) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        return FOLDERS_OF_TOOLS.includes(entry.name) ? leftAlone(path, 'a folder of a tool') : readFolder(path, parse);
      }
      if (isFolderLink(entry, path)) return unreadable(path, 'it is a link to a folder, which is not followed');
      const beside = BESIDE[entry.name] ?? (MANIFEST.test(entry.name) ? undefined : 'neither YAML nor JSON');
      return beside === undefined ? parsed(path, readTextFile(path, false), parse) : leftAlone(path, beside);
    }),
  );
}

function parsed(file: string, read: ReadText, parse: Parse): Manifests {
  return 'text' in read ? parse(file, read.text) : { ...NO_MANIFESTS, problems: [read.problem] };
}

/** What is in a folder, in an order that does not depend on the file system, or why it cannot be told. */
function entriesOf(folder: string): Dirent[] | string {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    return causeOf(error);
  }
}

function requireFolder(folder: string): void {
  const entries = entriesOf(folder);
  if (Array.isArray(entries)) return;
  throw new MeshError(
    Code.MANIFESTS,
    `the folder \`${folder}\` cannot be read: ${entries}`,
    'name a folder of manifests',
  );
}

function isFolderLink(entry: Dirent, path: string): boolean {
  try {
    return entry.isSymbolicLink() && statSync(path).isDirectory();
  } catch {
    // Where it leads nowhere, reading it says so.
    return false;
  }
}

function leftAlone(file: string, reason: string): Manifests {
  const entry: LeftAlone = { file, line: 1, reason };
  return { ...NO_MANIFESTS, leftAlone: [entry] };
}

function unreadable(file: string, message: string): Manifests {
  return { ...NO_MANIFESTS, problems: [{ file, line: 1, message }] };
}
