import { Code, describeProblem } from '../errors';
import type { Conditions } from '../intent/conditions';
import { ANYTHING, coversConditions, intersect } from '../intent/conditions';
import type { EdgeTokens } from '../intent/edge-tokens';
import type { IngressIntent } from '../intent/ingress';
import { enteredTarget } from '../intent/ingress';
import type { MeshIntent } from '../intent/mesh';
import type { PathMatch } from '../intent/path-match';
import type { RouteIntent } from '../intent/route';
import { serviceKey } from '../intent/service';
import type { Registry } from './registry';

/** Routes for pages of other origins whose preflight requests, which carry no token, a gateway refuses before it looks at routes. */
export function preflightWarnings({ edgeTokens, ingresses }: Registry, intent: MeshIntent): readonly string[] {
  const demands = edgeTokens.filter((each) => each.intent.required && !each.intent.exceptPreflight);
  if (demands.length === 0) return [];
  return ingresses.flatMap(({ intent: ingress }) => {
    const { routes } = enteredTarget(intent.service(ingress.service), ingress);
    return routes
      .filter(({ cors }) => cors !== undefined)
      .flatMap((route) => {
        const by = demands.find((demand) => refuses(demand.intent, ingress, route));
        return by === undefined
          ? []
          : [
              describeProblem({
                code: Code.PREFLIGHT,
                message: `route \`${route.name}\` of \`${serviceKey(ingress.service)}\` has \`cors\`, and the gateway refuses the preflight requests of browsers for it, which carry no token, by \`${by.construct.node.path}\``,
                fix: 'say `exceptPreflight: true` in its `IngressTokens.required`',
              }),
            ];
      });
  });
}

function refuses({ entrance, hosts, paths, exceptPaths }: EdgeTokens, ingress: IngressIntent, route: RouteIntent) {
  const demanded = paths.length === 0 ? [ANYTHING] : paths.map(onPath);
  const matched = route.matches.map(({ _conditions: { path } }) => (path === undefined ? ANYTHING : onPath(path)));
  return (
    entrance === ingress.entrance &&
    hosts.some((host) => ingress.hosts.includes(host)) &&
    demanded.some((some) =>
      matched.some((requests) => {
        const both = intersect(some, requests);
        return both?.some((each) => !exceptPaths.some((free) => coversConditions(onPath(free), each))) ?? true;
      }),
    )
  );
}

function onPath(path: PathMatch): Conditions {
  return { ...ANYTHING, path };
}
