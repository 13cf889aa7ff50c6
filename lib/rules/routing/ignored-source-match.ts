import { virtualServices } from '../../manifests/mesh/virtual-services';
import { textList } from '../../manifests/objects';
import type { Rule } from '../rule';

export const ignoredSourceMatch: Rule = {
  code: 'MESH-CHK-305',
  severity: 'warning',
  title: 'A match on the caller beside `gateways`, where it is ignored',
  why: 'With `gateways` in a match or a gateway in `spec.gateways`, `sourceLabels` and `sourceNamespace` do not count at that gateway: the route takes requests of everybody.',
  fix: 'leave `gateways` out of the match, or split the VirtualService into one for the mesh and one for the gateway',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart]
  gateways: [mesh, ingress/public]
  http:
    - match: [{ gateways: [ingress/public], sourceLabels: { app: web } }]
      route: [{ destination: { host: cart } }]
`,
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart]
  gateways: [ingress/public]
  http:
    - match: [{ sourceNamespace: web }]
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
    - match: [{ sourceLabels: { app: web } }]
      route: [{ destination: { host: cart } }]
    - route: [{ destination: { host: cart } }]
`,
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart]
  gateways: [mesh, ingress/public]
  http:
    - match: [{ gateways: [mesh], sourceLabels: { app: web } }]
      route: [{ destination: { host: cart } }]
    - route: [{ destination: { host: cart } }]
`,
    ],
  },
  check: (view) =>
    virtualServices(view).flatMap(({ object, gateways, routes }) =>
      routes.flatMap(({ path, matches }) =>
        matches.flatMap(([match, index]) => {
          const own = textList(match['gateways']);
          const places = own.length === 0 ? gateways : own;
          if (places.includes('mesh')) return [];
          return ['sourceLabels', 'sourceNamespace']
            .filter((field) => match[field] !== undefined)
            .map((field) => ({
              object,
              field: `${path}.match[${index}].${field}`,
              message: `\`${field}\` does not count at a gateway`,
            }));
        }),
      ),
    ),
};
