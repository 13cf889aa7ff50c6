import { meshVirtualServices, virtualServices } from '../../manifests/mesh/virtual-services';
import { nameOf, namespaceOf } from '../../manifests/view';
import type { Rule } from '../rule';

export const ingressRoutesIgnored: Rule = {
  code: 'MESH-CHK-308',
  istio: 'IST0140',
  severity: 'warning',
  title: 'A gateway passes the routes of the mesh by',
  why: 'A gateway uses only VirtualServices that are bound to it. Shares, matches, retries and timeouts of a VirtualService of the mesh mean nothing to requests from outside.',
  fix: 'repeat what is needed in the VirtualService of the gateway, or bind the one with the routes to `mesh` and the gateway',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart]
  http: [{ route: [{ destination: { host: cart, subset: v1 }, weight: 90 }, { destination: { host: cart, subset: v2 }, weight: 10 }] }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: public, namespace: shop }
spec:
  hosts: [shop.example.com]
  gateways: [ingress/public]
  http: [{ route: [{ destination: { host: cart } }] }]
`,
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart]
  http: [{ match: [{ headers: { x-v2: { exact: 'true' } } }], route: [{ destination: { host: cart, subset: v2 } }] }, { route: [{ destination: { host: cart, subset: v1 } }] }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: public, namespace: web }
spec:
  hosts: [shop.example.com]
  gateways: [ingress/public]
  http: [{ match: [{ uri: { prefix: /cart } }], route: [{ destination: { host: cart.shop.svc.cluster.local } }] }]
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart]
  http: [{ timeout: 2s, route: [{ destination: { host: cart } }] }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: public, namespace: shop }
spec:
  hosts: [shop.example.com]
  gateways: [ingress/public]
  http: [{ route: [{ destination: { host: cart } }] }]
`,
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart]
  http: [{ route: [{ destination: { host: cart, subset: v1 }, weight: 90 }, { destination: { host: cart, subset: v2 }, weight: 10 }] }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: public, namespace: shop }
spec:
  hosts: [shop.example.com]
  gateways: [ingress/public]
  http: [{ route: [{ destination: { host: cart, subset: v1 } }] }]
`,
    ],
  },
  check: (view) =>
    virtualServices(view).flatMap(({ object, namespace, gateways, routes }) =>
      gateways.includes('mesh')
        ? []
        : routes.flatMap(({ destinations, type }) =>
            destinations.flatMap(({ path, host, subset, isMirror }) => {
              if (type !== 'http' || isMirror || subset !== undefined) return [];
              const [mesh] = meshVirtualServices(view, host, namespace);
              const splits =
                mesh?.hosts.includes(host) === true &&
                mesh.routes.some((route) =>
                  route.destinations.some((end) => end.subset !== undefined && !end.isMirror),
                );
              return mesh === undefined || !splits
                ? []
                : [
                    {
                      object,
                      field: path,
                      message: `\`${namespaceOf(mesh.object)}/${nameOf(mesh.object)}\` sends requests for \`${host}\` to subsets, but not those from this gateway`,
                    },
                  ];
            }),
          ),
    ),
};
