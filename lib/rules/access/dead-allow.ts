import type { AuthorizationPolicy } from '../../manifests/mesh/authorization';
import { authorizationOf, authorizationPolicies, isOpen } from '../../manifests/mesh/authorization';
import { workloadsUnder } from '../../manifests/mesh/policies';
import type { Rule } from '../rule';
import { CART_PODS, together } from '../samples';

export const deadAllow: Rule = {
  code: 'MESH-CHK-415',
  severity: 'warning',
  title: 'A policy that another one makes meaningless',
  why: 'A DENY of everything comes first, so that this ALLOW policy lets nobody in.',
  fix: 'remove the DENY: an ALLOW policy denies what it does not name',
  examples: {
    bad: [
      together(
        CART_PODS,
        `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: deny, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, action: DENY, rules: [{}] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, rules: [{ from: [{ source: { namespaces: [shop] } }] }] }
`,
      ),
      together(
        CART_PODS,
        `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: deny, namespace: shop }
spec: { action: DENY, rules: [{ from: [{ source: { namespaces: [dev] } }] }, {}] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, rules: [{ to: [{ operation: { methods: [GET] } }] }] }
`,
      ),
    ],
    good: [
      together(
        CART_PODS,
        `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: deny, namespace: shop }
spec: {}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, rules: [{ from: [{ source: { namespaces: [shop] } }] }] }
`,
      ),
      together(
        CART_PODS,
        `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: deny, namespace: shop, annotations: { istio.io/dry-run: 'true' } }
spec: { action: DENY, rules: [{}] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, rules: [{ from: [{ source: { namespaces: [shop] } }] }] }
`,
      ),
    ],
  },
  check: (view) =>
    authorizationPolicies(view).flatMap((policy) => {
      if (policy.action !== 'ALLOW' || policy.rules.length === 0) return [];
      const pods = workloadsUnder(view, policy);
      const [first] = pods;
      const denial = first === undefined ? undefined : authorizationOf(view, first).find(deniesAll);
      const isDead = denial !== undefined && pods.every((workload) => authorizationOf(view, workload).some(deniesAll));
      return isDead
        ? [{ object: policy.object, message: `\`${denial.namespace}/${denial.name}\` denies everything` }]
        : [];
    }),
};

function deniesAll({ action, isDryRun, rules }: AuthorizationPolicy): boolean {
  return action === 'DENY' && !isDryRun && rules.some(isOpen);
}
