import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const EXAMPLES = resolve(__dirname, '../../examples');

/** The stages of a migration, in their order. */
const STAGES = ['enrolled', 'observed', 'strict-workloads', 'strict-namespaces', 'strict-mesh'];

/** The stages of an upgrade, and what runs before and after it. */
const UPGRADE_STAGES = [
  'before',
  'base',
  'cni',
  'control-plane',
  'canary',
  'tags',
  'gateways',
  'workloads',
  'default-revision',
  'old-removed',
  'after',
];

/** An example: a cdk8s app, the YAML that it is expected to give, and the stack of Terraform where there is one. */
export interface Story {
  readonly name: string;
  readonly main: string;
  readonly expected: string;
  readonly expectedStack: string;
  /** What it finds in its environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A migration or an upgrade whose every stage is a story, each with what the step to it changes. */
export interface StagedStory {
  readonly stages: readonly (Story & { readonly diff: string })[];
}

/** Every folder of examples/ that has a main.ts, by name, and every stage of those that have a migration.ts or an upgrade.ts. */
export function stories(): readonly Story[] {
  const plain = folders('main.ts').map((name) => ({
    name,
    main: join(EXAMPLES, name, 'main.ts'),
    expected: join(EXAMPLES, name, 'expected.yaml'),
    expectedStack: join(EXAMPLES, name, 'expected.tf.json'),
  }));
  return [...plain, ...[...migrations(), ...upgrades()].flatMap(({ stages }) => stages)];
}

/** Every folder of examples/ that has a migration.ts. */
export function migrations(): readonly StagedStory[] {
  return staged('migration', STAGES, 1);
}

/** Every folder of examples/ that has an upgrade.ts. */
export function upgrades(): readonly StagedStory[] {
  return staged('upgrade', UPGRADE_STAGES, 0);
}

function staged(what: string, stages: readonly string[], first: number): readonly StagedStory[] {
  return folders(`${what}.ts`).map((name) => ({
    stages: stages.map((stage, index) => {
      const step = `${String(index + first).padStart(stages.length > 10 ? 2 : 1, '0')}-${stage}`;
      const file = join(EXAMPLES, name, what, step);
      return {
        name: `${name}-${what}-${step}`,
        main: join(EXAMPLES, name, `${what}.ts`),
        expected: `${file}.yaml`,
        expectedStack: `${file}.tf.json`,
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
