import { authorizationPolicies } from '../../manifests/mesh/authorization';
import type { Rule } from '../rule';

export const denyWithoutRules: Rule = {
  code: 'MESH-CHK-408',
  istio: 'IST0106',
  severity: 'error',
  title: 'A DENY, AUDIT or CUSTOM policy without rules',
  why: 'Istio refuses DENY and CUSTOM policies without rules, and an AUDIT policy without any does nothing.',
  fix: 'add `rules`, as `[{}]` for all requests; to deny what nobody allows, use ALLOW without rules',
  examples: {
    bad: [
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { action: DENY }
`,
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { action: CUSTOM, provider: { name: oauth }, rules: [] }
`,
    ],
    good: [
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { action: DENY, rules: [{}] }
`,
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: {}
`,
    ],
  },
  check: (view) =>
    authorizationPolicies(view).flatMap(({ object, action, rules }) =>
      action === 'ALLOW' || rules.length > 0
        ? []
        : [{ object, field: 'spec.action', message: `\`${action}\` without a rule is for no request` }],
    ),
};
