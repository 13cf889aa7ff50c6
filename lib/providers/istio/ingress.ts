import type {
  GatewaySpec,
  GatewaySpecServers,
  GatewaySpecServersTls,
  VirtualServiceSpec,
} from '../../../imports/networking.istio.io';
import { composeRoutes } from '../../intent/composition';
import type { EntranceIntent } from '../../intent/entrance';
import { HTTP_PORT, TlsVersion, redirectsHttp } from '../../intent/entrance';
import type { IngressIntent } from '../../intent/ingress';
import { carriesConnections, enteredAt, enteredTarget } from '../../intent/ingress';
import type { MeshIntent } from '../../intent/mesh';
import { byCodeUnits } from '../../intent/names';
import { Protocol } from '../../intent/port';
import { gatewayConnectionRoutes, shares } from './connections';
import { atGateway, httpRoutes, namedWhereDriven } from './routing';
import type { HostTarget, IstioSettings } from './settings';
import { serviceTarget } from './settings';

const HTTP = { number: HTTP_PORT, name: 'http', protocol: 'HTTP' };

const VERSIONS: Readonly<Record<TlsVersion, NonNullable<GatewaySpecServersTls['minProtocolVersion']>>> = {
  [TlsVersion.TLS_1_2]: 'TLSV1_2',
  [TlsVersion.TLS_1_3]: 'TLSV1_3',
};

/** Spec of the Gateway that opens hosts on the mesh's ingress gateway; plain HTTP only redirects, unless chosen. */
export function gatewaySpec(
  settings: IstioSettings,
  entrance: EntranceIntent,
  routes: readonly IngressIntent[],
): GatewaySpec {
  return {
    selector: { ...settings.ingressGateway?.podLabels },
    servers: servers(entrance, gatewayHosts(entrance, routes), routes),
  };
}

/** The hosts, each with the namespaces whose routes it takes: without them, any VirtualService could take its requests. */
function gatewayHosts({ namespace, hosts }: EntranceIntent, routes: readonly IngressIntent[]): readonly string[] {
  return hosts.flatMap((host) => {
    const at = [...new Set(routes.filter((route) => route.hosts.includes(host)).map((route) => route.namespace))];
    return at.length === 0
      ? [`./${host}`]
      : at.sort(byCodeUnits).map((from) => `${from === namespace ? '.' : from}/${host}`);
  });
}

function servers(
  entrance: EntranceIntent,
  hosts: readonly string[],
  routes: readonly IngressIntent[],
): readonly GatewaySpecServers[] {
  const isWeb = routes.some(({ port }) => port.protocol === Protocol.HTTPS);
  const redirect = { port: HTTP, hosts, tls: { httpsRedirect: true } };
  return [mainServer(entrance, hosts), ...(redirectsHttp(entrance, isWeb) ? [redirect] : [])];
}

function mainServer({ tls, port: number, connections }: EntranceIntent, hosts: readonly string[]): GatewaySpecServers {
  switch (tls.kind) {
    case 'plaintext':
      return connections
        ? { port: { number, name: 'tcp', protocol: 'TCP' }, hosts }
        : { port: { number, name: 'http', protocol: 'HTTP' }, hosts };
    case 'terminated':
      return {
        port: connections ? { number, name: 'tls', protocol: 'TLS' } : { number, name: 'https', protocol: 'HTTPS' },
        hosts,
        tls: {
          mode: tls.clientCertificates ? 'MUTUAL' : 'SIMPLE',
          credentialName: tls.credentialName,
          minProtocolVersion: VERSIONS[tls.minVersion],
        },
      };
    case 'passthrough':
      return { port: { number, name: 'tls', protocol: 'TLS' }, hosts, tls: { mode: 'PASSTHROUGH' } };
  }
}

/** The Gateway of an ingress, as VirtualServices name it. */
export function gatewayName({ entrance }: IngressIntent): string {
  return `${entrance.namespace}/${entrance.name}`;
}

/**
 * Spec of the VirtualService bound to the gateway. A gateway uses only VirtualServices bound to it, so the service's
 * matches, shares, timeouts and retries are repeated here.
 */
export function ingressVirtualServiceSpec(
  settings: IstioSettings,
  ingress: IngressIntent,
  mesh: MeshIntent,
): VirtualServiceSpec {
  const target = serviceTarget(settings, mesh.service(ingress.service));
  return {
    hosts: ingress.hosts,
    gateways: [gatewayName(ingress)],
    ...(carriesConnections(ingress) ? connectionsOf : requestRoutes)(settings, target, ingress, mesh),
  };
}

function requestRoutes(
  settings: IstioSettings,
  target: HostTarget,
  ingress: IngressIntent,
  mesh: MeshIntent,
): Pick<VirtualServiceSpec, 'http'> {
  const routes = composeRoutes(enteredTarget(target, ingress), ingress.port, enteredAt(ingress), mesh);
  return { http: namedWhereDriven(target, httpRoutes(settings, target, atGateway(routes), mesh)) };
}

function connectionsOf(
  settings: IstioSettings,
  target: HostTarget,
  { hosts, port, entrance }: IngressIntent,
  mesh: MeshIntent,
): Pick<VirtualServiceSpec, 'tls' | 'tcp'> {
  if (entrance.connections) {
    return { tcp: [{ match: [{ port: entrance.port }], route: shares(target, port) }] };
  }
  return {
    tls: gatewayConnectionRoutes(settings, target, port, hosts, mesh).map(({ sniHosts, route }) => ({
      match: [{ port: entrance.port, sniHosts }],
      route,
    })),
  };
}
