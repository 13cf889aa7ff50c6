import type { KubeObject, Labels, Specified } from './objects';
import { ofKind, requireFields, sorted } from './objects';
import type { Pods } from './pods';
import { readPods, selectPods } from './pods';

interface NetworkPolicy {
  readonly podSelector: Selector;
  readonly policyTypes: readonly string[];
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
}

interface Selector {
  readonly matchLabels?: Labels;
}

interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly { readonly port: number; readonly protocol?: string }[];
}

interface Peer {
  readonly namespaceSelector?: Selector;
  readonly podSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

type Direction = 'Ingress' | 'Egress';

const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

/**
 * Connections that NetworkPolicies open on the side of the pods that connect, as `from -> to:port`. Pods stand there by
 * the `namespace/name` of their workload, pods of other apps by `namespace{labels}`, addresses as CIDRs, and
 * everything by `*`.
 */
export function readEgress(objects: readonly KubeObject[]): readonly string[] {
  return read(objects, 'Egress', (own, other, port) => `${own} -> ${other}:${port}`);
}

/** Connections that NetworkPolicies open on the side of the pods that are connected to. */
export function readIngress(objects: readonly KubeObject[]): readonly string[] {
  return read(objects, 'Ingress', (own, other, port) => `${other} -> ${own}:${port}`);
}

function read(
  objects: readonly KubeObject[],
  direction: Direction,
  connection: (own: string, other: string, port: string) => string,
): readonly string[] {
  const pods = readPods(objects);
  const policies = ofKind<NetworkPolicy>(objects, 'NetworkPolicy', ['podSelector', 'policyTypes', 'ingress', 'egress']);
  return sorted(
    pods.flatMap((own) => {
      const theirs = policies.filter((policy) => applies(policy, direction, own));
      if (theirs.length === 0) return [connection(own.key, '*', '*')];
      return theirs.flatMap(({ namespace, spec }) =>
        ((direction === 'Egress' ? spec.egress : spec.ingress) ?? []).flatMap((rule) => {
          requireFields(`NetworkPolicy of ${own.key}`, rule, [direction === 'Egress' ? 'to' : 'from', 'ports']);
          const peers = direction === 'Egress' ? rule.to : rule.from;
          const others = peers?.flatMap((peer) => peerNames(pods, namespace, peer)) ?? ['*'];
          return others.flatMap((other) => portNames(rule).map((port) => connection(own.key, other, port)));
        }),
      );
    }),
  );
}

function applies({ namespace, spec }: Specified<NetworkPolicy>, direction: Direction, pod: Pods): boolean {
  requireFields(`NetworkPolicy of ${namespace}`, spec.podSelector, ['matchLabels']);
  return (
    spec.policyTypes.includes(direction) && selectPods([pod], namespace, spec.podSelector.matchLabels ?? {}).length > 0
  );
}

function portNames({ ports }: Rule): readonly string[] {
  return ports?.map(({ port, protocol = 'TCP' }) => (protocol === 'TCP' ? `${port}` : `${port}/${protocol}`)) ?? ['*'];
}

function peerNames(pods: readonly Pods[], own: string, peer: Peer): readonly string[] {
  const { namespaceSelector, podSelector, ipBlock } = peer;
  if (ipBlock !== undefined) {
    return [[ipBlock.cidr, ...(ipBlock.except ?? [])].join(' except ')];
  }
  const namespace = namespaceSelector === undefined ? own : namespaceName(namespaceSelector);
  requireFields('podSelector', podSelector ?? {}, ['matchLabels']);
  const labels = podSelector?.matchLabels ?? {};
  const found = selectPods(pods, namespace, labels);
  return found.length > 0 ? found.map(({ key }) => key) : [foreignPods(namespace, labels)];
}

function namespaceName(selector: Selector): string {
  const name = selector.matchLabels?.[NAMESPACE_NAME];
  requireFields('namespaceSelector', selector, ['matchLabels']);
  if (name === undefined) throw new Error('a namespaceSelector names no namespace');
  return name;
}

/** Pods of which the manifests say nothing, as `readEgress` and `readIngress` name them. */
export function foreignPods(namespace: string, labels: Labels): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return `${namespace}{${pairs.sort().join(',')}}`;
}
