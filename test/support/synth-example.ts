import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readOutput, readStacks, stacksFolder } from '../../scripts/examples/output';
import { stories } from '../../scripts/examples/stories';

/** What an example writes. */
export interface ExampleOutput {
  readonly manifests: string;
  /** Of Terraform; empty for most. */
  readonly stacks: string;
}

/** The YAML of an example, as it is synthesized in this process, from the sources of the library. */
export function synthExample(name: string): string {
  return synthOutputs(name).manifests;
}

/** All that an example writes, from the sources of the library. */
export function synthOutputs(name: string): ExampleOutput {
  const story = stories().find((known) => known.name === name);
  if (story === undefined) throw new Error(`there is no example ${name}`);
  const folder = mkdtempSync(join(tmpdir(), 'example-'));
  const env = { ...story.env, CDK8S_OUTDIR: folder, CDKTF_OUTDIR: stacksFolder(folder) };
  const before = new Map(Object.keys(env).map((key) => [key, process.env[key]]));
  Object.assign(process.env, env);
  try {
    jest.isolateModules(() => jest.requireActual<object>(story.main));
    return { manifests: readOutput(folder), stacks: readStacks(folder) };
  } finally {
    for (const path of [folder, stacksFolder(folder)]) rmSync(path, { recursive: true, force: true });
    for (const [key, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, key);
      else process.env[key] = value;
    }
  }
}
