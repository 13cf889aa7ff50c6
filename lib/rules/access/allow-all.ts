import { authorizationPolicies, isOpen, isOpenToMesh } from '../../manifests/mesh/authorization';
import type { Rule } from '../rule';

export const allowAll: Rule = {
  code: 'MESH-CHK-403',
  severity: 'warning',
  title: 'A policy that allows everything',
  why: 'A rule without `from`, `to` and `when` lets everybody do everything, whatever other ALLOW policies say; one for `*` alone, everybody in the mesh.',
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
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { rules: [{ from: [{ source: { principals: ['*'] } }] }] }
`,
    ],
    good: [
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { rules: [{ from: [{ source: { principals: ['*'] } }], to: [{ operation: { paths: [/healthz] } }] }] }
`,
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { rules: [{ from: [{ source: { namespaces: ['*'], remoteIpBlocks: [203.0.113.0/24] } }] }] }
`,
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
        : rules
            .filter((rule) => isOpen(rule) || isOpenToMesh(rule))
            .map(({ path, sources }) => ({
              object,
              field: path,
              message: `everybody${sources.length === 0 ? '' : ' in the mesh'} may call everything of ${selector === undefined && targets.length === 0 ? `the namespace \`${namespace}\`` : 'the selected workloads'}`,
            })),
    ),
};
