import type { Grant } from './access';
import type { ServiceRef } from './peer';
import type { Port } from './port';
import type { ServiceDeclaration } from './service';
import { serviceKey } from './service';

/** How far a namespace has come on its way to mutual TLS only. One change moves one stage, forward or back. */
export enum MigrationStage {
  /** Pods get proxies as they restart. Plain text is served. */
  ENROLLED = 'enrolled',
  /** Pods have proxies, and calls in plain text are written down. Plain text is served. */
  OBSERVED = 'observed',
  /** Chosen services refuse plain text. */
  STRICT_WORKLOADS = 'strict-workloads',
  /** Every pod of the namespaces refuses plain text. */
  STRICT_NAMESPACES = 'strict-namespaces',
  /** Every pod of the mesh refuses plain text, also in namespaces that no app declares. */
  STRICT_MESH = 'strict-mesh',
}

/** Every stage, in order. */
export const MIGRATION_STAGES: readonly MigrationStage[] = Object.values(MigrationStage);

/** A service, or some of its ports, where plain text is served for some more time. */
export interface MigrationExemption {
  readonly service: ServiceRef;
  /** Undefined means the whole workload, also ports that nobody declared. */
  readonly ports?: readonly Port[];
}

/** How far some namespaces have come. */
export interface MigrationIntent {
  readonly namespaces: readonly string[];
  readonly stage: MigrationStage;
  /** Services that refuse plain text before their namespaces do. */
  readonly strict: readonly ServiceRef[];
  readonly exemptions: readonly MigrationExemption[];
  /** Namespaces of callers that are in the mesh although no manifest here says so. */
  readonly inMesh: readonly string[];
}

/** What one workload says about plain text besides its namespace; undefined as `mode` is as the namespace has it. */
export interface WorkloadMtls {
  readonly mode?: 'strict' | 'permissive';
  /** Container ports where plain text is served. */
  readonly openPorts: readonly number[];
}

/** Whether a stage has come at least as far as another one. */
export function reaches(stage: MigrationStage, other: MigrationStage): boolean {
  return MIGRATION_STAGES.indexOf(stage) >= MIGRATION_STAGES.indexOf(other);
}

/** A stage as users write it. */
export function describeStage(stage: MigrationStage): string {
  const [name] = Object.entries(MigrationStage).find(([, value]) => value === stage) ?? [];
  return `MigrationStage.${name ?? stage}`;
}

/** The stage after this one; undefined after the last. */
export function stageAfter(stage: MigrationStage): MigrationStage | undefined {
  return MIGRATION_STAGES[MIGRATION_STAGES.indexOf(stage) + 1];
}

/**
 * What a workload says besides its namespace; undefined where it says nothing. Exemptions are there a stage before anything is
 * refused, so that no order of objects refuses for a moment what they exempt.
 */
export function workloadMtls(
  { stage, strict, exemptions }: MigrationIntent,
  service: ServiceRef,
  openPorts: readonly Port[],
): WorkloadMtls | undefined {
  if (!reaches(stage, MigrationStage.OBSERVED)) return undefined;
  const own = exemptions.filter((exemption) => serviceKey(exemption.service) === serviceKey(service));
  if (own.some(({ ports }) => ports === undefined)) return { mode: 'permissive', openPorts: [] };
  const early =
    (stage === MigrationStage.STRICT_WORKLOADS || stage === MigrationStage.STRICT_NAMESPACES) &&
    strict.some((ref) => serviceKey(ref) === serviceKey(service));
  const open = [...own.flatMap(({ ports }) => ports ?? []), ...openPorts].map(({ containerPort }) => containerPort);
  const distinct = [...new Set(open)].sort((a, b) => a - b);
  return early || distinct.length > 0 ? { ...(early ? { mode: 'strict' } : {}), openPorts: distinct } : undefined;
}

/** Whether a service refuses plain text on ports that nothing exempts. */
export function refusesPlaintext({ stage, strict }: MigrationIntent, service: ServiceRef): boolean {
  return (
    reaches(stage, MigrationStage.STRICT_NAMESPACES) ||
    (stage === MigrationStage.STRICT_WORKLOADS && strict.some((ref) => serviceKey(ref) === serviceKey(service)))
  );
}

/** The ports of these on which a service refuses plain text. */
export function refusingPorts(
  migration: MigrationIntent,
  service: ServiceRef,
  ports: readonly Port[],
  openPorts: readonly Port[],
): readonly Port[] {
  if (!refusesPlaintext(migration, service)) return [];
  const own = workloadMtls(migration, service, openPorts);
  return own?.mode === 'permissive'
    ? []
    : ports.filter(({ containerPort }) => own?.openPorts.includes(containerPort) !== true);
}

/** The ports of a service on which the Kubernetes API, which has no identity, may call. */
export function kubernetesApiPorts(
  { ref, ports }: Pick<ServiceDeclaration, 'ref' | 'ports'>,
  grants: readonly Pick<Grant, 'caller' | 'callee' | 'ports'>[],
): readonly Port[] {
  return grants
    .filter(({ caller, callee }) => caller.kind === 'kubernetesApi' && isService(callee, ref))
    .flatMap((grant) => ports.filter(({ name }) => grant.ports?.includes(name) ?? true));
}

function isService(callee: Grant['callee'], ref: ServiceRef): boolean {
  return callee.kind === 'service' && serviceKey(callee) === serviceKey(ref);
}
