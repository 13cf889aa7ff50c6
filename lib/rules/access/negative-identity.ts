import { authorizationPolicies } from '../../manifests/mesh/authorization';
import type { Rule } from '../rule';

export const negativeIdentity: Rule = {
  code: 'MESH-CHK-407',
  severity: 'error',
  title: 'An ALLOW policy that admits callers without an identity',
  why: 'Who calls without mTLS has no identity at all, so that `notPrincipals`, `notNamespaces` and `notServiceAccounts` hold for it.',
  fix: 'name who may call, or deny with `action: DENY` and the names',
  examples: {
    bad: [
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { rules: [{ from: [{ source: { notPrincipals: [cluster.local/ns/dev/sa/debug] } }] }] }
`,
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { rules: [{ from: [{ source: { notNamespaces: [dev] } }], to: [{ operation: { methods: [GET] } }] }] }
`,
    ],
    good: [
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { rules: [{ from: [{ source: { principals: ['*'], notPrincipals: [cluster.local/ns/dev/sa/debug] } }] }] }
`,
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { action: DENY, rules: [{ from: [{ source: { notNamespaces: [shop] } }] }] }
`,
    ],
  },
  check: (view) =>
    authorizationPolicies(view).flatMap(({ object, action, rules }) =>
      action !== 'ALLOW'
        ? []
        : rules.flatMap(({ sources }) =>
            sources.flatMap(({ path, fields }) => {
              const not = ['notPrincipals', 'notNamespaces', 'notServiceAccounts'].find(
                (field) => fields[field] !== undefined,
              );
              const named = ['principals', 'namespaces', 'serviceAccounts', 'trustDomains'].some(
                (field) => fields[field] !== undefined,
              );
              return not === undefined || named
                ? []
                : [{ object, field: `${path}.${not}`, message: `callers without mTLS pass \`${not}\`` }];
            }),
          ),
    ),
};
