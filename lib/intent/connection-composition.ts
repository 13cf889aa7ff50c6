import { Code, MeshError } from '../errors';
import { coversCaller, intersectCallers } from './callers';
import type { ConnectionRouteIntent } from './connection-route';
import { asksForName, orderedConnections, requireReachableConnections } from './connection-route';
import type { CallerRef } from './peer';
import { describeRef } from './peer';
import type { Port } from './port';
import type { RouteTarget } from './route-target';

/** Connections of one client to one name, where there are names. */
export interface ConnectionPart {
  readonly serverName?: string;
  readonly caller?: CallerRef;
}

/** One step in the order in which a proxy looks for where a connection goes. */
export interface ComposedConnection {
  /** Any of which suffices. */
  readonly parts: readonly ConnectionPart[];
  readonly route?: ConnectionRouteIntent;
  /** Whose connections these are, where a caller has settings of its own. */
  readonly caller?: CallerRef;
}

/**
 * Routes of one port in a safe order: the user's, specific before general, and last all that is left. Where callers have
 * settings of their own at the end of a rule, they come before the others.
 */
export function composeConnections(
  { name: owner, connections }: Pick<RouteTarget, 'name' | 'connections'>,
  port: Port,
  names: readonly string[],
  distinct: (route: ConnectionRouteIntent | undefined) => readonly CallerRef[],
): readonly ComposedConnection[] {
  requireReachableConnections(owner, connections, port);
  const taken: ConnectionPart[] = [];
  const composed: ComposedConnection[] = [];
  for (const { conditions, route } of orderedConnections(connections, port)) {
    const known = conditions.serverNames.length === 0 ? names : names.filter((n) => conditions.serverNames.includes(n));
    for (const caller of [...distinct(route), undefined]) {
      const callers = meeting(owner, conditions.callers, caller);
      const parts = (asksForName(port) ? known.map((serverName) => ({ serverName })) : [{}])
        .flatMap((name) => callers.map((one) => ({ ...name, ...(one === undefined ? {} : { caller: one }) })))
        .filter((part) => !taken.some((earlier) => coversPart(earlier, part)));
      taken.push(...parts);
      if (parts.length > 0) {
        composed.push({
          parts,
          ...(route === undefined ? {} : { route }),
          ...(caller === undefined ? {} : { caller }),
        });
      }
    }
  }
  return composed;
}

function coversPart(wide: ConnectionPart, narrow: ConnectionPart): boolean {
  return (
    wide.serverName === narrow.serverName &&
    (wide.caller === undefined || (narrow.caller !== undefined && coversCaller(wide.caller, narrow.caller)))
  );
}

/** The callers of a rule who are also this one; undefined is everybody. */
function meeting(
  owner: string,
  callers: readonly CallerRef[],
  other: CallerRef | undefined,
): readonly (CallerRef | undefined)[] {
  if (callers.length === 0 || other === undefined) {
    return callers.length === 0 ? [other] : callers;
  }
  return callers.flatMap((caller) => {
    const both = intersectCallers(caller, other);
    if (both === undefined) {
      throw new MeshError(
        Code.ROUTE,
        `two conditions on connections to \`${owner}\` meet, and it cannot be told whether a pod is both ${describeRef(caller)} and ${describeRef(other)}`,
        'use callers of one kind',
      );
    }
    return both;
  });
}
