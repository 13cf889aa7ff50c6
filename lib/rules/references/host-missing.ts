import { findHost, seesHost } from '../../manifests/mesh/registry';
import { virtualServices } from '../../manifests/mesh/virtual-services';
import type { Rule } from '../rule';

export const hostMissing: Rule = {
  code: 'MESH-CHK-202',
  istio: 'IST0101',
  severity: 'error',
  title: 'A route leads to a host that does not exist',
  why: 'The proxy has no cluster for the host, so that requests of this route get 503.',
  fix: 'correct `host`, written as `name.namespace.svc.cluster.local`, or add the Service or ServiceEntry',
  examples: {
    bad: [
      `apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 80, name: http }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ route: [{ destination: { host: carts } }] }] }
`,
      `apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 80, name: http }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: web }
spec: { hosts: [cart.shop.svc.cluster.local], http: [{ route: [{ destination: { host: cart } }] }] }
`,
    ],
    good: [
      `apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 80, name: http }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: web }
spec:
  hosts: [cart.shop.svc.cluster.local]
  http: [{ route: [{ destination: { host: cart.shop.svc.cluster.local } }] }]
`,
      `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: partners, namespace: web }
spec:
  hosts: ['*.partner.example']
  location: MESH_EXTERNAL
  ports: [{ number: 443, name: tls, protocol: TLS }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: api, namespace: web }
spec:
  hosts: [api.partner.example]
  tls: [{ match: [{ sniHosts: [api.partner.example] }], route: [{ destination: { host: api.partner.example } }] }]
`,
    ],
  },
  check: (view) =>
    virtualServices(view).flatMap(({ object, namespace, routes }) =>
      routes.flatMap(({ destinations }) =>
        destinations
          .filter(({ host }) => findHost(view, host, namespace) === undefined && seesHost(view, host))
          .map(({ path, host }) => ({
            object,
            field: `${path}.host`,
            message: `there is no Service or ServiceEntry with the host \`${host}\``,
          })),
      ),
    ),
};
