import { isOfMesh, virtualServices } from '../../manifests/mesh/virtual-services';
import { isRecord } from '../../manifests/objects';
import type { Rule } from '../rule';

export const jwtClaimInMesh: Rule = {
  code: 'MESH-CHK-306',
  istio: 'IST0106',
  severity: 'error',
  title: 'A match on a claim of a token outside of a gateway',
  why: 'Only gateways route by claims (`@request.auth.claims`): sidecars never match the route.',
  fix: 'bind the VirtualService to a gateway only, or decide by a header',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart]
  http:
    - match: [{ headers: { '@request.auth.claims.group': { exact: staff } } }]
      route: [{ destination: { host: cart } }]
`,
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart]
  gateways: [mesh, ingress/public]
  http:
    - match: [{ withoutHeaders: { '@request.auth.claims.group': { exact: staff } } }]
      route: [{ destination: { host: cart } }]
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [shop.example.com]
  gateways: [ingress/public]
  http:
    - match: [{ headers: { '@request.auth.claims.group': { exact: staff } } }]
      route: [{ destination: { host: cart } }]
`,
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart, shop.example.com]
  gateways: [mesh, ingress/public]
  http:
    - match: [{ gateways: [ingress/public], headers: { '@request.auth.claims.group': { exact: staff } } }]
      route: [{ destination: { host: cart } }]
    - route: [{ destination: { host: cart } }]
`,
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart]
  http:
    - match: [{ headers: { x-group: { exact: staff } } }]
      route: [{ destination: { host: cart } }]
`,
    ],
  },
  check: (view) =>
    virtualServices(view).flatMap(({ object, gateways, routes, isDelegate }) =>
      isDelegate || !gateways.includes('mesh')
        ? []
        : routes.flatMap(({ path, matches }) =>
            matches.flatMap(([match, index]) =>
              (isOfMesh(match) ? ['headers', 'withoutHeaders'] : []).flatMap((field) =>
                Object.keys(isRecord(match[field]) ? match[field] : {})
                  .filter((name) => name.startsWith('@request.auth.claims'))
                  .map((name) => ({
                    object,
                    field: `${path}.match[${index}].${field}`,
                    message: `\`${name}\` is no header that a sidecar knows`,
                  })),
              ),
            ),
          ),
    ),
};
