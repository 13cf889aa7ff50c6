import type { IngressIntent } from '../../intent/ingress';
import type { MeshIntent } from '../../intent/mesh';
import type { Port } from '../../intent/port';
import { serviceKey } from '../../intent/service';
import type { IntentPart, Unsupported } from '../provider';
import { deliveryLimits } from './delivery';
import { standardEntranceLimits, standardIngressLimits } from './gateway-api/limits';
import type { IstioSettings } from './settings';
import { clientAddresses, unsupportedGrant, unsupportedOperations } from './unsupported-access';
import { unsupportedExternal } from './unsupported-externals';
import { levels, protections, repetition, tcpIdleTimeout } from './unsupported-protections';

/** Namespaces that Istio's injector always passes over. */
const NEVER_INJECTED: readonly string[] = ['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage'];

/** What Istio's sidecars, in the installed version, cannot express of a part of the intent. */
export function unsupported(settings: IstioSettings, part: IntentPart): readonly Unsupported[] {
  const { version, rootNamespace } = settings;
  switch (part.kind) {
    case 'namespace':
      return reservedNamespace(part.namespace.name, rootNamespace);
    case 'service':
      return [
        ...proxyPorts(serviceKey(part.service.ref), part.service.ports),
        ...protections(version, serviceKey(part.service.ref), part.service.ports, part.service.resilience),
        ...tcpIdleTimeout(serviceKey(part.service.ref), part.service.ports, part.service.resilience),
      ];
    case 'levels':
      return levels(version, part.service);
    case 'route': {
      const { retries } = part.route.resilience;
      return repetition(version, `${serviceKey(part.service)}\`, route \`${part.route.name}`, retries);
    }
    case 'external':
      return unsupportedExternal(settings, part.external);
    case 'grant':
      return unsupportedGrant(settings, part.grant);
    case 'restriction':
      return [...unsupportedOperations(part.what, part.operations), ...clientAddresses(settings, part.what, part)];
    case 'audit':
      return settings.auditing
        ? []
        : [
            {
              feature: `an audit of \`${part.service}\``,
              reason: 'proxies only mark the requests, and no installed plugin is known that does anything about it',
              instead: 'use access logs, or say `auditing: true` to the mesh if there is such a plugin',
            },
          ];
    case 'delivery':
      return deliveryLimits(part.service, part.delivery);
    case 'connectionRoute':
      return [];
    case 'entrance':
      return part.entrance.own === undefined ? [] : standardEntranceLimits(settings, part.entrance);
    case 'ingress':
      return part.ingress.entrance.own === undefined
        ? deliveredRoutes(part.ingress, part.mesh)
        : standardIngressLimits(settings, part.ingress, part.mesh);
  }
}

/** Rules of an ingress whose VirtualService somebody else writes. */
function deliveredRoutes(
  { namespace, name, service, routes }: IngressIntent,
  mesh: MeshIntent,
): readonly Unsupported[] {
  const [route] = routes;
  return route === undefined || mesh.service(service).delivery === undefined
    ? []
    : [
        {
          feature: `route \`${route.name}\` of the ingress \`${namespace}/${name}\``,
          reason: `the controller that releases \`${serviceKey(service)}\` changes the routes of its gateways`,
          instead: 'give the route to an ingress of a service that no controller releases',
        },
      ];
}

/** Ports on which the proxy in the pod itself listens. */
const PROXY_PORTS: readonly number[] = [15000, 15001, 15004, 15006, 15008, 15009, 15020, 15021, 15053, 15090];

function proxyPorts(owner: string, ports: readonly Port[]): readonly Unsupported[] {
  return ports
    .filter(({ containerPort }) => PROXY_PORTS.includes(containerPort))
    .map(({ containerPort }) => ({
      feature: `container port \`${containerPort}\` of \`${owner}\``,
      reason: 'the proxy in the same pod listens on it',
      instead: 'let the application listen on another port',
    }));
}

function reservedNamespace(name: string, rootNamespace: string): readonly Unsupported[] {
  const reason =
    name === rootNamespace
      ? 'it is the root namespace, whose policies hold for every namespace of the mesh, and its pods are the control plane'
      : NEVER_INJECTED.includes(name)
        ? 'no proxies are injected there, and its pods serve the whole cluster'
        : undefined;
  return reason === undefined
    ? []
    : [{ feature: `namespace \`${name}\``, reason, instead: 'declare the namespaces of your services only' }];
}
