import type {
  VirtualServiceSpec,
  VirtualServiceSpecHttp,
  VirtualServiceSpecHttpRetries,
} from '../../../imports/networking.istio.io';
import type { ComposedRoute, Destination, RouteTarget } from '../../intent/composition';
import { composeRoutes } from '../../intent/composition';
import type { Conditions } from '../../intent/conditions';
import { ANYTHING } from '../../intent/conditions';
import type { MeshIntent } from '../../intent/mesh';
import type { Port } from '../../intent/port';
import type { ServiceIntent } from '../../intent/service';
import { serviceKey } from '../../intent/service';
import { duration, subsetName } from './format';
import { httpMatches } from './matches';
import { rewrites, ruleFields } from './rules';
import type { IstioSettings } from './settings';
import { serviceHost } from './settings';

/** A target with the host by which it is reached. */
export interface HostTarget extends RouteTarget {
  readonly host: string;
}

/** A service as the target of routes. */
export function serviceTarget(settings: IstioSettings, service: ServiceIntent): HostTarget {
  return { ...service, name: serviceKey(service.ref), host: serviceHost(settings, service.ref) };
}

/** Spec of the VirtualService by which the mesh's own proxies reach a target. */
export function virtualServiceSpec(settings: IstioSettings, target: HostTarget, mesh: MeshIntent): VirtualServiceSpec {
  const ports = target.ports.filter((port) => port.carriesRequests);
  return {
    hosts: [target.host],
    http: ports.flatMap((port) =>
      httpRoutes(settings, target, port, composeRoutes(target, port, [ANYTHING]), mesh, ports.length > 1),
    ),
  };
}

/** Routes of a VirtualService to one port; `byPort` where the port itself is a condition. */
export function httpRoutes(
  settings: IstioSettings,
  target: HostTarget,
  port: Port,
  routes: readonly ComposedRoute[],
  mesh: MeshIntent,
  byPort: boolean,
): readonly VirtualServiceSpecHttp[] {
  return routes.flatMap((route) =>
    rewrites(route, httpMatches(route.conditions, mesh, byPort ? port.servicePort : undefined)).map(
      ({ match, rewrite }) => ({
        ...(match.length > 0 ? { match } : {}),
        ...destinationFields(settings, target, port, route, mesh),
        ...(rewrite === undefined ? {} : { rewrite }),
        ...ruleFields(route.rule),
      }),
    ),
  );
}

function destinationFields(
  settings: IstioSettings,
  target: HostTarget,
  port: Port,
  route: ComposedRoute,
  mesh: MeshIntent,
): VirtualServiceSpecHttp {
  const action = route.rule?.action;
  if (action !== undefined && action.kind !== 'forward') {
    return {};
  }
  const other = action?.to === undefined ? undefined : serviceTarget(settings, mesh.service(action.to));
  const host = other?.host ?? target.host;
  const number = other === undefined ? port.servicePort : otherPort(other, action?.port).servicePort;
  return {
    route: (other === undefined ? route.destinations : otherShares(other)).map(({ version, weightPercent }) => ({
      destination: {
        host,
        port: { number },
        ...(version === undefined ? {} : { subset: subsetName(version) }),
      },
      ...(weightPercent === undefined ? {} : { weight: weightPercent }),
    })),
    ...(route.timeoutMillis === undefined ? {} : { timeout: duration(route.timeoutMillis) }),
    retries: retriesJson(route),
  };
}

/** The shares of another service's release hold wherever its requests come from. */
function otherShares({ release }: RouteTarget): readonly Destination[] {
  return release === undefined ? [{}] : [release.stable, release.candidate];
}

function otherPort({ ports, name }: RouteTarget, wanted: string | undefined): Port {
  const found = ports.find((port) => port.carriesRequests && (wanted === undefined || port.name === wanted));
  if (found === undefined) {
    throw new Error(`\`${name}\` has no port for a route that was accepted`);
  }
  return found;
}

function retriesJson({ retries, streaming }: ComposedRoute): VirtualServiceSpecHttpRetries {
  // Silence means two retries to Istio, also of what is not safe to repeat.
  return retries === 'off'
    ? { attempts: 0 }
    : {
        attempts: retries.attempts,
        ...(streaming ? {} : { perTryTimeout: duration(retries.perTryTimeoutMillis) }),
        retryOn: [...new Set(retries.conditions)].join(','),
      };
}

/** The conditions of routes at a gateway, where callers are outside the mesh. */
export function atGateway(routes: readonly ComposedRoute[]): readonly ComposedRoute[] {
  return routes.flatMap((route) => {
    const conditions = route.conditions.filter(({ callers }: Conditions) => callers.length === 0);
    return route.conditions.length > 0 && conditions.length === 0 ? [] : [{ ...route, conditions }];
  });
}
