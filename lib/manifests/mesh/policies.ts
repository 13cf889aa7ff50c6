import { Kind } from '../kinds';
import type { LocatedObject } from '../located';
import { fieldAt, indexedRecords, isRecord, stringMap, textAt } from '../objects';
import type { ManifestView } from '../view';
import { nameOf, namespaceOf } from '../view';
import { byAge } from './age';
import { groupBy } from './groups';
import type { Workload } from './workloads';
import { selectedEverywhere, selectedWorkloads } from './workloads';

/** The kinds of policies that are put on workloads. */
export type PolicyKind =
  | typeof Kind.AUTHORIZATION_POLICY
  | typeof Kind.PEER_AUTHENTICATION
  | typeof Kind.REQUEST_AUTHENTICATION
  | typeof Kind.TELEMETRY
  | typeof Kind.WASM_PLUGIN
  | typeof Kind.TRAFFIC_EXTENSION
  | typeof Kind.ENVOY_FILTER
  | typeof Kind.PROXY_CONFIG;

/** What a policy is put on by name. */
export interface TargetRef {
  readonly path: string;
  readonly group: string;
  readonly kind: string;
  readonly name: string;
}

/** A policy and what it is put on. */
export interface Policy {
  readonly object: LocatedObject;
  readonly namespace: string;
  readonly name: string;
  readonly spec: Readonly<Record<string, unknown>>;
  /** Undefined where it has none, or an empty one: all of its namespace. */
  readonly selector: Readonly<Record<string, string>> | undefined;
  readonly selectorPath: string;
  readonly targets: readonly TargetRef[];
}

/** All policies of a kind. */
export function policies(view: ManifestView, kind: PolicyKind): readonly Policy[] {
  return view.fact(READERS[kind]).all;
}

/**
 * The policies of a kind that apply to a workload's sidecar or gateway, the oldest first: those of its namespace and of the root
 * namespace whose selector its labels satisfy or that have none. Policies with `targetRefs` are for waypoints and for gateways of
 * the Gateway API only. A PeerAuthentication of the root namespace with a selector has no effect.
 *
 * Source: istio/istio pilot/pkg/model/authorization.go, policyattachment.go and authentication.go
 */
export function policiesOf(view: ManifestView, kind: PolicyKind, workload: Workload): readonly Policy[] {
  const { general, selecting } = view.fact(READERS[kind]);
  const { rootNamespace } = view.mesh;
  const places = [...new Set([rootNamespace, workload.namespace])];
  const found = [...places.flatMap((place) => general.get(place) ?? []), ...(selecting.get(workload) ?? [])];
  return found.sort((a, b) => byAge(a.object, b.object));
}

/** The policies of a kind for all of a namespace that stand in it. */
export function namespacePolicies(view: ManifestView, kind: PolicyKind, namespace: string): readonly Policy[] {
  return view.fact(READERS[kind]).general.get(namespace) ?? [];
}

/** The workloads that a policy selects. */
export function workloadsUnder(view: ManifestView, policy: Policy): readonly Workload[] {
  if (policy.targets.length > 0) return [];
  const selector = policy.selector ?? {};
  return policy.namespace === view.mesh.rootNamespace
    ? selectedEverywhere(view, selector)
    : selectedWorkloads(view, policy.namespace, selector);
}

interface PolicyIndex {
  readonly all: readonly Policy[];
  readonly general: ReadonlyMap<string, readonly Policy[]>;
  readonly selecting: ReadonlyMap<Workload, readonly Policy[]>;
}

function reader(kind: PolicyKind): (view: ManifestView) => PolicyIndex {
  return (view) => {
    const all = view.of(kind).map(readPolicy);
    const attached = all.filter(({ targets }) => targets.length === 0);
    const selecting = new Map<Workload, Policy[]>();
    for (const policy of attached) {
      if (policy.selector === undefined) continue;
      if (kind === Kind.PEER_AUTHENTICATION && policy.namespace === view.mesh.rootNamespace) continue;
      for (const workload of workloadsUnder(view, policy)) {
        const known = selecting.get(workload);
        if (known === undefined) selecting.set(workload, [policy]);
        else known.push(policy);
      }
    }
    return {
      all,
      general: groupBy(
        attached.filter(({ selector }) => selector === undefined),
        ({ namespace }) => namespace,
      ),
      selecting,
    };
  };
}

const READERS: Readonly<Record<PolicyKind, (view: ManifestView) => PolicyIndex>> = {
  [Kind.AUTHORIZATION_POLICY]: reader(Kind.AUTHORIZATION_POLICY),
  [Kind.PEER_AUTHENTICATION]: reader(Kind.PEER_AUTHENTICATION),
  [Kind.REQUEST_AUTHENTICATION]: reader(Kind.REQUEST_AUTHENTICATION),
  [Kind.TELEMETRY]: reader(Kind.TELEMETRY),
  [Kind.WASM_PLUGIN]: reader(Kind.WASM_PLUGIN),
  [Kind.TRAFFIC_EXTENSION]: reader(Kind.TRAFFIC_EXTENSION),
  [Kind.ENVOY_FILTER]: reader(Kind.ENVOY_FILTER),
  [Kind.PROXY_CONFIG]: reader(Kind.PROXY_CONFIG),
};

function readPolicy(object: LocatedObject): Policy {
  const found = fieldAt(object.object, 'spec');
  const spec = isRecord(found) ? found : {};
  const isFilter = spec['workloadSelector'] !== undefined;
  const selectorPath = isFilter ? 'spec.workloadSelector.labels' : 'spec.selector.matchLabels';
  const labels = stringMap(
    isFilter ? fieldAt(spec, 'workloadSelector', 'labels') : fieldAt(spec, 'selector', 'matchLabels'),
  );
  return {
    object,
    namespace: namespaceOf(object),
    name: nameOf(object),
    spec,
    selector: Object.keys(labels).length === 0 ? undefined : labels,
    selectorPath,
    targets: [
      ...(isRecord(spec['targetRef']) ? [readTarget(spec['targetRef'], 'spec.targetRef')] : []),
      ...indexedRecords(spec['targetRefs']).map(([target, index]) => readTarget(target, `spec.targetRefs[${index}]`)),
    ],
  };
}

function readTarget(target: Readonly<Record<string, unknown>>, path: string): TargetRef {
  return {
    path,
    group: textAt(target, 'group') ?? '',
    kind: textAt(target, 'kind') ?? '',
    name: textAt(target, 'name') ?? '',
  };
}
