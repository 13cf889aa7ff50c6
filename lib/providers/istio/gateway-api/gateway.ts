import type { GatewaySpec, GatewaySpecListeners, HttpRouteSpec } from '../../../../imports/gateway.networking.k8s.io';
import type { EntranceIntent } from '../../../intent/entrance';
import { HTTP_PORT, redirectsHttp } from '../../../intent/entrance';
import type { IngressIntent } from '../../../intent/ingress';
import { byCodeUnits } from '../../../intent/names';
import type { OwnGateway } from '../../../intent/peer';
import { Protocol } from '../../../intent/port';

/** The class of Gateways for which istiod deploys pods. */
const CLASS = 'istio';

/** The gateway that istiod deploys for a Gateway: its pods, and the account that they run under. */
export function ownGateway({ namespace, name }: { readonly namespace: string; readonly name: string }): OwnGateway {
  return {
    namespace,
    name,
    serviceAccount: `${name}-${CLASS}`,
    podLabels: { 'gateway.networking.k8s.io/gateway-name': name },
  };
}

/** Spec of the Gateway of a standard entrance: a listener for each host, which takes routes of the namespaces that it has. */
export function standardGatewaySpec(entrance: EntranceIntent, routes: readonly IngressIntent[]): GatewaySpec {
  return {
    gatewayClassName: CLASS,
    listeners: entrance.hosts.flatMap((host) => [
      mainListener(entrance, host, routes),
      ...(redirectsHttp(entrance, isWeb(routes)) ? [redirectListener(host)] : []),
    ]),
  };
}

/** Spec of the route that sends plain HTTP to HTTPS. */
export function redirectRouteSpec(entrance: EntranceIntent, routes: readonly IngressIntent[]): HttpRouteSpec {
  const hosts = redirectsHttp(entrance, isWeb(routes)) ? entrance.hosts : [];
  return {
    parentRefs: hosts.map((host) => ({ name: entrance.name, sectionName: redirectName(host) })),
    rules: [{ filters: [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } }] }],
  };
}

/** Whether a standard entrance may answer plain HTTP by a redirect: what passes through does where its routes are HTTPS. */
export function mayRedirect(entrance: EntranceIntent): boolean {
  return redirectsHttp(entrance, true);
}

/** Name of the listener of a host; other names of hosts come and go without changing it. */
export function listenerName({ tls }: EntranceIntent, host: string): string {
  const kind = { plaintext: 'http', terminated: 'https', passthrough: 'tls' }[tls.kind];
  return nameFor(kind, host);
}

function mainListener(entrance: EntranceIntent, host: string, routes: readonly IngressIntent[]): GatewaySpecListeners {
  const { tls, port, namespace } = entrance;
  const from = [...new Set(routes.filter(({ hosts }) => hosts.includes(host)).map((route) => route.namespace))];
  return {
    name: listenerName(entrance, host),
    ...hostname(host),
    port,
    protocol: { plaintext: 'HTTP', terminated: 'HTTPS', passthrough: 'TLS' }[tls.kind],
    ...(tls.kind === 'plaintext' ? {} : { tls: tlsOf(tls) }),
    allowedRoutes: {
      namespaces: from.every((each) => each === namespace)
        ? { from: 'Same' }
        : {
            from: 'Selector',
            selector: {
              matchExpressions: [
                { key: 'kubernetes.io/metadata.name', operator: 'In', values: from.sort(byCodeUnits) },
              ],
            },
          },
    },
  };
}

function redirectListener(host: string): GatewaySpecListeners {
  return {
    name: redirectName(host),
    ...hostname(host),
    port: HTTP_PORT,
    protocol: 'HTTP',
    allowedRoutes: { namespaces: { from: 'Same' } },
  };
}

function tlsOf(tls: Exclude<EntranceIntent['tls'], { readonly kind: 'plaintext' }>): GatewaySpecListeners['tls'] {
  return tls.kind === 'passthrough'
    ? { mode: 'Passthrough' }
    : {
        mode: 'Terminate',
        certificateRefs: [{ name: tls.credentialName }],
        // Gateway API has a field for it that istiod does not read at every version.
        ...(tls.clientCertificates ? { options: { 'gateway.istio.io/tls-terminate-mode': 'MUTUAL' } } : {}),
      };
}

function isWeb(routes: readonly IngressIntent[]): boolean {
  return routes.some(({ port }) => port.protocol === Protocol.HTTPS);
}

function redirectName(host: string): string {
  return nameFor('http', host);
}

function hostname(host: string): { readonly hostname?: string } {
  return host === '*' ? {} : { hostname: host };
}

/** A wildcard has a beginning of its own, since `any.example.com` is a host, too. */
function nameFor(kind: string, host: string): string {
  return host.startsWith('*') ? `any-${kind}${host.slice(1).replace(/^\./, '-')}` : `${kind}-${host}`;
}
