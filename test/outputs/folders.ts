import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of a test's own, removed when its file is done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cdk8s-mesh-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Every file below a folder with its text, by path; links are not followed. */
export function filesOf(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return Object.fromEntries(
    entries.flatMap((entry): [string, string][] => {
      const path = join(folder, entry.name);
      if (!entry.isDirectory()) return entry.isFile() ? [[entry.name, readFileSync(path, 'utf8')]] : [];
      return Object.entries(filesOf(path)).map(([below, text]) => [`${entry.name}/${below}`, text]);
    }),
  );
}
