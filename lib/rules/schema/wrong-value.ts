import { schemaViolations } from '../problems';
import type { Rule } from '../rule';

export const wrongValue: Rule = {
  code: 'MESH-CHK-101',
  istio: 'IST0106',
  severity: 'error',
  title: 'A value that the schema of the kind refuses',
  why: 'The API server refuses the whole object, so that what ran before stays as it was.',
  fix: 'write a value of the type and in the range that the schema of the kind asks for',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart]
  http: [{ timeout: soon, route: [{ destination: { host: cart }, weight: many }] }]
`,
      `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: MUTUAL } }
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart]
  http: [{ timeout: 5s, route: [{ destination: { host: cart }, weight: 100 }] }]
`,
      `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: STRICT } }
`,
    ],
  },
  check: (view) => schemaViolations(view, 'schema'),
};
