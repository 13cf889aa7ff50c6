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
    ingress: joinRules(ingress).map(({ peers, ports }) => ({ from: peers.map(peerJson), ports: ports.map(portJson) })),
    egress: joinRules(egress).map(({ peers, ports }) => ({ to: peers.map(peerJson), ports: ports.map(portJson) })),
  };
}

/** Rules with equal ports become one; everything in a fixed order and once. */
function joinRules(rules: readonly NetworkRule[]): readonly NetworkRule[] {
  const byPorts = new Map<string, { ports: readonly NetworkPort[]; peers: Map<string, NetworkPeer> }>();
  for (const rule of rules) {
    const ports = [...rule.ports].sort(
      (a, b) => a.port - b.port || byCodeUnits(a.protocol ?? 'TCP', b.protocol ?? 'TCP'),
    );
    const key = JSON.stringify(ports.map(portJson));
    const group = byPorts.get(key) ?? { ports, peers: new Map<string, NetworkPeer>() };
    rule.peers.forEach((peer) => group.peers.set(JSON.stringify(peerJson(peer)), peer));
    byPorts.set(key, group);
  }
  return [...byPorts]
    .sort(([a], [b]) => byCodeUnits(a, b))
    .map(([, { ports, peers }]) => ({
      ports: ports.filter((port, index) => JSON.stringify(port) !== JSON.stringify(ports[index - 1])),
      peers: [...peers].sort(([a], [b]) => byCodeUnits(a, b)).map(([, peer]) => peer),
    }));
}

function peerJson(peer: NetworkPeer): object {
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

function portJson({ port, protocol }: NetworkPort): object {
  return { port, protocol: protocol ?? 'TCP' };
}

function selector(labels: Labels): object {
  return Object.keys(labels).length === 0 ? {} : { matchLabels: { ...labels } };
}
