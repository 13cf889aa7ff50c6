import type {
  VirtualServiceSpec,
  VirtualServiceSpecHttp,
  VirtualServiceSpecHttpRetries,
} from '../../../imports/networking.istio.io';
import type { ComposedRoute } from '../../intent/composition';
import { composeRoutes } from '../../intent/composition';
import type { Conditions } from '../../intent/conditions';
import { ANYTHING } from '../../intent/conditions';
import type { MeshIntent } from '../../intent/mesh';
import type { CallerRef, ServiceRef } from '../../intent/peer';
import type { Port } from '../../intent/port';
import { Protocol } from '../../intent/port';
import { RetryCondition } from '../../intent/resilience';
import type { ServiceIntent } from '../../intent/service';
import { withRouteNames } from './argo-rollouts';
import { connectionRoutes, serverNames } from './connections';
import { duration } from './format';
import { httpMatches } from './matches';
import { rewrites, ruleFields } from './rules';
import type { HostTarget, IstioSettings } from './settings';
import { serviceTarget } from './settings';
import { subsetOf } from './subsets';

/** Spec of the VirtualService by which the mesh's own proxies reach a target. */
export function virtualServiceSpec(
  settings: IstioSettings,
  target: HostTarget,
  mesh: MeshIntent,
  routesTo = (port: Port) => composeRoutes(target, port, [ANYTHING], mesh),
): VirtualServiceSpec {
  const ports = target.ports.filter((port) => port.carriesRequests);
  return {
    hosts: [...new Set([target.host, ...serverNames(target)])],
    ...(ports.length === 0
      ? {}
      : {
          http: namedWhereDriven(
            target,
            ports.flatMap((port) =>
              httpRoutes(settings, target, routesTo(port), mesh, {
                port: ports.length > 1 ? port.servicePort : undefined,
              }),
            ),
          ),
        }),
    ...connectionRoutes(settings, target, mesh),
  };
}

/** Spec of the VirtualService of a service of the mesh. */
export function serviceVirtualServiceSpec(
  settings: IstioSettings,
  service: ServiceIntent,
  mesh: MeshIntent,
): VirtualServiceSpec {
  return virtualServiceSpec(settings, serviceTarget(settings, service), mesh, (port) => mesh.routesTo(service, port));
}

/** Routes with the names by which a controller finds those whose shares it moves. */
export function namedWhereDriven(
  { release }: HostTarget,
  routes: readonly VirtualServiceSpecHttp[],
): readonly VirtualServiceSpecHttp[] {
  return release?.driven ? withRouteNames(routes) : routes;
}

/** Routes of a VirtualService to one port; `port` where it is itself a condition. */
export function httpRoutes(
  settings: IstioSettings,
  target: HostTarget,
  routes: readonly ComposedRoute[],
  mesh: MeshIntent,
  { port }: { readonly port?: number | undefined } = {},
): readonly VirtualServiceSpecHttp[] {
  return routes.flatMap((route) =>
    rewrites(route, httpMatches(route.conditions, mesh, port)).map(({ match, rewrite }) => ({
      ...(match.length > 0 ? { match } : {}),
      ...destinationFields(settings, target, route, mesh),
      ...(rewrite === undefined ? {} : { rewrite }),
      ...ruleFields(route.rule),
    })),
  );
}

function destinationFields(
  settings: IstioSettings,
  target: HostTarget,
  route: ComposedRoute,
  mesh: MeshIntent,
): VirtualServiceSpecHttp {
  const { to, port, caller, destinations, mirror } = route;
  if (destinations.length === 0) {
    return {};
  }
  const host = (other: ServiceRef | undefined) =>
    other === undefined ? target : serviceTarget(settings, mesh.service(other));
  return {
    route: destinations.map(({ version, weightPercent }) => ({
      destination: destination(host(to), port, version, caller),
      ...(weightPercent === undefined ? {} : { weight: weightPercent }),
    })),
    ...(mirror === undefined
      ? {}
      : {
          mirror: destination(host(mirror.to), mirror.port, mirror.version, caller),
          mirrorPercentage: { value: mirror.percent },
        }),
    ...(route.timeoutMillis === undefined ? {} : { timeout: duration(route.timeoutMillis) }),
    retries: retriesJson(route),
  };
}

function destination(target: HostTarget, port: Port, version: string | undefined, caller: CallerRef | undefined) {
  const subset = subsetOf(target, port, { version, caller });
  return {
    host: target.host,
    port: { number: port.servicePort },
    ...(subset === undefined ? {} : { subset }),
  };
}

function retriesJson({ retries, port, streaming, timeoutMillis }: ComposedRoute): VirtualServiceSpecHttpRetries {
  // Silence means two retries to Istio, also of what is not safe to repeat.
  if (retries === 'off' || retries.conditions.length === 0) {
    return { attempts: 0 };
  }
  const tryMillis = streaming ? undefined : (retries.perTryTimeoutMillis ?? timeoutMillis);
  return {
    attempts: retries.attempts,
    ...(tryMillis === undefined ? {} : { perTryTimeout: duration(tryMillis) }),
    retryOn: [...new Set(retries.conditions.flatMap((condition) => retryOn(condition, port)))].join(','),
    ...(retries.backoffMillis === undefined ? {} : { backoff: duration(retries.backoffMillis) }),
    ...(retries.otherEndpoint === undefined ? {} : { retryIgnorePreviousHosts: retries.otherEndpoint }),
  };
}

/** Where it fails, gRPC answers with a status of its own and HTTP's 200. */
function retryOn(condition: RetryCondition, { protocol }: Port): readonly string[] {
  return condition === RetryCondition.SERVICE_UNAVAILABLE && protocol === Protocol.GRPC
    ? [condition, 'unavailable']
    : [condition];
}

/** The conditions of routes at a gateway, where callers are outside the mesh. */
export function atGateway(routes: readonly ComposedRoute[]): readonly ComposedRoute[] {
  return routes.flatMap((route) => {
    const conditions = route.conditions.filter(({ callers }: Conditions) => callers.length === 0);
    return route.conditions.length > 0 && conditions.length === 0 ? [] : [{ ...route, conditions }];
  });
}
