import { coveringMatch } from '../route-matches';
import type { Route } from '../../manifests/mesh/virtual-services';
import { virtualServices } from '../../manifests/mesh/virtual-services';
import type { Rule } from '../rule';

export const unreachableRoute: Rule = {
  code: 'MESH-CHK-302',
  istio: 'IST0130',
  severity: 'warning',
  title: 'A route that no request reaches',
  why: 'Routes are tried in order: an earlier one already takes all of these requests.',
  fix: 'move the narrower route before the wider one, or remove it',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart]
  http:
    - route: [{ destination: { host: cart } }]
    - match: [{ uri: { prefix: /api } }]
      route: [{ destination: { host: cart-api } }]
`,
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart]
  http:
    - match: [{ uri: { prefix: / } }]
      route: [{ destination: { host: cart } }]
    - match: [{ uri: { prefix: /api } }, { uri: { exact: /health } }]
      route: [{ destination: { host: cart-api } }]
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart]
  http:
    - match: [{ uri: { prefix: /api } }]
      route: [{ destination: { host: cart-api } }]
    - route: [{ destination: { host: cart } }]
`,
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart]
  http:
    - match: [{ uri: { prefix: /api }, method: { exact: POST } }]
      route: [{ destination: { host: cart-writer } }]
    - match: [{ uri: { prefix: /api/v1 } }]
      route: [{ destination: { host: cart-api } }]
`,
    ],
  },
  check: (view) =>
    virtualServices(view).flatMap(({ object, routes }) =>
      (['http', 'tls', 'tcp'] as const).flatMap((type) => {
        const before: Route[] = [];
        return routes
          .filter((route) => route.type === type)
          .flatMap((route) => {
            const covers = before.slice(0, MOST_COMPARED).find((earlier) => isCovered(earlier, route));
            before.push(route);
            return covers === undefined
              ? []
              : [{ object, field: route.path, message: `\`${covers.path}\` takes all requests of this route` }];
          });
      }),
    ),
};

const MOST_COMPARED = 200;

function isCovered(earlier: Route, { matches }: Route): boolean {
  if (earlier.matches.length === 0) return true;
  return matches.length > 0 && matches.every(([match]) => earlier.matches.some(([wide]) => coveringMatch(wide, match)));
}
