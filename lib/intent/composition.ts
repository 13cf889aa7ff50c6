import { Code, MeshError } from '../errors';
import type { Conditions } from './conditions';
import { ANYTHING, coversConditions, intersect } from './conditions';
import type { PathMatch } from './path-match';
import type { CallerRef, ServiceRef } from './peer';
import { describeRef } from './peer';
import type { Port } from './port';
import type { Destination } from './release';
import type { RetrySettings } from './resilience';
import type { RouteIntent } from './route';
import type { MirrorEnd, Services } from './route-end';
import { routeEnd } from './route-end';
import { orderedRules, requireEndingRedirects, requireReachable } from './route-order';
import type { RouteTarget } from './route-target';
import { waysOf } from './ways';

/** One step in the order in which a proxy looks for where a request goes. */
export interface ComposedRoute {
  /** Any of which suffices; none means every request. */
  readonly conditions: readonly Conditions[];
  /** The rule of the user that it comes from; undefined is the service's own. */
  readonly rule?: RouteIntent;
  /** The path of that rule's match. */
  readonly matched?: PathMatch;
  /** The service that they go to, where it is not the one that was called. */
  readonly to?: ServiceRef;
  /** Its port. */
  readonly port: Port;
  /** Whose requests these are, where a caller has settings of its own. */
  readonly caller?: CallerRef;
  readonly destinations: readonly Destination[];
  /** Where copies of them go. */
  readonly mirror?: MirrorEnd;
  readonly timeoutMillis?: number;
  readonly retries: RetrySettings | 'off';
  readonly streaming: boolean;
}

/**
 * Routes to one port of a target in a safe order: the user's rules, specific before general, and last everything that
 * entered.
 */
export function composeRoutes(
  target: RouteTarget,
  port: Port,
  entered: readonly Conditions[],
  services: Services,
): readonly ComposedRoute[] {
  requireReachable(target.name, target.routes, port);
  requireEndingRedirects(target.name, target.routes, port);
  const composed = orderedRules(target.routes, port).flatMap((rule) => {
    const end = routeEnd(target, port, rule.route, services);
    return waysOf(target, port, rule.route, end, services).flatMap(({ when, ...way }) => {
      const conditions = product(target, [[rule.conditions], entered, ...when]);
      return conditions.length === 0
        ? []
        : [
            {
              ...way,
              conditions: conditions.some(isAnything) ? [] : conditions,
              ...(rule.route === undefined ? {} : { rule: rule.route }),
              ...(rule.conditions.path === undefined ? {} : { matched: rule.conditions.path }),
              ...(end?.to === undefined ? {} : { to: end.to }),
              port: end?.port ?? port,
            },
          ];
    });
  });
  return composed.filter((route, index) => !composed.slice(0, index).some((earlier) => takesAll(earlier, route)));
}

/** Whether an earlier route leaves nothing of a later one; the last route of all stays whatever comes before. */
function takesAll(earlier: ComposedRoute, later: ComposedRoute): boolean {
  return (
    later.conditions.length > 0 &&
    later.conditions.every((narrow) => earlier.conditions.some((wide) => coversConditions(wide, narrow)))
  );
}

/** The requests for which one entry of every list holds. */
function product(target: RouteTarget, lists: readonly (readonly Conditions[])[]): readonly Conditions[] {
  return lists.filter(limits).reduce<readonly Conditions[]>(
    (sofar, list) =>
      sofar.flatMap((left) =>
        list.flatMap((right) => {
          const both = intersect(left, right);
          if (both === undefined) {
            throw new MeshError(
              Code.ROUTE,
              `two conditions on requests of \`${target.name}\` meet, and it cannot be told which requests both match: ${describe(left)} and ${describe(right)}`,
              'use exact values or prefixes in both, or the same condition; callers of one kind; `HeaderMatch.cookie` of two different cookies at most',
            );
          }
          return both;
        }),
      ),
    [ANYTHING],
  );
}

function limits(list: readonly Conditions[]): boolean {
  return list.length !== 1 || list[0] !== ANYTHING;
}

function isAnything(conditions: Conditions): boolean {
  // A path that every path matches is kept: it is what a rewrite replaces.
  return conditions === ANYTHING || (conditions.path === undefined && coversConditions(conditions, ANYTHING));
}

function describe({ path, headers, query, callers, claims = [] }: Conditions): string {
  return [
    ...callers.map((caller) => `caller ${describeRef(caller)}`),
    ...(path === undefined ? [] : [`path \`${path.value}\``]),
    ...headers.map(({ name, value }) => `header \`${name}: ${value}\``),
    ...query.map(({ name, value }) => `query \`${name}=${value}\``),
    ...claims.map(({ names, values }) => `claim \`${names.join('.')}=${values.join('|')}\``),
  ].join(', ');
}
