import { authorizationPolicies } from '../../manifests/mesh/authorization';
import { textList } from '../../manifests/objects';
import type { Rule } from '../rule';

export const principalMalformed: Rule = {
  code: 'MESH-CHK-215',
  severity: 'error',
  title: 'A principal that is no identity of a mesh',
  why: 'Istio compares principals with `TRUST-DOMAIN/ns/NAMESPACE/sa/ACCOUNT` as a whole, so that this one matches nobody.',
  fix: 'write `cluster.local/ns/NAMESPACE/sa/ACCOUNT` without `spiffe://`, or use `serviceAccounts`',
  examples: {
    bad: [
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec:
  rules: [{ from: [{ source: { principals: ['spiffe://cluster.local/ns/shop/sa/web'] } }] }]
`,
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec:
  rules: [{ from: [{ source: { principals: [web] } }, { source: { notPrincipals: [cluster.local/shop/web] } }] }]
`,
    ],
    good: [
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec:
  rules: [{ from: [{ source: { principals: [cluster.local/ns/shop/sa/web] } }] }]
`,
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec:
  rules: [{ from: [{ source: { principals: ['*', '*/sa/web', 'cluster.local/ns/shop/*'] } }] }]
`,
    ],
  },
  check: (view) =>
    authorizationPolicies(view).flatMap(({ object, rules }) =>
      rules.flatMap(({ sources }) =>
        sources.flatMap(({ path, fields }) =>
          ['principals', 'notPrincipals'].flatMap((field) =>
            textList(fields[field]).flatMap((text, index) =>
              text.includes('*') || /^[^/:]+\/ns\/[^/]+\/sa\/[^/]+$/.test(text)
                ? []
                : [{ object, field: `${path}.${field}[${index}]`, message: `\`${text}\` is no identity` }],
            ),
          ),
        ),
      ),
    ),
};
