import { authorizationPolicies, isOpen } from '../../manifests/mesh/authorization';
import type { Rule } from '../rule';

export const allowAll: Rule = {
  code: 'MESH-CHK-403',
  severity: 'warning',
  title: 'A policy that allows everything',
  why: 'A rule without `from`, `to` and `when` lets everybody do everything, whatever other ALLOW policies say.',
  fix: 'say in the rule who may call, and what',
  examples: {
    bad: [
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, rules: [{}] }
`,
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec:
  action: ALLOW
  rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/web] } }] }, {}]
`,
    ],
    good: [
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } } }
`,
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { action: DENY, rules: [{}] }
`,
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop, annotations: { istio.io/dry-run: 'true' } }
spec: { selector: { matchLabels: { app: cart } }, rules: [{}] }
`,
    ],
  },
  check: (view) =>
    authorizationPolicies(view).flatMap(({ object, action, rules, selector, targets, namespace, isDryRun }) =>
      action !== 'ALLOW' || isDryRun
        ? []
        : rules.filter(isOpen).map(({ path }) => ({
            object,
            field: path,
            message: `everybody may call everything of ${selector === undefined && targets.length === 0 ? `the namespace \`${namespace}\`` : 'the selected workloads'}`,
          })),
    ),
};
