import type {
  GatewaySpec,
  GatewaySpecServers,
  GatewaySpecServersTls,
  VirtualServiceSpec,
} from '../../../imports/networking.istio.io';
import { composeRoutes } from '../../intent/composition';
import type { EntranceIntent } from '../../intent/entrance';
import { TlsVersion } from '../../intent/entrance';
import type { IngressIntent } from '../../intent/ingress';
import { enteredAt, isPassedThrough } from '../../intent/ingress';
import type { MeshIntent } from '../../intent/mesh';
import { byCodeUnits } from '../../intent/names';
import { Protocol } from '../../intent/port';
import { gatewayConnectionRoutes } from './connections';
import { atGateway, httpRoutes, namedWhereDriven } from './routing';
import type { HostTarget, IstioSettings } from './settings';
import { serviceTarget } from './settings';

const HTTP = { number: 80, name: 'http', protocol: 'HTTP' };
const HTTPS = { number: 443, name: 'https', protocol: 'HTTPS' };
const TLS = { number: 443, name: 'tls', protocol: 'TLS' };

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
  { tls }: EntranceIntent,
  hosts: readonly string[],
  routes: readonly IngressIntent[],
): readonly GatewaySpecServers[] {
  const redirect = { port: HTTP, hosts, tls: { httpsRedirect: true } };
  switch (tls.kind) {
    case 'plaintext':
      return [{ port: HTTP, hosts }];
    case 'terminated':
      return [
        {
          port: HTTPS,
          hosts,
          tls: {
            mode: tls.clientCertificates ? 'MUTUAL' : 'SIMPLE',
            credentialName: tls.credentialName,
            minProtocolVersion: VERSIONS[tls.minVersion],
          },
        },
        ...(tls.redirectHttp ? [redirect] : []),
      ];
    case 'passthrough': {
      const isWeb = routes.some(({ port }) => port.protocol === Protocol.HTTPS);
      return [{ port: TLS, hosts, tls: { mode: 'PASSTHROUGH' } }, ...((tls.redirectHttp ?? isWeb) ? [redirect] : [])];
    }
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
    ...(isPassedThrough(ingress) ? tlsRoutes : requestRoutes)(settings, target, ingress, mesh),
  };
}

function requestRoutes(
  settings: IstioSettings,
  target: HostTarget,
  ingress: IngressIntent,
  mesh: MeshIntent,
): Pick<VirtualServiceSpec, 'http'> {
  const routes = composeRoutes(target, ingress.port, enteredAt(ingress), mesh);
  return { http: namedWhereDriven(target, httpRoutes(settings, target, atGateway(routes), mesh)) };
}

function tlsRoutes(
  settings: IstioSettings,
  target: HostTarget,
  { hosts, port }: IngressIntent,
  mesh: MeshIntent,
): Pick<VirtualServiceSpec, 'tls'> {
  return {
    tls: gatewayConnectionRoutes(settings, target, port, hosts, mesh).map(({ sniHosts, route }) => ({
      match: [{ port: TLS.number, sniHosts }],
      route,
    })),
  };
}
