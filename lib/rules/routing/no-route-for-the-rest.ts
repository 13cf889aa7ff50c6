import { takesEverything } from '../route-matches';
import { isOfMesh, virtualServices } from '../../manifests/mesh/virtual-services';
import type { Rule } from '../rule';

export const noRouteForTheRest: Rule = {
  code: 'MESH-CHK-304',
  severity: 'warning',
  title: 'A VirtualService of the mesh without a route for the rest',
  why: 'A request that no match takes gets 404: there is no way back to what Kubernetes would do.',
  fix: 'add a last route without `match`',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart]
  http:
    - match: [{ headers: { x-canary: { exact: 'true' } } }]
      route: [{ destination: { host: cart, subset: v2 } }]
`,
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart]
  gateways: [mesh, ingress/public]
  http:
    - match: [{ uri: { prefix: /api } }]
      route: [{ destination: { host: cart } }]
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart]
  http:
    - match: [{ headers: { x-canary: { exact: 'true' } } }]
      route: [{ destination: { host: cart, subset: v2 } }]
    - route: [{ destination: { host: cart } }]
`,
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [shop.example.com]
  gateways: [ingress/public]
  http:
    - match: [{ uri: { prefix: /cart } }]
      route: [{ destination: { host: cart } }]
`,
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: partner, namespace: shop }
spec:
  hosts: [api.example.com]
  gateways: [mesh, egress/egress]
  http:
    - match: [{ gateways: [mesh], port: 80 }]
      route: [{ destination: { host: egress.egress.svc.cluster.local } }]
    - match: [{ gateways: [egress/egress], port: 443 }]
      route: [{ destination: { host: api.example.com } }]
`,
    ],
  },
  check: (view) =>
    virtualServices(view).flatMap(({ object, gateways, routes, isDelegate }) => {
      const http = routes.filter(({ type }) => type === 'http');
      const last = http.at(-1);
      if (last === undefined || isDelegate || !gateways.includes('mesh')) return [];
      // Where routes are for one port each, the last one of a port takes the rest of it; those for gateways take nothing here.
      const isOpen = http.some(
        ({ matches }) =>
          matches.length === 0 ||
          matches.some(
            ([match]) => isOfMesh(match) && takesEverything({ ...match, port: undefined, gateways: undefined }),
          ),
      );
      return isOpen
        ? []
        : [
            {
              object,
              field: last.path,
              message: 'the last route has a `match`, and requests that no route takes get 404',
            },
          ];
    }),
};
