import { Kind } from '../kinds';
import { fieldAt, textAt } from '../objects';
import type { ManifestView } from '../view';
import { byAge } from './age';
import type { Policy } from './policies';
import { namespacePolicies, policiesOf } from './policies';
import type { Workload } from './workloads';

export type MtlsMode = 'STRICT' | 'PERMISSIVE' | 'DISABLE';

/** A mode and the PeerAuthentication that says so; none where it is what Istio takes. */
export interface MtlsDecision {
  readonly mode: MtlsMode;
  readonly by: Policy | undefined;
}

/**
 * The mTLS mode of a container port of a workload: what the oldest PeerAuthentication that selects the workload says of the port,
 * then of the workload, then that of the namespace, then that of the root namespace, then PERMISSIVE. `UNSET` passes on to the
 * next. In ambient, DISABLE is PERMISSIVE.
 *
 * Source: istio/istio pilot/pkg/security/authn/policy_applier.go, ComposePeerAuthentication
 */
export function mtlsOf(view: ManifestView, workload: Workload, port?: number): MtlsDecision {
  const selecting = policiesOf(view, Kind.PEER_AUTHENTICATION, workload).find(({ selector }) => selector !== undefined);
  const byPort = port === undefined ? undefined : modeAt(selecting, 'portLevelMtls', String(port), 'mode');
  const own = byPort ?? modeAt(selecting, 'mtls', 'mode');
  const decision =
    own === undefined || selecting === undefined
      ? namespaceMtls(view, workload.namespace)
      : { mode: own, by: selecting };
  return workload.dataPlane === 'ambient' && decision.mode === 'DISABLE'
    ? { ...decision, mode: 'PERMISSIVE' }
    : decision;
}

/** The mTLS mode of workloads of a namespace that no PeerAuthentication selects by labels. */
export function namespaceMtls(view: ManifestView, namespace: string): MtlsDecision {
  for (const place of [namespace, view.mesh.rootNamespace]) {
    const [by] = [...namespacePolicies(view, Kind.PEER_AUTHENTICATION, place)].sort((a, b) =>
      byAge(a.object, b.object),
    );
    const mode = modeAt(by, 'mtls', 'mode');
    if (mode !== undefined) return { mode, by };
  }
  return { mode: 'PERMISSIVE', by: undefined };
}

function modeAt(policy: Policy | undefined, ...path: readonly string[]): MtlsMode | undefined {
  const mode = textAt(fieldAt(policy?.spec, ...path));
  return mode === 'STRICT' || mode === 'PERMISSIVE' || mode === 'DISABLE' ? mode : undefined;
}
