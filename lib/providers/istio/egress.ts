import type {
  DestinationRuleSpec,
  DestinationRuleSpecTrafficPolicyTls,
  ServiceEntrySpec,
  ServiceEntrySpecPorts,
  ServiceEntrySpecResolution,
  VirtualServiceSpec,
} from '../../../imports/networking.istio.io';
import type { OriginatedTls } from '../../intent/egress';
import type { ExternalIntent, Resolution } from '../../intent/external';
import { arrivalPort } from '../../intent/external';
import type { MeshIntent } from '../../intent/mesh';
import { byCodeUnits } from '../../intent/names';
import type { Port } from '../../intent/port';
import { Protocol } from '../../intent/port';
import { ledThrough } from './egress-gateway';
import { portSettings, trafficPolicy } from './resilience';
import { virtualServiceSpec } from './routing';
import type { IstioSettings } from './settings';

const RESOLUTIONS: Readonly<Record<Resolution['kind'], ServiceEntrySpecResolution>> = {
  dns: 'DNS',
  dynamicDns: 'DYNAMIC_DNS',
  unverified: 'NONE',
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

/** Spec of the DestinationRule of an external host: the same circuit breaker as inside, and TLS that the mesh starts. */
export function externalDestinationRuleSpec(external: ExternalIntent, mesh: MeshIntent): DestinationRuleSpec {
  const { host, ports, resilience, resolution, tls } = external;
  const { loadBalancer, ...policy } = trafficPolicy(resilience, ports);
  // Where the caller or the request chooses the address, there is nothing to balance.
  const balanced = resolution.kind === 'dns' || resolution.kind === 'static';
  // Settings of ports inherit nothing, not even TLS; and they have no retry budget, which ports without requests do not need.
  const encrypted = tls === undefined ? [] : ports.filter((port) => !port.carriesRequests);
  return {
    host,
    trafficPolicy: {
      ...(balanced || Object.keys(policy).length === 0 ? { loadBalancer, ...policy } : policy),
      ...(tls === undefined ? {} : { tls: originatedTls(tls) }),
      ...(encrypted.length === 0
        ? {}
        : {
            portLevelSettings: encrypted.map((port) => ({
              port: { number: port.servicePort },
              ...portSettings(resilience, port, resilience),
            })),
          }),
    },
    // Istio refuses `~` here; a rule for a host that nobody knows does nothing.
    exportTo: visibility(external, mesh, '.'),
  };
}

/** TLS to the host: without these names, any certificate of anybody would do. */
function originatedTls(tls: OriginatedTls): DestinationRuleSpecTrafficPolicyTls {
  return {
    mode: tls.showsCertificate ? 'MUTUAL' : 'SIMPLE',
    sni: tls.serverName,
    subjectAltNames: tls.certificateNames,
    ...(tls.credentialName === undefined ? {} : { credentialName: tls.credentialName }),
  };
}

/** Spec of the VirtualService of an external host: without one, Istio repeats requests that are not safe to repeat. */
export function externalVirtualServiceSpec(
  settings: IstioSettings,
  external: ExternalIntent,
  mesh: MeshIntent,
): VirtualServiceSpec {
  const target = { ...external, streamingOperations: [], routes: [], connections: [] };
  const direct = virtualServiceSpec(settings, target, mesh);
  return {
    ...(external.through === undefined ? direct : ledThrough(settings, external, external.through, direct.http ?? [])),
    exportTo: visibility(external, mesh, '.'),
  };
}

function servicePort(port: Port, external: ExternalIntent): ServiceEntrySpecPorts {
  // Istio refuses HTTPS under DYNAMIC_DNS; TLS routes by the same server name.
  const tls = external.resolution.kind === 'dynamicDns' && port.protocol === Protocol.HTTPS;
  const arrival = arrivalPort(external, port);
  return {
    number: port.servicePort,
    name: port.qualifiedName,
    protocol: tls ? 'TLS' : port.protocol.toUpperCase(),
    ...(arrival === port.servicePort ? {} : { targetPort: arrival }),
  };
}

/** The namespaces of those who may call, and of the gateway that calls for them; `nobody` where nobody may. */
function visibility(external: ExternalIntent, mesh: MeshIntent, nobody: string): readonly string[] {
  const grants = mesh.grantsTo({ kind: 'external', namespace: external.namespace, name: external.name });
  const namespaces = grants.flatMap(({ caller }) => ('namespace' in caller ? [caller.namespace] : []));
  const gateway = external.through === undefined ? [] : [external.through.namespace];
  return namespaces.length > 0 ? [...new Set([...namespaces, ...gateway])].sort(byCodeUnits) : [nobody];
}
