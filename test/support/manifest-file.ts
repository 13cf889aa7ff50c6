import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Yaml } from 'cdk8s';

/** A YAML file with these manifests, in a new folder. */
export function manifestFile(...manifests: readonly object[]): string {
  const file = join(mkdtempSync(join(tmpdir(), 'manifest-')), 'manifest.yaml');
  writeFileSync(file, Yaml.stringify(...manifests));
  return file;
}
