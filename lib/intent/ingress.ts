import type { Grant } from './access';
import type { Conditions } from './conditions';
import { ANYTHING, coversConditions, intersect } from './conditions';
import type { ConnectionConditions } from './connection-match';
import { connectionPassages } from './connection-route';
import type { EntranceIntent } from './entrance';
import { gatewayOf } from './entrance';
import { Operation } from './operation';
import { passages } from './passage';
import type { PathMatch } from './path-match';
import type { Port } from './port';
import type { ServiceRef } from './peer';
import type { RouteIntent } from './route';
import type { RouteTarget } from './route-target';

/** Hosts at the mesh's ingress gateway whose requests, or connections, go to a service. */
export interface IngressIntent {
  readonly namespace: string;
  readonly name: string;
  /** Those of its entrance, or some of them. */
  readonly hosts: readonly string[];
  /** What opens them. */
  readonly entrance: EntranceIntent;
  readonly service: ServiceRef;
  readonly port: Port;
  readonly paths: readonly PathMatch[];
  /** HTTP methods that the gateway may use; none means all. */
  readonly methods: readonly string[];
  /** Rules that hold at the gateway only, besides those of the service. */
  readonly routes: readonly RouteIntent[];
}

/** What an ingress leads to, with the rules that hold for what enters there. */
export function enteredTarget<T extends Pick<RouteTarget, 'routes'>>(target: T, { routes }: IngressIntent): T {
  return routes.length === 0 ? target : { ...target, routes: [...target.routes, ...routes] };
}

/** The requests that a gateway lets in. */
export function enteredAt({ paths }: IngressIntent): readonly Conditions[] {
  return paths.length > 0 ? paths.map((path) => ({ ...ANYTHING, path })) : [ANYTHING];
}

/** The requests that a gateway may send, as those of a caller. */
export function sentByGateway(ingress: IngressIntent): readonly Conditions[] {
  return enteredAt(ingress).map((entered) => ({
    ...entered,
    methods: ingress.methods,
    callers: [gatewayOf(ingress.entrance)],
  }));
}

/** The connections that a gateway passes through, as those of a caller. */
export function connectedByGateway({ hosts, entrance }: IngressIntent): ConnectionConditions {
  return { serverNames: hosts, callers: [gatewayOf(entrance)] };
}

/**
 * What the gateway has to be allowed at the service: the paths that let in, as the service's routes rewrite them, and no
 * more. None where routes answer, or send to other services, all that enters.
 */
export function gatewayGrants(
  ingress: IngressIntent,
  { routes, connections }: Pick<RouteTarget, 'routes' | 'connections'>,
): readonly Grant[] {
  if (ingress.entrance.connections) {
    return [gatewayGrant(ingress, [])];
  }
  if (isPassedThrough(ingress)) {
    const stays = connectionPassages(connections, ingress.port, connectedByGateway(ingress)).some(
      ({ route }) => route?.to === undefined,
    );
    return stays ? [gatewayGrant(ingress, [])] : [];
  }
  const reached = passages([...routes, ...ingress.routes], ingress.port, sentByGateway(ingress))
    .filter(({ to }) => to === undefined)
    .map(({ conditions: { path, methods } }) => ({ ...ANYTHING, methods, ...(path === undefined ? {} : { path }) }));
  const widest = reached.filter(
    (one, index) =>
      !reached.some(
        (other, at) => at !== index && coversConditions(other, one) && (at < index || !coversConditions(one, other)),
      ),
  );
  return widest.length === 0 ? [] : [gatewayGrant(ingress, operations(widest))];
}

function gatewayGrant({ entrance, service, port }: IngressIntent, granted: readonly Operation[]): Grant {
  return { caller: gatewayOf(entrance), callee: service, ports: [port.name], operations: granted };
}

/** Whether the gateway leads TLS on by its server name. */
export function isPassedThrough({ entrance }: Pick<IngressIntent, 'entrance'>): boolean {
  return entrance.tls.kind === 'passthrough';
}

/** Whether the gateway sees connections only. */
export function carriesConnections(ingress: Pick<IngressIntent, 'entrance'>): boolean {
  return isPassedThrough(ingress) || ingress.entrance.connections;
}

/** A path of one route that may be one of the other, too: `/` where it has none; undefined where they have hosts or paths apart. */
export function sharedPath(one: IngressIntent, other: IngressIntent): string | undefined {
  if (!one.hosts.some((host) => other.hosts.includes(host))) {
    return undefined;
  }
  const meeting = enteredAt(one).filter((ours) =>
    // What cannot be told apart may be the same.
    enteredAt(other).some((theirs) => intersect(ours, theirs)?.length !== 0),
  );
  return meeting[0] === undefined ? undefined : (meeting[0].path?.value ?? '/');
}

/** Conditions as operations, one for each set of methods; none where everything is allowed. */
function operations(conditions: readonly Conditions[]): readonly Operation[] {
  const byMethods = new Map<string, { readonly methods: readonly string[]; readonly paths: PathMatch[] }>();
  for (const { methods, path } of conditions) {
    const key = methods.join();
    const known = byMethods.get(key) ?? { methods, paths: [] };
    known.paths.push(...(path === undefined ? [] : [path]));
    byMethods.set(key, known);
  }
  const limits = [...byMethods.values()];
  return limits.some(({ methods, paths }) => methods.length + paths.length === 0)
    ? []
    : limits.map(({ methods, paths }) => Operation._http(methods, paths));
}
