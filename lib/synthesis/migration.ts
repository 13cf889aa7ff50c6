import { JsonPatch } from 'cdk8s';
import type { Problem } from '../errors';
import { Code, describeProblem, quoted } from '../errors';
import type { MeshIntent } from '../intent/mesh';
import type { MigrationIntent } from '../intent/migration';
import { MigrationStage, describeStage, reaches, refusesPlaintext, stageAfter } from '../intent/migration';
import { byCodeUnits } from '../intent/names';
import { describeRef } from '../intent/peer';
import { serviceKey } from '../intent/service';
import { podPatch } from '../kubernetes/pod-patch';
import type { KubeObject } from '../manifests/objects';
import { RESTARTING_KINDS } from '../manifests/workload';
import type { Provider } from '../providers/provider';
import type { OutsideCall } from './outside-calls';
import type { Registry, ServiceEntry } from './registry';
import type { Tree } from './tree';
import type { Bound } from './tree-checks';

/** The service as one whose pods are restarted, where its namespace migrates. */
export function migratingEntry(entry: ServiceEntry, registry: Registry): ServiceEntry {
  const { declaration } = entry;
  const migration = declaration.owned ? registry.migrationOf(declaration.ref.namespace) : undefined;
  return migration === undefined
    ? entry
    : {
        ...entry,
        declaration: {
          ...declaration,
          migrating: { refusesPlaintext: refusesPlaintext(migration, declaration.ref) },
        },
      };
}

/** Adds to workloads that no service describes, in namespaces of the mesh, what restarts their pods for another proxy. */
export function restartOthers(bound: readonly Bound[], tree: Tree, registry: Registry, provider: Provider): void {
  const described = new Set(bound.flatMap(({ binding }) => binding.workloads.map(({ apiObject }) => apiObject)));
  for (const [apiObject, { kind, namespace, podLabels, podAnnotations, hostNetwork }] of tree.workloads) {
    if (
      namespace !== undefined &&
      registry.namespaces.has(namespace) &&
      RESTARTING_KINDS.includes(kind) &&
      !described.has(apiObject) &&
      !hostNetwork &&
      provider.pods.optsOut(podLabels, podAnnotations, []) === undefined
    ) {
      const notes = {
        ...(registry.migrationOf(namespace) === undefined ? {} : provider.migration.enrolmentNotes(namespace)),
        ...provider.restartNotes(namespace),
      };
      // What an older output says there would restart nothing.
      const absent = Object.entries(notes).filter(([key, value]) => podAnnotations[key] !== value);
      if (absent.length === 0) continue;
      const patch = podPatch(apiObject.toJson() as KubeObject, { labels: {}, annotations: Object.fromEntries(absent) });
      apiObject.addJsonPatch(...patch.map(({ path, value }) => JsonPatch.add(path, value)));
    }
  }
}

/** What contradicts the stage of a migration. */
export function migrationProblems(registry: Registry): readonly Problem[] {
  return [...leftBehindProblems(registry), ...earlyDenialProblems(registry)];
}

/** Denials that need an identity of callers which may not have one yet. */
function earlyDenialProblems(registry: Registry): readonly Problem[] {
  return [...registry.services.values()].flatMap(({ declaration: { ref, owned }, restrictions }) => {
    const migration = owned ? registry.migrationOf(ref.namespace) : undefined;
    return migration !== undefined &&
      !refusesPlaintext(migration, ref) &&
      restrictions.denials.some(({ callers }) => callers.kind === 'allBut')
      ? [
          {
            code: Code.MIGRATION,
            message: `\`denyFromAllBut\` of \`${serviceKey(ref)}\` refuses every caller in plain text, and at \`${describeStage(migration.stage)}\` those that it excepts may still have no proxy`,
            fix: 'add it when the service refuses plain text, or deny single peers with `denyFrom`',
          },
        ]
      : [];
  });
}

/** Namespaces that would still serve plain text where the whole mesh is to refuse it. */
function leftBehindProblems({ migrations, namespaces }: Registry): readonly Problem[] {
  const whole = migrations.find(({ intent }) => intent.stage === MigrationStage.STRICT_MESH);
  if (whole === undefined) return [];
  const refusing = migrations
    .filter(({ intent }) => reaches(intent.stage, MigrationStage.STRICT_NAMESPACES))
    .flatMap(({ intent }) => intent.namespaces);
  return [...namespaces.values()]
    .filter(({ name, locked }) => !locked && !refusing.includes(name))
    .map(({ name, construct }) => ({
      code: Code.MIGRATION,
      message: `namespace \`${name}\` (\`${construct.node.path}\`) serves plain text, and \`${whole.construct.node.path}\` is at \`${describeStage(MigrationStage.STRICT_MESH)}\``,
      fix: `let it migrate first, up to \`${describeStage(MigrationStage.STRICT_NAMESPACES)}\``,
    }));
}

/** What to look at before the next stage, and who would be refused there. */
export function migrationWarnings(
  { migrations }: Registry,
  intent: MeshIntent,
  outside: readonly OutsideCall[],
  provider: Provider,
): readonly string[] {
  return migrations.flatMap(({ intent: migration, construct }) => {
    const next = stageAfter(migration.stage);
    if (next === undefined) return [];
    const where = `${quoted(migration.namespaces)} (\`${construct.node.path}\`)`;
    return [
      describeProblem({
        code: Code.MIGRATION_NEXT,
        message: `the migration of ${where} is at \`${describeStage(migration.stage)}\``,
        fix: `before \`${describeStage(next)}\`, do what \`nextChecks()\` says; this must print nothing: ${provider.migration.podsWithoutProxy(callingNamespaces(migration, intent))}`,
      }),
      ...callsOf(migration, outside)
        .filter(({ refused, refusedLater }) => refused.length === 0 && refusedLater.length > 0)
        .map(({ caller, callee, reason }) =>
          describeProblem({
            code: Code.MIGRATION_NEXT,
            message: `${describeRef(caller)} calls \`${serviceKey(callee)}\` of the migration of ${where} from outside the mesh: ${reason}`,
            fix: 'let its pods join the mesh before that service refuses plain text, or make it one of `exceptions`',
          }),
        ),
    ];
  });
}

/** Calls from outside the mesh to the services of a migration. */
export function callsOf({ namespaces }: MigrationIntent, outside: readonly OutsideCall[]): readonly OutsideCall[] {
  return outside.filter(({ callee }) => namespaces.includes(callee.namespace));
}

/** The namespaces of a migration, and of whoever may call their services from elsewhere. */
export function callingNamespaces({ namespaces }: MigrationIntent, intent: MeshIntent): readonly string[] {
  const callers = intent
    .allServices()
    .filter(({ ref }) => namespaces.includes(ref.namespace))
    .flatMap(({ ref }) => intent.grantsTo(ref))
    .flatMap(({ caller }) =>
      'namespace' in caller && !(caller.kind === 'serviceAccount' && caller.foreign !== undefined)
        ? [caller.namespace]
        : [],
    );
  return [...new Set([...namespaces, ...callers])].sort(byCodeUnits);
}
