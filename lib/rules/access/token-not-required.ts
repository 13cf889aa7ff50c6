import { Kind } from '../../manifests/kinds';
import type { AuthorizationPolicy } from '../../manifests/mesh/authorization';
import { authorizationOf } from '../../manifests/mesh/authorization';
import { policies, workloadsUnder } from '../../manifests/mesh/policies';
import { recordList, textAt } from '../../manifests/objects';
import type { Rule } from '../rule';
import { CART_PODS, together } from '../samples';

export const tokenNotRequired: Rule = {
  code: 'MESH-CHK-413',
  severity: 'warning',
  title: 'Tokens are checked, but none is required',
  why: 'RequestAuthentication refuses bad tokens only. A request without any passes.',
  fix: "require one: an ALLOW policy with `requestPrincipals`, or a DENY with `notRequestPrincipals: ['*']`",
  examples: {
    bad: [
      together(
        CART_PODS,
        `apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, jwtRules: [{ issuer: https://id.example.com }] }
`,
      ),
      together(
        CART_PODS,
        `apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: cart, namespace: shop }
spec: { jwtRules: [{ issuer: https://id.example.com }] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/web] } }] }] }
`,
      ),
    ],
    good: [
      together(
        CART_PODS,
        `apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: cart, namespace: shop }
spec: { jwtRules: [{ issuer: https://id.example.com }] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { action: DENY, rules: [{ from: [{ source: { notRequestPrincipals: ['*'] } }] }] }
`,
      ),
      together(
        CART_PODS,
        `apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: cart, namespace: shop }
spec: { jwtRules: [{ issuer: https://id.example.com }] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { rules: [{ when: [{ key: 'request.auth.claims[group]', values: [staff] }] }] }
`,
      ),
    ],
  },
  check: (view) =>
    policies(view, Kind.REQUEST_AUTHENTICATION).flatMap((policy) => {
      if (policy.targets.length > 0 || recordList(policy.spec['jwtRules']).length === 0) return [];
      const pods = workloadsUnder(view, policy);
      const open = pods.find((workload) => !authorizationOf(view, workload).some(asksForToken));
      return open === undefined || pods.some((workload) => authorizationOf(view, workload).some(asksForToken))
        ? []
        : [
            {
              object: policy.object,
              field: 'spec.jwtRules',
              message: `no policy requires a token of callers of \`${open.namespace}/${open.name}\``,
            },
          ];
    }),
};

function asksForToken({ action, rules }: AuthorizationPolicy): boolean {
  return (
    action === 'CUSTOM' ||
    rules.some(
      ({ sources, conditions }) =>
        sources.some(
          ({ fields }) => fields['requestPrincipals'] !== undefined || fields['notRequestPrincipals'] !== undefined,
        ) || conditions.some(({ fields }) => textAt(fields, 'key')?.startsWith('request.auth.') === true),
    )
  );
}
