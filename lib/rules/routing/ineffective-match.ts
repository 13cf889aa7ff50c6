import { coveringMatch } from '../route-matches';
import { virtualServices } from '../../manifests/mesh/virtual-services';
import type { Rule } from '../rule';

export const ineffectiveMatch: Rule = {
  code: 'MESH-CHK-303',
  istio: 'IST0131',
  severity: 'warning',
  title: 'A match that never decides anything',
  why: 'An earlier route, or an earlier match of the same route, already takes all of its requests.',
  fix: 'remove the match, or move its route up',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart]
  http:
    - match: [{ uri: { prefix: /api } }, { uri: { exact: /api/health } }]
      route: [{ destination: { host: cart-api } }]
`,
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart]
  http:
    - match: [{ uri: { exact: /login } }]
      route: [{ destination: { host: login } }]
    - match: [{ uri: { exact: /login } }, { uri: { prefix: /users } }]
      route: [{ destination: { host: users } }]
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart]
  http:
    - match: [{ uri: { exact: /api } }, { uri: { prefix: /api/ } }]
      route: [{ destination: { host: cart-api } }]
`,
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart]
  http:
    - match: [{ uri: { exact: /login }, headers: { x-new: { exact: 'true' } } }]
      route: [{ destination: { host: login-v2 } }]
    - match: [{ uri: { exact: /login } }]
      route: [{ destination: { host: login } }]
`,
    ],
  },
  check: (view) =>
    virtualServices(view).flatMap(({ object, routes }) =>
      (['http', 'tls', 'tcp'] as const).flatMap((type) => {
        const before: { readonly path: string; readonly match: Readonly<Record<string, unknown>> }[] = [];
        return routes
          .filter((route) => route.type === type)
          .flatMap(({ path, matches }) =>
            matches.flatMap(([match, index]) => {
              const at = `${path}.match[${index}]`;
              const covers = before.slice(0, MOST_COMPARED).find((earlier) => coveringMatch(earlier.match, match));
              before.push({ path: at, match });
              // A route of which all matches are taken is unreachable, which another rule reports.
              return covers === undefined || matches.length === 1
                ? []
                : [{ object, field: at, message: `\`${covers.path}\` takes all of its requests` }];
            }),
          );
      }),
    ),
};

const MOST_COMPARED = 200;
