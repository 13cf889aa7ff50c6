import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const EXAMPLES = resolve(__dirname, '../../examples');

/** An example: a cdk8s app and the YAML that it is expected to give. */
export interface Story {
  readonly name: string;
  readonly main: string;
  readonly expected: string;
}

/** Every folder of examples/ that has a main.ts, by name. */
export function stories(): readonly Story[] {
  if (!existsSync(EXAMPLES)) return [];
  return readdirSync(EXAMPLES)
    .filter((name) => existsSync(join(EXAMPLES, name, 'main.ts')))
    .sort()
    .map((name) => ({
      name,
      main: join(EXAMPLES, name, 'main.ts'),
      expected: join(EXAMPLES, name, 'expected.yaml'),
    }));
}
