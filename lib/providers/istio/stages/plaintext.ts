import { MESH_NOTE, MIGRATION_NOTE, readMigrationNote } from '../../../intent/migration-note';
import type { NamespaceStage } from '../../../intent/migration-moves';
import { fieldAt, isRecord } from '../../../manifests/objects';
import type { StandingObject } from '../../provider';
import { describeObject, isPeerAuthentication } from './objects';

/** What one policy says about plain text. */
export interface PlaintextPolicy {
  readonly namespace: string;
  /** The object and where it stands, for messages. */
  readonly from: string;
  readonly note: string | undefined;
  /** It holds for every pod of its namespace. */
  readonly wholeNamespace: boolean;
  /** It holds for every pod of the mesh. */
  readonly wholeMesh: boolean;
  readonly mode: string | undefined;
  /** What it serves plain text to although others refuse it: the workload, or ports of it. */
  readonly opens: readonly string[];
}

/** What policies say about plain text, as manifests say it. */
export interface Plaintext {
  readonly policies: ReadonlyMap<string, PlaintextPolicy>;
  /** The policy of each namespace that has one. */
  readonly ofNamespaces: ReadonlyMap<string, PlaintextPolicy>;
  readonly ofMesh: PlaintextPolicy | undefined;
  /** Every namespace of which anything is left. */
  readonly namespaces: ReadonlySet<string>;
}

/** Reads what policies say about plain text. */
export function readPlaintext(objects: readonly StandingObject[]): Plaintext {
  const policies = objects
    .filter(({ object }) => isPeerAuthentication(object))
    .map((policy) => [keyOf(policy), readPolicy(policy)] as const);
  const all = policies.map(([, policy]) => policy);
  return {
    policies: new Map(policies),
    ofNamespaces: new Map(
      all.filter((policy) => policy.wholeNamespace && !policy.wholeMesh).map((policy) => [policy.namespace, policy]),
    ),
    ofMesh: all.find(({ wholeMesh }) => wholeMesh),
    namespaces: new Set(objects.map(({ object }) => object.metadata?.namespace ?? '')),
  };
}

/** Where a namespace stands; undefined where its annotation says no stage. */
export function stageOf({ ofNamespaces }: Plaintext, namespace: string): NamespaceStage | undefined {
  const policy = ofNamespaces.get(namespace);
  return policy?.note === undefined
    ? policy?.mode === 'STRICT'
      ? 'zero-trust'
      : 'none'
    : readMigrationNote(policy.note);
}

function keyOf({ object: { metadata } }: StandingObject): string {
  return `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`;
}

function readPolicy(policy: StandingObject): PlaintextPolicy {
  const { object } = policy;
  const note = object.metadata?.annotations?.[MIGRATION_NOTE];
  const labels = fieldAt(object, 'spec', 'selector', 'matchLabels');
  const wholeNamespace = !isRecord(labels) || Object.keys(labels).length === 0;
  const mode = fieldAt(object, 'spec', 'mtls', 'mode');
  const ports = fieldAt(object, 'spec', 'portLevelMtls');
  const openPorts = isRecord(ports)
    ? Object.keys(ports).filter((port) => fieldAt(ports, port, 'mode') === 'PERMISSIVE')
    : [];
  return {
    namespace: object.metadata?.namespace ?? '',
    from: describeObject(policy),
    note,
    wholeNamespace,
    wholeMesh: wholeNamespace && note === MESH_NOTE,
    mode: typeof mode === 'string' ? mode : undefined,
    opens: wholeNamespace ? [] : [...(mode === 'PERMISSIVE' ? ['workload'] : []), ...openPorts],
  };
}
