import type { Problem } from '../../../errors';
import { Code } from '../../../errors';
import type { Route } from './routes';
import type { Routing } from './routing';

/** Versions that lose their definition while the state before, or the state after, routes to them, by host. */
export function subsetProblems(before: Routing, after: Routing): ReadonlyMap<string, readonly Problem[]> {
  return new Map(
    [...new Set([...before.routes.keys(), ...after.routes.keys()])].map((key) => {
      const missing = missingProblems(key, after);
      return [key, missing.length > 0 ? missing : removedProblems(key, before, after)];
    }),
  );
}

/** Routes to what is not there: requests on them are answered with 503. */
function missingProblems(key: string, after: Routing): readonly Problem[] {
  const rules = after.rulesOf(key);
  return bySubset(after.routes.get(key) ?? []).flatMap(([subset, routes]) =>
    rules?.subsets.has(subset) === true
      ? []
      : [
          {
            code: Code.VERSION_MISSING,
            message: `${objectsOf(routes)} ${routes.length === 1 ? 'routes' : 'route'} to subset \`${subset}\` of \`${routes[0]?.host ?? key}\`, which ${rules === undefined ? 'no DestinationRule defines' : `${rules.from.join(', ')} does not define`}`,
            fix: 'define the version, or route to one that is defined',
          },
        ],
  );
}

/** Versions that leave while proxies may still route to them: those get their routes and their subsets one after the other. */
function removedProblems(key: string, before: Routing, after: Routing): readonly Problem[] {
  const [were, are] = [before.rulesOf(key), after.rulesOf(key)];
  if (are === undefined && !after.hosts.has(key) && !after.routes.has(key)) return [];
  return bySubset(before.routes.get(key) ?? [])
    .filter(([subset]) => were?.subsets.has(subset) === true && are?.subsets.has(subset) !== true)
    .map(([subset, routes]) => ({
      code: Code.VERSION_MISSING,
      message: `subset \`${subset}\` of \`${routes[0]?.host ?? key}\` is removed from ${were?.from.join(', ') ?? ''}, and before ${objectsOf(routes)} ${routes.length === 1 ? 'routes' : 'route'} to it`,
      fix: 'take its share and its matches away in one change, and the version itself in the next one',
    }));
}

function bySubset(routes: readonly Route[]): readonly (readonly [string, readonly Route[]])[] {
  const found = new Map<string, Map<string, Route>>();
  for (const route of routes) {
    if (route.subset === undefined) continue;
    const known = found.get(route.subset) ?? new Map<string, Route>();
    found.set(route.subset, known.set(route.from, route));
  }
  return [...found].map(([subset, byObject]) => [subset, [...byObject.values()]]);
}

function objectsOf(routes: readonly Route[]): string {
  return routes.map(({ from }) => from).join(', ');
}
