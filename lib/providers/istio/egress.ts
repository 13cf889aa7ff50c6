import type { ExternalIntent } from '../../intent/external';
import type { MeshIntent } from '../../intent/mesh';
import { byCodeUnits } from '../../intent/names';
import type { Port } from '../../intent/port';
import { Protocol } from '../../intent/port';
import { trafficPolicy } from './resilience';

/** Spec of the ServiceEntry that makes a host known to the namespaces of those who may call it. */
export function serviceEntrySpec(external: ExternalIntent, mesh: MeshIntent): object {
  const { resolution } = external;
  const addresses = 'addresses' in resolution ? [...resolution.addresses].sort(byCodeUnits) : undefined;
  return {
    hosts: [external.host],
    location: 'MESH_EXTERNAL',
    resolution: { dns: 'DNS', dynamicDns: 'DYNAMIC_DNS', static: 'STATIC', addresses: 'NONE' }[resolution.kind],
    ...(addresses === undefined ? {} : { addresses }),
    ...(resolution.kind === 'static' ? { endpoints: addresses?.map((address) => ({ address })) } : {}),
    ports: external.ports.map((port) => ({
      number: port.servicePort,
      name: port.qualifiedName,
      protocol: portProtocol(port, external),
    })),
    exportTo: visibility(external, mesh),
  };
}

/** Spec of the DestinationRule of an external host: the same circuit breaker as inside. */
export function externalDestinationRuleSpec(external: ExternalIntent, mesh: MeshIntent): object {
  return {
    host: external.host,
    trafficPolicy: trafficPolicy(external.resilience, external.ports),
    exportTo: visibility(external, mesh),
  };
}

function portProtocol(port: Port, external: ExternalIntent): string {
  // Istio refuses HTTPS under DYNAMIC_DNS; TLS routes by the same server name.
  return external.resolution.kind === 'dynamicDns' && port.protocol === Protocol.HTTPS
    ? 'TLS'
    : port.protocol.toUpperCase();
}

/** The namespaces of those who may call; nobody where nobody may. */
function visibility(external: ExternalIntent, mesh: MeshIntent): readonly string[] {
  const grants = mesh.grantsTo({ kind: 'external', namespace: external.namespace, name: external.name });
  const namespaces = grants.flatMap(({ caller }) => ('namespace' in caller ? [caller.namespace] : []));
  return namespaces.length > 0 ? [...new Set(namespaces)].sort(byCodeUnits) : ['~'];
}
