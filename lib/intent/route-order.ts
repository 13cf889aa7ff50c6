import { Code, MeshError, quoted } from '../errors';
import type { Conditions } from './conditions';
import { ANYTHING, coversConditions } from './conditions';
import { PathMatch } from './path-match';
import type { Port } from './port';
import type { RouteIntent } from './route';
import { bySpecificity } from './specificity';

/** One condition with the user's route that it comes from; without one, it is the service's own last rule. */
export interface Rule {
  readonly conditions: Conditions;
  readonly route?: RouteIntent;
}

/** The rules of one port in the order that proxies try them: specific before general, and last everything. */
export function orderedRules(routes: readonly RouteIntent[], port: Port): readonly Rule[] {
  return [...userRules(routes, port), { conditions: ANYTHING }];
}

/** Refuses a rule that earlier ones leave nothing of, and two that are for the same requests. */
export function requireReachable(owner: string, routes: readonly RouteIntent[], port: Port): void {
  const where = `port \`${port.name}\` of \`${owner}\``;
  requireTakingSome(where, 'requests', userRules(routes, port), conditionParts, coversConditions);
}

/** The same for rules of any kind: parts of a condition are what different rules may take of it. */
export function requireTakingSome<C>(
  where: string,
  what: string,
  ordered: readonly { readonly conditions: C; readonly route: { readonly name: string } }[],
  parts: (conditions: C) => readonly C[],
  covers: (wide: C, narrow: C) => boolean,
): void {
  ordered.forEach((rule, index) => {
    const takers = parts(rule.conditions).map((part) =>
      ordered.slice(0, index).find((earlier) => covers(earlier.conditions, part)),
    );
    const [first] = takers;
    const names = new Set(takers.map((taker) => taker?.route.name ?? rule.route.name));
    if (first === undefined || takers.includes(undefined) || (names.size === 1 && names.has(rule.route.name))) {
      return;
    }
    throw new MeshError(
      Code.ROUTE,
      covers(rule.conditions, first.conditions) && names.size === 1
        ? `routes ${quoted([...names, rule.route.name])} of ${where} match the same ${what}`
        : `route \`${rule.route.name}\` of ${where} can never match, since ${quoted(names)} ${names.size === 1 ? 'takes' : 'take'} all of its ${what}`,
      'narrow one of their `matches`, or remove one of them',
    );
  });
}

/** Statuses after which clients send the same method again; after others, most send GET. */
const KEEPS_METHOD: readonly number[] = [307, 308];

/** Refuses a redirect whose answer leads to itself again, for ever. */
export function requireEndingRedirects(owner: string, routes: readonly RouteIntent[], port: Port): void {
  const ordered = userRules(routes, port);
  for (const { conditions, route } of ordered) {
    const { action } = route;
    if (action.kind !== 'redirect' || action.path === undefined || leavesHost(action)) {
      continue;
    }
    const methods = KEEPS_METHOD.includes(action.status) ? conditions.methods : ['GET'];
    const again = { ...conditions, path: PathMatch.exact(action.path), methods };
    const taker = ordered.find((rule) => coversConditions(rule.conditions, again));
    if (taker?.route === route) {
      throw new MeshError(
        Code.ROUTE,
        `route \`${route.name}\` of port \`${port.name}\` of \`${owner}\` redirects to \`${action.path}\`, which it matches again, so that clients go round for ever`,
        'narrow its `matches`, redirect elsewhere, or add a route for that path',
      );
    }
  }
}

function leavesHost({ scheme, host, port }: Extract<RouteIntent['action'], { kind: 'redirect' }>): boolean {
  return scheme !== undefined || host !== undefined || port !== undefined;
}

/** Conditions with one method and one caller each, which different rules may take. */
export function conditionParts(conditions: Conditions): readonly Conditions[] {
  const each = <T>(items: readonly T[]) => (items.length === 0 ? [[]] : items.map((item) => [item]));
  return each(conditions.methods).flatMap((methods) =>
    each(conditions.callers).map((callers) => ({ ...conditions, methods, callers })),
  );
}

function userRules(routes: readonly RouteIntent[], port: Port): readonly Required<Rule>[] {
  return routes
    .filter(({ ports }) => ports === undefined || ports.includes(port.name))
    .flatMap((route) => route.matches.map((match) => ({ route, conditions: match._conditions })))
    .sort((a, b) => bySpecificity(a.conditions, b.conditions));
}
