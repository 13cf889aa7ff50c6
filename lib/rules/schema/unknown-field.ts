import { schemaViolations } from '../problems';
import type { Rule } from '../rule';

export const unknownField: Rule = {
  code: 'MESH-CHK-102',
  istio: 'IST0106',
  severity: 'error',
  title: 'A field that the kind does not have',
  why: 'The API server drops the field, or refuses the object: what it was meant to do does not happen.',
  fix: 'correct the name of the field, or move it to where the kind has it',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart]
  http: [{ perTryTimeout: 2s, route: [{ destination: { host: cart } }] }]
`,
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec:
  rules: [{ from: [{ source: { principal: [cluster.local/ns/shop/sa/web] } }] }]
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart]
  http: [{ retries: { attempts: 2, perTryTimeout: 2s }, route: [{ destination: { host: cart } }] }]
`,
      `apiVersion: example.com/v1
kind: Anything
metadata: { name: cart, namespace: shop }
spec: { principal: [web] }
`,
    ],
  },
  check: (view) => schemaViolations(view, 'unknown field'),
};
