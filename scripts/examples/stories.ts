import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const EXAMPLES = resolve(__dirname, '../../examples');

/** The stages of a migration, in their order. */
const STAGES = ['enrolled', 'observed', 'strict-workloads', 'strict-namespaces', 'strict-mesh'];

/** An example: a cdk8s app and the YAML that it is expected to give. */
export interface Story {
  readonly name: string;
  readonly main: string;
  readonly expected: string;
  /** What it finds in its environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A migration whose every stage is a story, each with what the step to it changes. */
export interface Migration {
  readonly stages: readonly (Story & { readonly diff: string })[];
}

/** Every folder of examples/ that has a main.ts, by name, and every stage of those that have a migration.ts. */
export function stories(): readonly Story[] {
  const plain = folders('main.ts').map((name) => ({
    name,
    main: join(EXAMPLES, name, 'main.ts'),
    expected: join(EXAMPLES, name, 'expected.yaml'),
  }));
  return [...plain, ...migrations().flatMap(({ stages }) => stages)];
}

/** Every folder of examples/ that has a migration.ts. */
export function migrations(): readonly Migration[] {
  return folders('migration.ts').map((name) => ({
    stages: STAGES.map((stage, index) => {
      const file = join(EXAMPLES, name, 'migration', `${index + 1}-${stage}`);
      return {
        name: `${name}-migration-${index + 1}-${stage}`,
        main: join(EXAMPLES, name, 'migration.ts'),
        expected: `${file}.yaml`,
        diff: `${file}.diff`,
        env: { STAGE: stage },
      };
    }),
  }));
}

function folders(file: string): readonly string[] {
  if (!existsSync(EXAMPLES)) return [];
  return readdirSync(EXAMPLES)
    .filter((name) => existsSync(join(EXAMPLES, name, file)))
    .sort();
}
