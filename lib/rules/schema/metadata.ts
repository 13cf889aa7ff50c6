import { schemaViolations } from '../problems';
import type { Rule } from '../rule';

export const metadata: Rule = {
  code: 'MESH-CHK-104',
  istio: 'IST0106',
  severity: 'error',
  title: 'A name, label or annotation that Kubernetes refuses',
  why: 'The API server refuses the whole object.',
  fix: 'use lower-case letters, digits and `-` in names, and at most 63 characters in the values of labels',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: Cart_Rule, namespace: shop }
spec: { host: cart }
`,
      `apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop, labels: { app: 'my cart' } }
spec: { ports: [{ port: 80, name: http }] }
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart-rule.v1 }
spec: { host: cart }
`,
      `apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop, annotations: { note: 'my cart' } }
spec: { ports: [{ port: 80, name: http }] }
`,
    ],
  },
  check: (view) => schemaViolations(view, 'metadata'),
};
