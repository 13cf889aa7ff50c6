import { Code, MeshError } from '../errors';
import type { Conditions } from './conditions';
import { ANYTHING, coversConditions } from './conditions';
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

/** Refuses a rule that an earlier one leaves nothing of, and two that are for the same requests. */
export function requireReachable(owner: string, routes: readonly RouteIntent[], port: Port): void {
  const ordered = userRules(routes, port);
  ordered.forEach((rule, index) => {
    const first = ordered.slice(0, index).find((earlier) => coversConditions(earlier.conditions, rule.conditions));
    if (first !== undefined && first.route.name !== rule.route.name) {
      const same = coversConditions(rule.conditions, first.conditions);
      throw new MeshError(
        Code.ROUTE,
        same
          ? `routes \`${first.route.name}\` and \`${rule.route.name}\` of port \`${port.name}\` of \`${owner}\` match the same requests`
          : `route \`${rule.route.name}\` of port \`${port.name}\` of \`${owner}\` can never match, since \`${first.route.name}\` takes all of its requests`,
        'narrow one of their `matches`, or remove one of them',
      );
    }
  });
}

function userRules(routes: readonly RouteIntent[], port: Port): readonly Required<Rule>[] {
  return routes
    .filter(({ ports }) => ports === undefined || ports.includes(port.name))
    .flatMap((route) => route.matches.map((match) => ({ route, conditions: match._conditions })))
    .sort((a, b) => bySpecificity(a.conditions, b.conditions));
}
