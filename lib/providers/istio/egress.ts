import type {
  DestinationRuleSpec,
  ServiceEntrySpec,
  ServiceEntrySpecPorts,
  ServiceEntrySpecResolution,
  VirtualServiceSpec,
} from '../../../imports/networking.istio.io';
import type { ExternalIntent, Resolution } from '../../intent/external';
import type { MeshIntent } from '../../intent/mesh';
import { byCodeUnits } from '../../intent/names';
import type { Port } from '../../intent/port';
import { Protocol } from '../../intent/port';
import { trafficPolicy } from './resilience';
import { virtualServiceSpec } from './routing';
import type { IstioSettings } from './settings';

const RESOLUTIONS: Readonly<Record<Resolution['kind'], ServiceEntrySpecResolution>> = {
  dns: 'DNS',
  dynamicDns: 'DYNAMIC_DNS',
  static: 'STATIC',
  addresses: 'NONE',
};

/** Spec of the ServiceEntry that makes a host known to the namespaces of those who may call it. */
export function serviceEntrySpec(external: ExternalIntent, mesh: MeshIntent): ServiceEntrySpec {
  const { resolution } = external;
  const addresses = 'addresses' in resolution ? [...resolution.addresses].sort(byCodeUnits) : [];
  return {
    hosts: [external.host],
    location: 'MESH_EXTERNAL',
    resolution: RESOLUTIONS[resolution.kind],
    ...(addresses.length > 0 ? { addresses } : {}),
    ...(resolution.kind === 'static' ? { endpoints: addresses.map((address) => ({ address })) } : {}),
    ports: external.ports.map((port) => servicePort(port, external)),
    exportTo: visibility(external, mesh, '~'),
  };
}

/** Spec of the DestinationRule of an external host: the same circuit breaker as inside. */
export function externalDestinationRuleSpec(external: ExternalIntent, mesh: MeshIntent): DestinationRuleSpec {
  const { loadBalancer, ...policy } = trafficPolicy(external.resilience, external.ports);
  // Where the caller or the request chooses the address, there is nothing to balance.
  const balanced = external.resolution.kind === 'dns' || external.resolution.kind === 'static';
  return {
    host: external.host,
    trafficPolicy: balanced || Object.keys(policy).length === 0 ? { loadBalancer, ...policy } : policy,
    // Istio refuses `~` here; a rule for a host that nobody knows does nothing.
    exportTo: visibility(external, mesh, '.'),
  };
}

/** Spec of the VirtualService of an external host: without one, Istio repeats requests that are not safe to repeat. */
export function externalVirtualServiceSpec(
  settings: IstioSettings,
  external: ExternalIntent,
  mesh: MeshIntent,
): VirtualServiceSpec {
  const target = { ...external, streamingOperations: [], routes: [], connections: [] };
  return { ...virtualServiceSpec(settings, target, mesh), exportTo: visibility(external, mesh, '.') };
}

function servicePort(port: Port, { resolution }: ExternalIntent): ServiceEntrySpecPorts {
  // Istio refuses HTTPS under DYNAMIC_DNS; TLS routes by the same server name.
  const tls = resolution.kind === 'dynamicDns' && port.protocol === Protocol.HTTPS;
  return { number: port.servicePort, name: port.qualifiedName, protocol: tls ? 'TLS' : port.protocol.toUpperCase() };
}

/** The namespaces of those who may call; `nobody` where nobody may. */
function visibility(external: ExternalIntent, mesh: MeshIntent, nobody: string): readonly string[] {
  const grants = mesh.grantsTo({ kind: 'external', namespace: external.namespace, name: external.name });
  const namespaces = grants.flatMap(({ caller }) => ('namespace' in caller ? [caller.namespace] : []));
  return namespaces.length > 0 ? [...new Set(namespaces)].sort(byCodeUnits) : [nobody];
}
