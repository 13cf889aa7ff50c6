import { authorizationOf, authorizationPolicies } from '../../manifests/mesh/authorization';
import { workloadsUnder } from '../../manifests/mesh/policies';
import type { Rule } from '../rule';
import { CART_PODS, together } from '../samples';

export const tokenRuleBypassed: Rule = {
  code: 'MESH-CHK-414',
  severity: 'error',
  title: 'A broader ALLOW policy makes the token unnecessary',
  why: 'Policies add up: a request that one ALLOW rule lets in needs no other. The callers of the broader rule need no token.',
  fix: "require the token by a DENY policy with `notRequestPrincipals: ['*']`",
  examples: {
    bad: [
      together(
        CART_PODS,
        `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: callers, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/web] } }] }] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: tokens, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, rules: [{ from: [{ source: { requestPrincipals: ['*'] } }] }] }
`,
      ),
      together(
        CART_PODS,
        `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: callers, namespace: shop }
spec: { rules: [{ from: [{ source: { namespaces: [shop] } }] }] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: tokens, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, rules: [{ from: [{ source: { namespaces: [shop], requestPrincipals: ['https://id.example.com/*'] } }] }] }
`,
      ),
    ],
    good: [
      together(
        CART_PODS,
        `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: callers, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/web] } }] }] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: tokens, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, action: DENY, rules: [{ from: [{ source: { notRequestPrincipals: ['*'] } }] }] }
`,
      ),
      together(
        CART_PODS,
        `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: callers, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, rules: [{ to: [{ operation: { paths: [/healthz] } }] }] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: tokens, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, rules: [{ from: [{ source: { requestPrincipals: ['*'] } }] }] }
`,
      ),
    ],
  },
  check: (view) =>
    authorizationPolicies(view).flatMap((policy) => {
      const { object, action, rules } = policy;
      const asking =
        action !== 'ALLOW'
          ? undefined
          : rules.flatMap(({ sources }) => sources).find(({ fields }) => fields['requestPrincipals'] !== undefined);
      if (asking === undefined) return [];
      const first = workloadsUnder(view, policy).at(0);
      const others =
        first === undefined
          ? []
          : authorizationOf(view, first).filter(
              (other) => other.action === 'ALLOW' && !other.isDryRun && other.object !== object,
            );
      if (
        first !== undefined &&
        authorizationOf(view, first).some(
          (other) => other.action === 'DENY' && JSON.stringify(other.spec).includes('notRequestPrincipals'),
        )
      )
        return [];
      // A rule for some paths only is likely meant to be without a token.
      const broader = others.find((other) =>
        other.rules.some(
          ({ sources, operations, conditions }) =>
            operations.length === 0 &&
            conditions.length === 0 &&
            sources.some(({ fields }) => fields['requestPrincipals'] === undefined),
        ),
      );
      return broader === undefined
        ? []
        : [
            {
              object,
              field: `${asking.path}.requestPrincipals`,
              message: `\`${broader.namespace}/${broader.name}\` lets callers in without a token`,
            },
          ];
    }),
};
