import type { Conditions } from './conditions';
import { coversConditions, intersect } from './conditions';
import { PathMatch, PathMatchKind } from './path-match';
import type { ServiceRef } from './peer';
import type { Port } from './port';
import type { RouteIntent } from './route';
import { rewrittenPath } from './route';
import { orderedRules } from './route-order';

/** Requests as they are sent on by the rule that takes them: their destination sees these paths. */
export interface Passage {
  readonly conditions: Conditions;
  /** The paths as they came in. */
  readonly path?: PathMatch;
  /** The rule, if it is one of the user's. */
  readonly route?: RouteIntent;
  /** Another service than the one that was called. */
  readonly to?: ServiceRef;
}

/**
 * What becomes of requests that enter one port, as far as they are sent on. Where only a proxy could tell which requests a
 * rule takes, all that it could take count.
 */
export function passages(
  routes: readonly RouteIntent[],
  port: Port,
  entered: readonly Conditions[],
): readonly Passage[] {
  const ordered = orderedRules(routes, port);
  return entered.flatMap((entry) =>
    ordered.flatMap((rule, index) => {
      const taken = intersect(entry, rule.conditions) ?? [{ ...rule.conditions, callers: entry.callers }];
      const left = taken.filter(
        (conditions) => !ordered.slice(0, index).some((earlier) => coversConditions(earlier.conditions, conditions)),
      );
      return left.flatMap((conditions) => sentOn(conditions, rule.conditions.path, rule.route));
    }),
  );
}

function sentOn(
  conditions: Conditions,
  matched: PathMatch | undefined,
  route: RouteIntent | undefined,
): readonly Passage[] {
  const { path } = conditions;
  const cameIn = path === undefined ? {} : { path };
  if (route === undefined) {
    return [{ conditions, ...cameIn }];
  }
  const { action } = route;
  if (action.kind !== 'forward') {
    return [];
  }
  const { rewritePath, to } = action;
  const rewritten =
    rewritePath === undefined || matched === undefined || path === undefined
      ? path
      : rewrittenMatch(matched, rewritePath, path);
  return [
    {
      conditions: { ...conditions, ...(rewritten === undefined ? {} : { path: rewritten }) },
      ...cameIn,
      route,
      ...(to === undefined ? {} : { to }),
    },
  ];
}

function rewrittenMatch(matched: PathMatch, rewritePath: string, path: PathMatch): PathMatch {
  if (matched.kind === PathMatchKind.EXACT || path.kind === PathMatchKind.EXACT) {
    return PathMatch.exact(rewrittenPath(matched, rewritePath, path.value));
  }
  return path.kind === PathMatchKind.TEMPLATE
    ? PathMatch.template(rewrittenPath(matched, rewritePath, path.value))
    : // What an expression matches below the prefix is not known.
      PathMatch.prefix(
        rewrittenPath(matched, rewritePath, path.kind === PathMatchKind.PREFIX ? path.value : matched.value),
      );
}
