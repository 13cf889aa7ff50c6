import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fieldAt } from '../manifests/objects';

/** The version of this package, from sources and from the build. */
export function packageVersion(folder = __dirname): string {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return String(fieldAt(manifest, 'version'));
  } catch (error) {
    const parent = dirname(folder);
    if (parent === folder) throw error;
    return packageVersion(parent);
  }
}
