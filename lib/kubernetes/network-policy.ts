import { byCodeUnits } from '../intent/names';
import type { Labels } from '../intent/names';

/** Pods or addresses at the other end of a connection. */
export type NetworkPeer =
  | { readonly everyPod: true }
  | { readonly namespace: string; readonly podLabels?: Labels }
  | { readonly cidr: string; readonly except?: readonly string[] };

/** A port of a connection. */
export interface NetworkPort {
  readonly port: number;
  readonly protocol?: 'TCP' | 'UDP';
}

/** Connections to or from any of the peers on any of the ports. */
export interface NetworkRule {
  readonly peers: readonly NetworkPeer[];
  readonly ports: readonly NetworkPort[];
}

/** Spec of a NetworkPolicy that lets pods do these things and nothing else. */
export function networkPolicySpec(
  podLabels: Labels,
  ingress: readonly NetworkRule[],
  egress: readonly NetworkRule[],
): object {
  return {
    podSelector: selector(podLabels),
    policyTypes: ['Ingress', 'Egress'],
    ingress: joinRules(ingress).map(({ peers, ports }) => ({ from: peers, ports })),
    egress: joinRules(egress).map(({ peers, ports }) => ({ to: peers, ports })),
  };
}

/** A rule as a policy has it. */
interface RuleJson {
  readonly peers: readonly object[];
  readonly ports: readonly object[];
}

/** Rules with equal ports become one; everything in a fixed order and once. */
function joinRules(rules: readonly NetworkRule[]): readonly RuleJson[] {
  const byPorts = new Map<string, { readonly ports: readonly object[]; readonly peers: PeerJson[] }>();
  for (const rule of rules) {
    const ports = portsJson(rule.ports);
    const key = ports.map(({ port, protocol }) => `${port},${protocol};`).join('');
    const group = byPorts.get(key) ?? { ports, peers: [] };
    group.peers.push(...rule.peers.map(peerJson));
    byPorts.set(key, group);
  }
  return inOrder([...byPorts.values()], ({ ports }) => JSON.stringify(ports)).map(({ ports, peers }) => ({
    ports,
    peers: inOrder(peers, ({ text }) => text).map(({ json }) => json),
  }));
}

/** Ports in order, each once. */
function portsJson(ports: readonly NetworkPort[]): readonly Required<NetworkPort>[] {
  const ordered = ports
    .map(({ port, protocol = 'TCP' }) => ({ port, protocol }))
    .sort((a, b) => a.port - b.port || byCodeUnits(a.protocol, b.protocol));
  return ordered.filter(
    ({ port, protocol }, index) => port !== ordered[index - 1]?.port || protocol !== ordered[index - 1]?.protocol,
  );
}

/** By the text of what identifies them, each once. */
function inOrder<T>(items: readonly T[], identity: (item: T) => string): readonly T[] {
  if (items.length < 2) return items;
  const byText = new Map(items.map((item) => [identity(item), item]));
  return [...byText].sort(([a], [b]) => byCodeUnits(a, b)).map(([, item]) => item);
}

/** A peer as a policy has it, and the text that identifies it. */
interface PeerJson {
  readonly json: object;
  readonly text: string;
}

const PEERS = new WeakMap<NetworkPeer, PeerJson>();

function peerJson(peer: NetworkPeer): PeerJson {
  const known = PEERS.get(peer);
  if (known !== undefined) return known;
  const json = selectedBy(peer);
  const made = { json, text: JSON.stringify(json) };
  PEERS.set(peer, made);
  return made;
}

function selectedBy(peer: NetworkPeer): object {
  if ('everyPod' in peer) {
    return { namespaceSelector: {} };
  }
  return 'cidr' in peer
    ? { ipBlock: { cidr: peer.cidr, ...(peer.except === undefined ? {} : { except: [...peer.except] }) } }
    : {
        namespaceSelector: selector({ 'kubernetes.io/metadata.name': peer.namespace }),
        ...(peer.podLabels === undefined ? {} : { podSelector: selector(peer.podLabels) }),
      };
}

function selector(labels: Labels): object {
  return Object.keys(labels).length === 0 ? {} : { matchLabels: { ...labels } };
}
