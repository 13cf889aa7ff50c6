import type { Problem } from '../../../errors';
import { Code, quoted } from '../../../errors';
import { MigrationStage, describeStage, reaches } from '../../../intent/migration';
import { migrationJump } from '../../../intent/migration-moves';
import { MIGRATION_NOTE, readMigrationNote } from '../../../intent/migration-note';
import { byCodeUnits } from '../../../intent/names';
import type { Plaintext, PlaintextPolicy } from './plaintext';
import { stageOf } from './plaintext';

/** Migrations that are not followed stage by stage, or that refuse somebody in between. */
export function migrationProblems(before: Plaintext, after: Plaintext): readonly Problem[] {
  const notes = [before, after].flatMap(noteProblems);
  if (notes.length > 0) return notes;
  const jumps = [...new Set([...before.ofNamespaces.keys(), ...after.ofNamespaces.keys()])]
    .sort(byCodeUnits)
    .flatMap((namespace) => jumpProblems(before, after, namespace));
  return jumps.length > 0
    ? jumps
    : [...joiningProblems(before, after), ...joiningStrictMesh(before, after), ...lateProblems(before, after)];
}

/** Annotations that say no stage, or another one than the policy. */
function noteProblems({ ofNamespaces }: Plaintext): readonly Problem[] {
  return [...ofNamespaces.values()].flatMap(({ note, mode, from }) => {
    if (note === undefined) return [];
    const stage = readMigrationNote(note);
    const strict = stage !== undefined && reaches(stage, MigrationStage.STRICT_NAMESPACES);
    return stage !== undefined && mode === (strict ? 'STRICT' : 'PERMISSIVE')
      ? []
      : [
          {
            code: Code.MIGRATION_NOTE,
            message: `${from} has the annotation \`${MIGRATION_NOTE}: ${note}\`, ${stage === undefined ? 'which is no stage' : `and its mode is \`${mode ?? 'UNSET'}\``}`,
            fix: 'leave the annotation and the mode of synthesized manifests as they are, and synthesize again',
          },
        ];
  });
}

function jumpProblems(before: Plaintext, after: Plaintext, namespace: string): readonly Problem[] {
  const [from, to] = [stageOf(before, namespace), stageOf(after, namespace)];
  // A namespace that leaves takes its migration along.
  if (from === undefined || to === undefined || !after.namespaces.has(namespace)) return [];
  const found = migrationJump(from, to);
  const [was, is] = [before.ofNamespaces.get(namespace), after.ofNamespaces.get(namespace)];
  const places = [
    ...(was === undefined ? [] : [`before ${was.from}`]),
    ...(is === undefined ? [] : [`now ${is.from}`]),
  ];
  return found === undefined
    ? []
    : [
        {
          code: Code.MIGRATION_JUMP,
          message: `namespace \`${namespace}\` ${found.what}: ${places.join(', ')}`,
          fix: found.fix,
        },
      ];
}

/** Namespaces whose pods get proxies only now, while others stop serving those that have none yet. */
function joiningProblems(before: Plaintext, after: Plaintext): readonly Problem[] {
  const refusing = [...after.policies]
    .filter(([, policy]) => migrates(after, policy) && policy.mode === 'STRICT')
    .filter(([key, { namespace }]) => modeBefore(before, key, namespace) !== 'STRICT')
    .map(([, policy]) => policy.from);
  return refusing.length === 0
    ? []
    : joining(before, after).map(({ namespace, from }) => ({
        code: Code.MIGRATION_JUMP,
        message: `namespace \`${namespace}\` joins the mesh (${from}) in the change in which ${refusing.join(', ')} begins to refuse plain text, so that its pods would be refused until all of them are restarted`,
        fix: 'do one in this change and the other in the next one',
      }));
}

/** Namespaces that join while the whole mesh refuses plain text: their pods may restart before their own policy is there. */
function joiningStrictMesh(before: Plaintext, after: Plaintext): readonly Problem[] {
  const { ofMesh } = before;
  return ofMesh === undefined
    ? []
    : joining(before, after).map(({ namespace, from }) => ({
        code: Code.MIGRATION_JUMP,
        message: `namespace \`${namespace}\` joins the mesh (${from}) while ${ofMesh.from} refuses plain text in the whole mesh`,
        fix: `go back to \`${describeStage(MigrationStage.STRICT_NAMESPACES)}\` in a change before`,
      }));
}

/** Exceptions that come together with what they except from, and may be applied after it. */
function lateProblems(before: Plaintext, after: Plaintext): readonly Problem[] {
  return [...after.policies].flatMap(([key, policy]) => {
    const whole = after.ofNamespaces.get(policy.namespace);
    const tightens = whole?.mode === 'STRICT' && before.ofNamespaces.get(policy.namespace)?.mode === 'PERMISSIVE';
    const known = before.policies.get(key)?.opens ?? [];
    const late = policy.opens.filter((open) => !known.includes(open) && !known.includes('workload'));
    return tightens && migrates(after, policy) && late.length > 0
      ? [
          {
            code: Code.MIGRATION_JUMP,
            message: `${policy.from} begins to serve plain text (${quoted(late)}) in the change in which ${whole.from} begins to refuse it, and may be applied after it`,
            fix: 'except it in a change before',
          },
        ]
      : [];
  });
}

/** A policy that was not there, or said nothing, was as that of its namespace. */
function modeBefore({ policies, ofNamespaces }: Plaintext, key: string, namespace: string): string | undefined {
  return policies.get(key)?.mode ?? ofNamespaces.get(namespace)?.mode;
}

function joining(before: Plaintext, after: Plaintext): readonly PlaintextPolicy[] {
  return [...after.ofNamespaces.values()].filter(
    ({ namespace, mode }) => mode === 'PERMISSIVE' && !before.ofNamespaces.has(namespace),
  );
}

function migrates({ ofNamespaces }: Plaintext, { namespace }: PlaintextPolicy): boolean {
  return ofNamespaces.get(namespace)?.note !== undefined;
}
