import type { RouteIntent } from '../intent/route';
import type { ServiceDeclaration } from '../intent/service';
import type { ConnectionRouteOptions } from '../options/connection-route';
import { connectionRouteIntent } from '../options/connection-route';
import type { RouteOptions } from '../options/route';
import { routeIntent } from '../options/route';
import type { ServiceEntry } from '../synthesis/registry';
import { requireKnown } from './grant';
import type { Mesh } from './mesh';

/** Registers a rule for some of the requests of a service. */
export function addRoute(mesh: Mesh, { declaration, routes }: ServiceEntry, options: RouteOptions): void {
  const route = knownRoute(mesh, declaration, options, 'mesh');
  routes.push(route);
  mesh._registry.routes.push(route);
}

/** A rule for some of the requests of a service, whose services are known. */
export function knownRoute(
  mesh: Mesh,
  declaration: ServiceDeclaration,
  options: RouteOptions,
  place: 'mesh' | 'gateway',
): RouteIntent {
  const route = routeIntent(declaration, options, mesh._environment, place);
  const { action, matches } = route;
  requireKnown(mesh, `route \`${route.name}\``, [
    ...matches.flatMap((match) => match._conditions.callers),
    ...(action.kind === 'forward' && action.to !== undefined ? [action.to] : []),
  ]);
  mesh._require({ kind: 'route', service: declaration.ref, route });
  return route;
}

/** Registers a rule for some of the connections to a service. */
export function addConnectionRoute(
  mesh: Mesh,
  { declaration, connections }: ServiceEntry,
  options: ConnectionRouteOptions,
): void {
  const route = connectionRouteIntent(declaration, options);
  requireKnown(mesh, `route \`${route.name}\``, [
    ...route.matches.flatMap(({ callers }) => callers),
    ...(route.to === undefined ? [] : [route.to]),
  ]);
  mesh._require({ kind: 'connectionRoute', service: declaration.ref, route });
  connections.push(route);
  mesh._registry.connections.push(route);
}
