import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readOutput } from '../../scripts/examples/output';
import { stories } from '../../scripts/examples/stories';

/** The YAML of an example, as it is synthesized in this process, from the sources of the library. */
export function synthExample(name: string): string {
  const story = stories().find((known) => known.name === name);
  if (story === undefined) throw new Error(`there is no example ${name}`);
  const before = process.env.CDK8S_OUTDIR;
  const folder = mkdtempSync(join(tmpdir(), 'example-'));
  process.env.CDK8S_OUTDIR = folder;
  Object.assign(process.env, story.env);
  try {
    jest.isolateModules(() => jest.requireActual<object>(story.main));
    return readOutput(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    for (const name of Object.keys(story.env ?? {})) Reflect.deleteProperty(process.env, name);
    if (before === undefined) delete process.env.CDK8S_OUTDIR;
    else process.env.CDK8S_OUTDIR = before;
  }
}
