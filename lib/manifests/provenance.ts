import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { KubeObject } from './objects';
import { stringMap } from './objects';

/** The file in the output folder that says which construct made which object, for as long as a synth is judged. */
export const PROVENANCE_FILE = '.cdk8s-mesh.json';

/** Manifests may stand in folders inside of the output folder, but not in many. */
const MOST_FOLDERS = 4;

/** The paths of constructs, by what they made: `apiVersion/kind/namespace/name`. */
export type Provenance = Readonly<Record<string, string>>;

/** An object as that file names it. */
export function provenanceKey({ apiVersion, kind, metadata }: KubeObject): string {
  return `${apiVersion}/${kind}/${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`;
}

/** Writes the file into an output folder, which may not be there yet. */
export function writeProvenance(folder: string, made: readonly (readonly [KubeObject, string])[]): void {
  const entries = made.map(([object, path]): [string, string] => [provenanceKey(object), path]);
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, PROVENANCE_FILE), `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`);
}

/** Takes the file out of the folder in which one of these manifests stands; empty where there is none. */
export function takeProvenance(manifests: readonly string[]): Provenance {
  const folders = new Set(manifests.map((file) => dirname(file)));
  for (const folder of folders) {
    let at = folder;
    for (let level = 0; level < MOST_FOLDERS; level++, at = dirname(at)) {
      const file = join(at, PROVENANCE_FILE);
      if (!existsSync(file)) continue;
      const text = readFileSync(file, 'utf8');
      rmSync(file);
      return stringMap(JSON.parse(text));
    }
  }
  return {};
}
