import { authorizationPolicies, httpFields } from '../../manifests/mesh/authorization';
import { workloadsUnder } from '../../manifests/mesh/policies';
import type { Rule } from '../rule';
import { CART_PODS, SHOP, together } from '../samples';

export const ztunnelIgnores: Rule = {
  code: 'MESH-CHK-902',
  severity: 'error',
  title: 'A policy by labels with fields of HTTP in ambient mode',
  why: "The node's ztunnel knows no HTTP: it drops an ALLOW rule with such a field, which denies the calls, and does nothing for a DENY that has only such fields.",
  fix: 'put the policy on a waypoint with `targetRefs`, and keep to identities and ports for the ztunnel',
  examples: {
    bad: [
      together(
        CART_PODS,
        `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient } }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, rules: [{ to: [{ operation: { methods: [GET] } }] }] }
`,
      ),
      together(
        CART_PODS,
        `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient } }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { action: DENY, rules: [{ to: [{ operation: { paths: [/admin*] } }] }] }
`,
      ),
    ],
    good: [
      together(
        CART_PODS,
        `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient } }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { targetRefs: [{ kind: Service, group: '', name: cart }], rules: [{ to: [{ operation: { methods: [GET] } }] }] }
`,
      ),
      together(
        SHOP,
        CART_PODS,
        `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, rules: [{ to: [{ operation: { methods: [GET] } }] }] }
`,
      ),
    ],
  },
  check: (view) =>
    authorizationPolicies(view).flatMap((policy) => {
      const ambient = workloadsUnder(view, policy).find(({ dataPlane }) => dataPlane === 'ambient');
      if (ambient === undefined) return [];
      if (policy.action === 'CUSTOM' || policy.action === 'AUDIT')
        return [
          {
            object: policy.object,
            field: 'spec.action',
            message: `the ztunnel of \`${ambient.namespace}/${ambient.name}\` ignores \`${policy.action}\``,
          },
        ];
      return policy.rules.flatMap((rule) =>
        httpFields(rule)
          .slice(0, 1)
          .map((field) => ({
            object: policy.object,
            field,
            message: `the ztunnel of \`${ambient.namespace}/${ambient.name}\` knows no HTTP, and ${policy.action === 'ALLOW' ? 'drops this rule' : 'ignores this field'}`,
          })),
      );
    }),
};
