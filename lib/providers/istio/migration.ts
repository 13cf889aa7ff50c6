import { ENROLMENT_NOTE, MESH_NOTE, MIGRATION_NOTE, enrolmentNote, migrationNote } from '../../intent/migration-note';
import type { Labels } from '../../intent/names';
import type { MigrationProvider, ObjectPlan } from '../provider';
import { plaintextOfMesh } from './metrics';
import { STRICT, workloadMtlsSpec } from './mtls';
import { SECURITY, planOf } from './objects/plan';
import type { IstioSettings } from './settings';
import { revisionLabel } from './settings';
import { plaintextLogSpec } from './telemetry';

/** Id and name of the policy of a namespace, and of the mesh. */
const NAMESPACE_POLICY = 'PeerAuthentication-default';
const DEFAULT = 'default';

/** How Istio moves namespaces to mutual TLS only. */
export function istioMigration(settings: IstioSettings): MigrationProvider {
  return {
    namespaceNotes: (stage) => [{ id: NAMESPACE_POLICY, annotations: { [MIGRATION_NOTE]: migrationNote(stage) } }],
    enrolmentNotes: (namespace) => enrolmentNotes(settings, namespace),
    workloadObjects: (ref, mtls) => [
      planOf(SECURITY, 'PeerAuthentication', ref, (mesh) => workloadMtlsSpec(mesh.service(ref).podLabels, mtls())),
    ],
    observationObjects: (namespace) => [observationPlan(namespace)],
    meshObjects: () => [
      {
        ...planOf(SECURITY, 'PeerAuthentication', { name: DEFAULT, namespace: settings.rootNamespace }, () => STRICT),
        annotations: { [MIGRATION_NOTE]: MESH_NOTE },
      },
    ],
    podsWithoutProxy,
    plaintextOfMesh,
  };
}

/** What pods carry that are to be injected: it changes, and restarts them, when somebody else injects them. */
export function enrolmentNotes(settings: IstioSettings, namespace: string): Labels {
  return { [ENROLMENT_NOTE]: enrolmentNote(revisionLabel(settings, namespace) ?? 'default') };
}

function observationPlan(namespace: string): ObjectPlan {
  return {
    ...planOf('telemetry.istio.io/v1', 'Telemetry', { name: DEFAULT, namespace }, () => plaintextLogSpec()),
    id: `Telemetry-${namespace}`,
  };
}

/** The proxy is a container, or, as a native sidecar, an init container that stays. */
function podsWithoutProxy(namespaces: readonly string[]): string {
  const columns = [
    'NAMESPACE:.metadata.namespace',
    'POD:.metadata.name',
    'CONTAINERS:.spec.containers[*].name',
    'INIT:.spec.initContainers[*].name',
  ];
  return [
    `for namespace in ${namespaces.join(' ')}; do`,
    'kubectl -n "$namespace" get pods --no-headers --field-selector=status.phase!=Succeeded,status.phase!=Failed',
    `-o custom-columns='${columns.join(',')}';`,
    "done | grep -Ev '[ ,]istio-proxy([ ,]|$)'",
  ].join(' ');
}
