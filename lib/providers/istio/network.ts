import { openedPorts } from '../../intent/access';
import type { Grant } from '../../intent/access';
import { asCidr } from '../../intent/address-range';
import type { EgressGatewayIntent } from '../../intent/egress';
import { arrivalPort } from '../../intent/external';
import type { MeshIntent } from '../../intent/mesh';
import type { CallerRef } from '../../intent/peer';
import type { Port } from '../../intent/port';
import type { ServiceIntent } from '../../intent/service';
import { serviceKey } from '../../intent/service';
import type { NetworkPeer, NetworkRule } from '../../kubernetes/network-policy';
import { networkPolicySpec } from '../../kubernetes/network-policy';
import type { IstioSettings } from './settings';

/**
 * Everything that is no address of the Internet, some of which clusters use for pods: private, shared, loopback,
 * link-local (with metadata servers), for protocols and benchmarks, multicast, reserved. And 168.63.129.16,
 * where the nodes of Azure find their configuration. https://www.iana.org/assignments/iana-ipv4-special-registry
 */
const NOT_PUBLIC_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/3',
];
const NOT_PUBLIC_V6 = ['::1/128', 'fc00::/7', 'fe80::/10'];

const PUBLIC: readonly NetworkPeer[] = [
  { cidr: '0.0.0.0/0', except: NOT_PUBLIC_V4 },
  { cidr: '::/0', except: NOT_PUBLIC_V6 },
];

const EVERY_POD: NetworkPeer = { everyPod: true };

const PEERS_OF = new WeakMap<ServiceIntent, readonly NetworkPeer[]>();

/** Ports of the proxy that are scraped: its merged metrics and Envoy's own. */
const SCRAPED_PORTS = [15020, 15090];
const CONTROL_PLANE_PORT = 15012;

/** Spec of the NetworkPolicy that cuts every pod of a namespace off; in a dry run, every pod of the cluster gets in. */
export function denyAllSpec(dryRun: boolean): object {
  const spec = networkPolicySpec({}, [], []);
  return dryRun ? { ...spec, ingress: [{ from: [{ namespaceSelector: {} }] }] } : spec;
}

/** Spec of the NetworkPolicy for what every proxy needs: DNS, its control plane, and to be scraped. */
export function baselineSpec(settings: IstioSettings): object {
  const { ingress, egress } = baseline(settings);
  return networkPolicySpec({}, ingress, egress);
}

/** Spec of the NetworkPolicy of an egress gateway: in from those who may call a host behind it, out to public addresses. */
export function egressGatewayNetworkPolicySpec(
  settings: IstioSettings,
  gateway: EgressGatewayIntent,
  mesh: MeshIntent,
): object {
  const { ingress, egress } = baseline(settings);
  const externals = mesh.externalsThrough(gateway);
  const callers = externals.flatMap(({ namespace, name }) =>
    mesh.grantsTo({ kind: 'external', namespace, name }).flatMap(({ caller }) => callerPeers(settings, caller, mesh)),
  );
  return networkPolicySpec(
    gateway.podLabels,
    [...ingress, ...(callers.length === 0 ? [] : [{ peers: callers, ports: [{ port: gateway.containerPort }] }])],
    [
      ...egress,
      ...externals.map((external) => ({
        peers: PUBLIC,
        ports: external.ports.map((port) => ({ port: arrivalPort(external, port) })),
      })),
    ],
  );
}

function baseline(settings: IstioSettings): {
  readonly ingress: readonly NetworkRule[];
  readonly egress: readonly NetworkRule[];
} {
  const { dns, rootNamespace, monitoringNamespace } = settings;
  return {
    ingress:
      monitoringNamespace === undefined
        ? []
        : [{ peers: [{ namespace: monitoringNamespace }], ports: SCRAPED_PORTS.map((port) => ({ port })) }],
    egress: [
      {
        peers: [{ namespace: dns.namespace, podLabels: dns.podLabels }, ...dns.cidrs.map((cidr) => ({ cidr }))],
        ports: [{ port: dns.port, protocol: 'UDP' }, { port: dns.port }],
      },
      {
        peers: [{ namespace: rootNamespace, podLabels: { app: 'istiod' } }],
        ports: [{ port: CONTROL_PLANE_PORT }],
      },
    ],
  };
}

