import { callersRank, coversCaller, intersectCallers } from './callers';
import type { ConnectionConditions } from './connection-match';
import { byCodeUnits } from './names';
import type { ServiceRef } from './peer';
import type { Port } from './port';
import { Protocol } from './port';
import { requireTakingSome } from './route-order';

/** A rule for some of the connections to a service. */
export interface ConnectionRouteIntent {
  readonly name: string;
  /** Names of the ports; undefined means all that carry no requests. */
  readonly ports?: readonly string[];
  /** Any of which suffices. */
  readonly matches: readonly ConnectionConditions[];
  /** Another service than the one that was called. */
  readonly to?: ServiceRef;
  /** Name of the port there; undefined is the only one that carries no requests. */
  readonly port?: string;
}

/** One condition with the user's route that it comes from; without one, it is the service's own last rule. */
export interface ConnectionRule {
  readonly conditions: ConnectionConditions;
  readonly route?: ConnectionRouteIntent;
}

/** Every connection. */
export const EVERY_CONNECTION: ConnectionConditions = { serverNames: [], callers: [] };

/** Whether clients ask for a server name on a port. */
export function asksForName({ protocol }: Port): boolean {
  return protocol === Protocol.TLS || protocol === Protocol.HTTPS;
}

/** The rules of one port: specific before general, by server names first, since proxies look at these first; last everything. */
export function orderedConnections(routes: readonly ConnectionRouteIntent[], port: Port): readonly ConnectionRule[] {
  return [...userRules(routes, port), { conditions: EVERY_CONNECTION }];
}

/** Server names that routes of a port speak of. */
export function serverNamesAt(routes: readonly ConnectionRouteIntent[], port: Port): readonly string[] {
  const names = userRules(routes, port).flatMap(({ conditions }) => conditions.serverNames);
  return [...new Set(names)].sort(byCodeUnits);
}

/** Refuses a rule that earlier ones leave nothing of, and two that are for the same connections. */
export function requireReachableConnections(owner: string, routes: readonly ConnectionRouteIntent[], port: Port): void {
  const where = `port \`${port.name}\` of \`${owner}\``;
  requireTakingSome(where, 'connections', userRules(routes, port), connectionParts, covers);
}

/** The ports that a route to another service can mean; it is clear where there is one. */
export function connectionPorts(ports: readonly Port[], name: string | undefined): readonly Port[] {
  return ports.filter((port) => !port.carriesRequests && (name ?? port.name) === port.name);
}

/** What becomes of connections that enter one port. Where only a proxy could tell which a rule takes, all that it could take count. */
export function connectionPassages(
  routes: readonly ConnectionRouteIntent[],
  port: Port,
  entered: ConnectionConditions,
): readonly ConnectionRule[] {
  const ordered = orderedConnections(routes, port);
  return ordered.flatMap(({ conditions, route }, index) =>
    intersect(entered, conditions)
      .flatMap(connectionParts)
      .filter((part) => !ordered.slice(0, index).some((earlier) => covers(earlier.conditions, part)))
      .map((part) => ({ conditions: part, ...(route === undefined ? {} : { route }) })),
  );
}

function userRules(
  routes: readonly ConnectionRouteIntent[],
  port: Port,
): readonly (ConnectionRule & { readonly route: ConnectionRouteIntent })[] {
  return routes
    .filter(({ ports }) => !port.carriesRequests && (ports?.includes(port.name) ?? true))
    .flatMap((route) => route.matches.map((conditions) => ({ route, conditions })))
    .sort((a, b) => bySpecificity(a.conditions, b.conditions));
}

function bySpecificity(a: ConnectionConditions, b: ConnectionConditions): number {
  const rank = ({ serverNames, callers }: ConnectionConditions) => [
    serverNames.length === 0 ? 1 : 0,
    ...callersRank(callers),
    serverNames.length,
  ];
  const right = rank(b);
  return (
    rank(a)
      .map((number, index) => number - (right[index] ?? 0))
      .find((difference) => difference !== 0) ?? byCodeUnits(JSON.stringify(a), JSON.stringify(b))
  );
}

/** Conditions with one server name and one caller each, which different rules may take. */
function connectionParts({ serverNames, callers }: ConnectionConditions): readonly ConnectionConditions[] {
  const each = <T>(items: readonly T[]) => (items.length === 0 ? [[]] : items.map((item) => [item]));
  return each(serverNames).flatMap((names) => each(callers).map((some) => ({ serverNames: names, callers: some })));
}

function covers(wide: ConnectionConditions, narrow: ConnectionConditions): boolean {
  const among = <T>(theirs: readonly T[], ours: readonly T[], same: (their: T, our: T) => boolean) =>
    theirs.length === 0 || (ours.length > 0 && ours.every((our) => theirs.some((their) => same(their, our))));
  return (
    among(wide.serverNames, narrow.serverNames, (their, our) => their === our) &&
    among(wide.callers, narrow.callers, coversCaller)
  );
}

/** The connections for which both hold, as far as nobody can say that there are none. */
function intersect(a: ConnectionConditions, b: ConnectionConditions): readonly ConnectionConditions[] {
  const names = a.serverNames.filter((name) => b.serverNames.length === 0 || b.serverNames.includes(name));
  const serverNames = a.serverNames.length === 0 ? b.serverNames : names;
  const both = a.callers.flatMap((one) => b.callers.flatMap((other) => intersectCallers(one, other) ?? [one]));
  const callers = a.callers.length === 0 ? b.callers : b.callers.length === 0 ? a.callers : both;
  const none = (limits: readonly unknown[], left: readonly unknown[]) => limits.length > 0 && left.length === 0;
  return none(a.serverNames, serverNames) || none(a.callers, callers) ? [] : [{ serverNames, callers }];
}
