import type { EgressGatewayIntent } from '../../../intent/egress';
import type { EntranceIntent } from '../../../intent/entrance';
import type { ExternalIntent } from '../../../intent/external';
import type { IngressIntent } from '../../../intent/ingress';
import { carriesConnections } from '../../../intent/ingress';
import type { MeshIntent } from '../../../intent/mesh';
import type { ObjectPlan } from '../../provider';
import { certificatePlans } from '../certificate';
import { externalDestinationRuleSpec, externalVirtualServiceSpec, serviceEntrySpec } from '../egress';
import { mayRedirect, redirectRouteSpec, standardGatewaySpec } from '../gateway-api/gateway';
import { httpRouteSpec, tlsRouteSpec } from '../gateway-api/routes';
import { egressAuthorizationPolicySpec, egressDestinationRuleSpec, egressGatewaySpec } from '../egress-gateway';
import { gatewaySpec, ingressVirtualServiceSpec } from '../ingress';
import { egressGatewayNetworkPolicySpec } from '../network';
import type { IstioSettings } from '../settings';
import { revisionLabel } from '../settings';
import { GATEWAY_API, KUBERNETES_NETWORKING, NETWORKING, SECURITY, planOf } from './plan';

/** What makes a host outside the mesh known inside. */
export function externalObjects(settings: IstioSettings, external: ExternalIntent): readonly ObjectPlan[] {
  const { name, namespace, ports, through } = external;
  const plan = (kind: string, spec: (external: ExternalIntent, mesh: MeshIntent) => object) =>
    planOf(NETWORKING, kind, external, (mesh) => spec(mesh.external({ kind: 'external', namespace, name }), mesh));
  return [
    plan('ServiceEntry', serviceEntrySpec),
    plan('DestinationRule', externalDestinationRuleSpec),
    ...(through !== undefined || ports.some((port) => port.carriesRequests)
      ? [plan('VirtualService', (intent, mesh) => externalVirtualServiceSpec(settings, intent, mesh))]
      : []),
  ];
}

/** What lets calls of hosts outside through a gateway, and nothing else. */
export function egressGatewayObjects(settings: IstioSettings, gateway: EgressGatewayIntent): readonly ObjectPlan[] {
  const plan = (apiVersion: string, kind: string, spec: (mesh: MeshIntent) => object) =>
    planOf(apiVersion, kind, gateway, spec);
  return [
    plan(NETWORKING, 'Gateway', (mesh) => egressGatewaySpec(gateway, mesh)),
    plan(NETWORKING, 'DestinationRule', (mesh) => egressDestinationRuleSpec(settings, gateway, mesh)),
    plan(SECURITY, 'AuthorizationPolicy', (mesh) => egressAuthorizationPolicySpec(settings, gateway, mesh)),
    ...(gateway.networkPolicy
      ? [
          plan(KUBERNETES_NETWORKING, 'NetworkPolicy', (mesh) =>
            egressGatewayNetworkPolicySpec(settings, gateway, mesh),
          ),
        ]
      : []),
  ];
}

/** What opens hosts at the gateway. */
export function entranceObjects(settings: IstioSettings, entrance: EntranceIntent): readonly ObjectPlan[] {
  return [
    ...certificatePlans(settings, entrance),
    ...(entrance.own === undefined
      ? [planOf(NETWORKING, 'Gateway', entrance, (mesh) => gatewaySpec(settings, entrance, mesh.routesAt(entrance)))]
      : standardEntrance(settings, entrance)),
  ];
}

function standardEntrance(settings: IstioSettings, entrance: EntranceIntent): readonly ObjectPlan[] {
  const { namespace, name } = entrance;
  const revision = revisionLabel(settings, namespace);
  return [
    {
      ...planOf(GATEWAY_API, 'Gateway', entrance, (mesh) => standardGatewaySpec(entrance, mesh.routesAt(entrance))),
      // Only the control plane of that revision deploys its pods.
      ...(revision === undefined ? {} : { labels: { 'istio.io/rev': revision } }),
    },
    ...(mayRedirect(entrance)
      ? [
          {
            ...planOf(GATEWAY_API, 'HTTPRoute', { namespace, name: `${name}-redirect` }, (mesh) =>
              redirectRouteSpec(entrance, mesh.routesAt(entrance)),
            ),
            id: 'Redirect',
          },
        ]
      : []),
  ];
}

/** What leads on from there. */
export function ingressObjects(settings: IstioSettings, ingress: IngressIntent): readonly ObjectPlan[] {
  if (ingress.entrance.own === undefined) {
    const spec = (mesh: MeshIntent) => ingressVirtualServiceSpec(settings, ingress, mesh);
    return [planOf(NETWORKING, 'VirtualService', ingress, spec)];
  }
  return [
    carriesConnections(ingress)
      ? planOf(GATEWAY_API, 'TLSRoute', ingress, () => tlsRouteSpec(ingress))
      : planOf(GATEWAY_API, 'HTTPRoute', ingress, (mesh) => httpRouteSpec(settings, ingress, mesh)),
  ];
}
