import type { Problem } from '../errors';
import { Code, quoted } from '../errors';
import type { Grant } from '../intent/access';
import { openedPorts } from '../intent/access';
import type { MeshIntent } from '../intent/mesh';
import type { MigrationIntent } from '../intent/migration';
import { MigrationStage, describeStage, kubernetesApiPorts, refusingPorts } from '../intent/migration';
import type { CallerRef, ServiceRef } from '../intent/peer';
import { describeRef } from '../intent/peer';
import type { Port } from '../intent/port';
import type { ServiceIntent } from '../intent/service';
import { serviceKey } from '../intent/service';
import { fieldAt, stringMap } from '../manifests/objects';
import type { Provider } from '../providers/provider';
import type { Registry } from './registry';
import type { Tree } from './tree';

/** A call that is declared and comes from outside the mesh. */
export interface OutsideCall {
  readonly caller: CallerRef;
  readonly callee: ServiceRef;
  readonly ports: readonly Port[];
  /** Those of them on which the callee refuses plain text. */
  readonly refused: readonly Port[];
  /** Those that it would refuse with its whole namespace. */
  readonly refusedLater: readonly Port[];
  /** What refuses it, as messages say it. */
  readonly refusing: string;
  /** How manifests tell that the caller is outside, or that they do not tell that it is inside. */
  readonly reason: string;
}

/** Calls that are declared and come from outside the mesh, as far as manifests tell. */
export function outsideCalls(
  intent: MeshIntent,
  registry: Registry,
  tree: Tree,
  provider: Provider,
): readonly OutsideCall[] {
  return intent.allServices().flatMap((service) => {
    const migration = registry.migrationOf(service.ref.namespace);
    if (!service.owned || (!service.locked && migration === undefined)) return [];
    return intent.grantsTo(service.ref).flatMap((grant) => {
      const inMesh = migration?.inMesh ?? 'unlessToldOtherwise';
      const reason = outsideReason(grant.caller, inMesh, { registry, tree, provider });
      if (reason === undefined) return [];
      const { ports } = openedPorts(serviceKey(service.ref), service.ports, grant);
      return [
        {
          caller: grant.caller,
          callee: service.ref,
          ports,
          refused: refused(service, ports, intent.grantsTo(service.ref), migration),
          refusedLater: refused(
            service,
            ports,
            intent.grantsTo(service.ref),
            migration === undefined ? undefined : { ...migration, stage: MigrationStage.STRICT_NAMESPACES },
          ),
          refusing: migration === undefined ? 'a `ZeroTrustNamespace`' : `\`${describeStage(migration.stage)}\``,
          reason,
        },
      ];
    });
  });
}

/** Calls from outside the mesh that would be refused. */
export function outsideProblems(outside: readonly OutsideCall[]): readonly Problem[] {
  return outside
    .filter((call) => call.refused.length > 0)
    .map(({ caller, callee, refused: ports, refusing, reason }) => ({
      code: Code.CALLER_OUTSIDE,
      message: `${describeRef(caller)} may call port ${quoted(ports.map(({ name }) => name))} of \`${serviceKey(callee)}\`, which refuses plain text by ${refusing}, and is outside the mesh: ${reason}`,
      fix: 'let its pods join the mesh, or serve it plain text for some time by one of the `exceptions` of a `MtlsMigration`',
    }));
}

function refused(
  service: ServiceIntent,
  ports: readonly Port[],
  grants: readonly Grant[],
  migration: MigrationIntent | undefined,
): readonly Port[] {
  const open = kubernetesApiPorts(service, grants);
  return migration === undefined
    ? ports.filter((port) => !open.some(({ containerPort }) => containerPort === port.containerPort))
    : refusingPorts(migration, service.ref, ports, open);
}

interface Known {
  readonly registry: Registry;
  readonly tree: Tree;
  readonly provider: Provider;
}

/** Why a caller is taken to be outside the mesh; undefined where it is inside, or cannot be and has a way of its own. */
function outsideReason(
  caller: CallerRef,
  inMesh: readonly string[] | 'unlessToldOtherwise',
  known: Known,
): string | undefined {
  switch (caller.kind) {
    case 'ingressGateway':
    case 'kubernetesApi':
      return undefined;
    case 'service': {
      const entry = known.registry.services.get(serviceKey(caller));
      const account = entry?.foreign?.serviceAccount;
      return account === undefined
        ? undefined
        : accountReason(
            caller.namespace,
            account,
            inMesh === 'unlessToldOtherwise' ? inMesh : [...inMesh, caller.namespace],
            known,
          );
    }
    case 'serviceAccount':
      return caller.foreign === undefined
        ? accountReason(caller.namespace, caller.serviceAccount, inMesh, known)
        : undefined;
    case 'namespace':
      return namespaceReason(caller.namespace, inMesh, known);
  }
}

/** A pod may say something else than its namespace. */
function accountReason(
  namespace: string,
  account: string,
  inMesh: readonly string[] | 'unlessToldOtherwise',
  known: Known,
): string | undefined {
  const { tree, provider } = known;
  const own = [...tree.workloads.values()].filter(
    (view) => view.namespace === namespace && view.serviceAccountName === account,
  );
  for (const { kind, name, podLabels, podAnnotations, hostNetwork } of own) {
    const optOut = provider.pods.optsOut(podLabels, podAnnotations, []);
    if (optOut !== undefined || hostNetwork) {
      return `\`${kind} ${namespace}/${name}\` has ${optOut ?? '`hostNetwork: true`'}`;
    }
  }
  return own.length > 0 && own.every(({ podLabels }) => provider.pods.optsIn(podLabels))
    ? undefined
    : namespaceReason(namespace, inMesh, known);
}

function namespaceReason(
  namespace: string,
  inMesh: readonly string[] | 'unlessToldOtherwise',
  { registry, tree, provider }: Known,
): string | undefined {
  if (registry.namespaces.has(namespace)) return undefined;
  const object = tree.others.find(({ apiObject }) => apiObject.kind === 'Namespace' && apiObject.name === namespace);
  if (object === undefined) {
    return inMesh === 'unlessToldOtherwise' || inMesh.includes(namespace)
      ? undefined
      : `no manifest says that the pods of namespace \`${namespace}\` have proxies; if they do, name it in \`namespacesInMesh\``;
  }
  const labels = stringMap(fieldAt(object.view, 'metadata', 'labels'));
  const missing = Object.entries(provider.enrolment(namespace).labels).filter(([key, value]) => labels[key] !== value);
  return missing.length === 0
    ? undefined
    : `\`Namespace ${namespace}\` (\`${object.apiObject.node.path}\`) has no label ${quoted(missing.map(([key, value]) => `${key}: ${value}`))}`;
}