/** Spec of the NetworkPolicy of one service: the ports of each grant, from and to the pods of each peer. */
export function serviceNetworkPolicySpec(settings: IstioSettings, service: ServiceIntent, mesh: MeshIntent): object {
  const granted = mesh.grantsTo(service.ref).map((grant) => ({
    peers: callerPeers(settings, grant.caller, mesh),
    ports: containerPorts(openedPorts(serviceKey(service.ref), service.ports, grant).ports),
  }));
  const ingress = service.dryRun === undefined ? granted : rehearsing(service, granted);
  const egress = mesh.grantsFrom(service.ref).map((grant) => calleeRule(settings, grant, mesh));
  const provided = settings.providers
    .filter(({ name }) => service.providers.includes(name))
    .map(({ namespace, podLabels, containerPort }) => ({
      peers: [{ namespace, ...(podLabels === undefined ? {} : { podLabels }) }],
      ports: [{ port: containerPort }],
    }));
  return networkPolicySpec(
    service.podLabels,
    [...ingress, ...unprotected(service, 'inbound')],
    [...egress, ...provided, ...unprotected(service, 'outbound')],
  );
}

/** NetworkPolicies have no dry run, and what they drop, no proxy could count: every pod gets in, and addresses as granted. */
function rehearsing(service: ServiceIntent, granted: readonly NetworkRule[]): readonly NetworkRule[] {
  const addresses = granted
    .map(({ peers, ports }) => ({ peers: peers.filter((peer) => 'cidr' in peer), ports }))
    .filter(({ peers }) => peers.length > 0);
  return [{ peers: [EVERY_POD], ports: containerPorts(service.ports) }, ...addresses];
}

/** Ports that pass the proxy by, which nothing else limits. */
function unprotected(service: ServiceIntent, wanted: 'inbound' | 'outbound'): readonly NetworkRule[] {
  return (service.unprotected ?? [])
    .filter(({ direction }) => direction === wanted)
    .map(({ port, cidrs, namespaces }) => ({
      peers: [...cidrs.map((cidr) => ({ cidr })), ...namespaces.map((namespace) => ({ namespace }))],
      ports: [{ port }],
    }));
}

/** The pods of a service, or the machines behind it: the same at both ends of all of its calls. */
function servicePeers(service: ServiceIntent): readonly NetworkPeer[] {
  const known = PEERS_OF.get(service);
  if (known !== undefined) return known;
  const { ref, podLabels, machineCidrs } = service;
  const peers =
    machineCidrs === undefined ? [{ namespace: ref.namespace, podLabels }] : machineCidrs.map((cidr) => ({ cidr }));
  PEERS_OF.set(service, peers);
  return peers;
}

function callerPeers(settings: IstioSettings, caller: CallerRef, mesh: MeshIntent): readonly NetworkPeer[] {
  switch (caller.kind) {
    case 'service':
      return servicePeers(mesh.service(caller));
    case 'serviceAccount':
      if (caller.foreign !== undefined) {
        return caller.foreign.cidrs.map((cidr) => ({ cidr }));
      }
      return [
        { namespace: caller.namespace, ...(caller.podLabels === undefined ? {} : { podLabels: caller.podLabels }) },
      ];
    case 'namespace':
      return [{ namespace: caller.namespace }];
    case 'ingressGateway': {
      const gateway = caller.own ?? settings.ingressGateway;
      return gateway === undefined ? [] : [{ namespace: gateway.namespace, podLabels: gateway.podLabels }];
    }
    case 'kubernetesApi':
      return (settings.kubernetesApi?.cidrs ?? []).map((cidr) => ({ cidr }));
  }
}

function calleeRule(settings: IstioSettings, grant: Grant, mesh: MeshIntent): NetworkRule {
  const { callee } = grant;
  switch (callee.kind) {
    case 'service': {
      const service = mesh.service(callee);
      return {
        peers: servicePeers(service),
        ports: containerPorts(openedPorts(serviceKey(callee), service.ports, grant).ports),
      };
    }
    case 'external': {
      const external = mesh.external(callee);
      const { resolution, ports, through } = external;
      if (through !== undefined) {
        return {
          peers: [{ namespace: through.namespace, podLabels: through.podLabels }],
          ports: [{ port: through.containerPort }],
        };
      }
      return {
        peers: 'addresses' in resolution ? resolution.addresses.map((a) => ({ cidr: asCidr(a) })) : PUBLIC,
        ports: openedPorts(serviceKey(callee), ports, grant).ports.map((port) => ({
          port: arrivalPort(external, port),
        })),
      };
    }
    case 'kubernetesApi':
      return {
        peers: (settings.kubernetesApi?.cidrs ?? []).map((cidr) => ({ cidr })),
        ports: settings.kubernetesApi === undefined ? [] : [{ port: settings.kubernetesApi.port }],
      };
  }
}

function containerPorts(ports: readonly Port[]): NetworkRule['ports'] {
  return ports.map((port) => ({ port: port.containerPort }));
}
