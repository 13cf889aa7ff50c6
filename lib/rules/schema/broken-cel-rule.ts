import { schemaViolations } from '../problems';
import type { Rule } from '../rule';

export const brokenCelRule: Rule = {
  code: 'MESH-CHK-103',
  istio: 'IST0106',
  severity: 'error',
  title: 'Fields that contradict each other by the rules of the CRD',
  why: 'The API server refuses the whole object by a rule (CEL) in its CustomResourceDefinition.',
  fix: 'keep only one of the fields that exclude each other, or add the one that is missing',
  examples: {
    bad: [
      `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: cart, namespace: shop }
spec: { portLevelMtls: { '8080': { mode: DISABLE } } }
`,
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec:
  rules: [{ from: [{ source: { serviceAccounts: [web], namespaces: [shop] } }] }]
`,
    ],
    good: [
      `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, portLevelMtls: { '8080': { mode: DISABLE } } }
`,
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec:
  rules: [{ from: [{ source: { serviceAccounts: [web] } }] }]
`,
    ],
  },
  check: (view) => schemaViolations(view, 'cel'),
};
