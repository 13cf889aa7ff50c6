import type { GatewaySpec, VirtualServiceSpec } from '../../../imports/networking.istio.io';
import { composeRoutes } from '../../intent/composition';
import type { IngressIntent } from '../../intent/ingress';
import { enteredAt } from '../../intent/ingress';
import type { MeshIntent } from '../../intent/mesh';
import { atGateway, httpRoutes, namedWhereDriven, serviceTarget } from './routing';
import type { IstioSettings } from './settings';

/** Spec of the Gateway that opens one host on the mesh's ingress gateway; plain HTTP only redirects, unless chosen. */
export function gatewaySpec(settings: IstioSettings, ingress: IngressIntent): GatewaySpec {
  const http = { number: 80, name: 'http', protocol: 'HTTP' };
  const https = { number: 443, name: 'https', protocol: 'HTTPS' };
  // Without a namespace, VirtualServices of every namespace could bind to it and take the host's requests elsewhere.
  const hosts = [`./${ingress.host}`];
  return {
    selector: { ...settings.ingressGateway?.podLabels },
    servers:
      ingress.credentialName === undefined
        ? [{ port: http, hosts }]
        : [
            { port: https, hosts, tls: { mode: 'SIMPLE', credentialName: ingress.credentialName } },
            { port: http, hosts, tls: { httpsRedirect: true } },
          ],
  };
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
  const routes = composeRoutes(target, ingress.port, enteredAt(ingress), mesh);
  return {
    hosts: [ingress.host],
    gateways: [`${ingress.namespace}/${ingress.name}`],
    http: namedWhereDriven(target, httpRoutes(settings, target, atGateway(routes), mesh)),
  };
}
