import { virtualServices } from '../../manifests/mesh/virtual-services';
import { textAt } from '../../manifests/objects';
import { nameOf } from '../../manifests/view';
import type { Rule } from '../rule';

export const delegateMissing: Rule = {
  code: 'MESH-CHK-212',
  severity: 'error',
  title: 'A route hands over to a VirtualService that does not exist',
  why: 'The route is dropped, so that its requests get 404.',
  fix: 'correct `delegate.name` and `delegate.namespace`, or add the VirtualService without `hosts`',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: root, namespace: shop }
spec:
  hosts: [shop.example.com]
  gateways: [ingress/public]
  http: [{ match: [{ uri: { prefix: /cart } }], delegate: { name: cart } }]
`,
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: root, namespace: shop }
spec:
  hosts: [shop.example.com]
  gateways: [ingress/public]
  http: [{ match: [{ uri: { prefix: /cart } }], delegate: { name: cart } }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart]
  http: [{ route: [{ destination: { host: cart } }] }]
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: root, namespace: shop }
spec:
  hosts: [shop.example.com]
  gateways: [ingress/public]
  http: [{ match: [{ uri: { prefix: /cart } }], delegate: { name: cart } }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  http: [{ route: [{ destination: { host: cart } }] }]
`,
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: root, namespace: shop }
spec:
  hosts: [shop.example.com]
  gateways: [ingress/public]
  http: [{ delegate: { name: pay, namespace: bank } }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: pay, namespace: bank }
spec:
  http: [{ route: [{ destination: { host: pay } }] }]
`,
    ],
  },
  check: (view) => {
    const known = new Map(virtualServices(view).map((found) => [`${found.namespace}/${nameOf(found.object)}`, found]));
    return virtualServices(view).flatMap(({ object, namespace, routes }) =>
      routes.flatMap(({ path, fields }) => {
        const name = textAt(fields, 'delegate', 'name');
        if (name === undefined) return [];
        const place = textAt(fields, 'delegate', 'namespace') ?? namespace;
        const found = known.get(`${place}/${name}`);
        if (found === undefined && !view.sees(place)) return [];
        const problem =
          found === undefined
            ? 'does not exist'
            : found.isDelegate
              ? undefined
              : 'has `hosts` of its own, so that nothing may delegate to it';
        return problem === undefined
          ? []
          : [{ object, field: `${path}.delegate.name`, message: `the VirtualService \`${place}/${name}\` ${problem}` }];
      }),
    );
  },
};
