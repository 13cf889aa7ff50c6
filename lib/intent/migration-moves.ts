import { quoted } from '../errors';
import type { MigrationStage as Stage } from './migration';
import { MIGRATION_STAGES, MigrationStage, describeStage, reaches } from './migration';

/** Where a namespace stands: at a stage, refusing plain text for good, or with no word about it. */
export type NamespaceStage = Stage | 'zero-trust' | 'none';

/** A move that is not to an adjacent stage, and what may be done instead. */
export interface MigrationJump {
  readonly what: string;
  readonly fix: string;
}

/** What is wrong with going from one stage to another in one change. */
export function migrationJump(from: NamespaceStage, to: NamespaceStage): MigrationJump | undefined {
  if (!isStage(from) && !isStage(to)) return undefined;
  const next = nextStages(from);
  return next.includes(to)
    ? undefined
    : {
        what: `jumps from ${describe(from)} to ${describe(to)}`,
        fix: `one change moves one stage, so next may come: ${next.map(describe).join(', ')}`,
      };
}

/** Where a namespace may stand after one change. */
function nextStages(from: NamespaceStage): readonly NamespaceStage[] {
  if (from === 'none') return ['none', MigrationStage.ENROLLED];
  if (from === 'zero-trust') return ['zero-trust', MigrationStage.STRICT_NAMESPACES, MigrationStage.STRICT_MESH];
  const at = MIGRATION_STAGES.indexOf(from);
  return [
    ...(at === 0 ? (['none'] as const) : []),
    ...MIGRATION_STAGES.slice(Math.max(at - 1, 0), at + 2),
    ...(reaches(from, MigrationStage.STRICT_NAMESPACES) ? (['zero-trust'] as const) : []),
  ];
}

function isStage(stage: NamespaceStage): stage is Stage {
  return stage !== 'none' && stage !== 'zero-trust';
}

function describe(stage: NamespaceStage): string {
  switch (stage) {
    case 'none':
      return 'no migration';
    case 'zero-trust':
      return 'a `ZeroTrustNamespace`';
    default:
      return quoted([describeStage(stage)]);
  }
}
