import { quoted } from '../../errors';
import { destinationRulesFor } from '../../manifests/mesh/destination-rules';
import { seesHost } from '../../manifests/mesh/registry';
import { virtualServices } from '../../manifests/mesh/virtual-services';
import type { Rule } from '../rule';

export const subsetMissing: Rule = {
  code: 'MESH-CHK-205',
  istio: 'IST0101',
  severity: 'error',
  title: 'A route leads to a subset that no DestinationRule in effect defines',
  why: 'The proxy has no cluster for the subset, so that requests of this route get 503.',
  fix: 'add the subset to the DestinationRule of the host, or correct its name',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, subsets: [{ name: v1, labels: { version: v1 } }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ route: [{ destination: { host: cart, subset: v2 } }] }] }
`,
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: everything, namespace: shop }
spec: { host: '*.shop.svc.cluster.local', subsets: [{ name: v1, labels: { version: v1 } }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, trafficPolicy: { loadBalancer: { simple: RANDOM } } }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ route: [{ destination: { host: cart, subset: v1 } }] }] }
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart-a, namespace: shop }
spec: { host: cart, subsets: [{ name: v1, labels: { version: v1 } }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart-b, namespace: shop }
spec: { host: cart.shop.svc.cluster.local, subsets: [{ name: v2, labels: { version: v2 } }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ route: [{ destination: { host: cart, subset: v2 } }] }] }
`,
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, subsets: [{ name: v2, labels: { version: v2 } }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: web }
spec:
  hosts: [cart.shop.svc.cluster.local]
  http: [{ route: [{ destination: { host: cart.shop.svc.cluster.local, subset: v2 } }] }]
`,
    ],
  },
  check: (view) =>
    virtualServices(view).flatMap(({ object, namespace, routes }) =>
      routes.flatMap(({ destinations }) =>
        destinations.flatMap(({ path, host, subset }) => {
          if (subset === undefined || subset === '') return [];
          const rules = destinationRulesFor(view, host, namespace);
          const known = rules.flatMap(({ subsets }) => subsets.map(({ name }) => name));
          if (known.includes(subset) || (rules.length === 0 && !seesHost(view, host))) return [];
          const having =
            rules.length === 0
              ? 'no DestinationRule is in effect for it here'
              : `${rules.map((rule) => `\`${rule.object.object.metadata?.name}\``).join(', ')} has ${known.length === 0 ? 'none' : quoted(known)}`;
          return [{ object, field: `${path}.subset`, message: `\`${host}\` has no subset \`${subset}\`: ${having}` }];
        }),
      ),
    ),
};
