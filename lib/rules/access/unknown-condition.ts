import { authorizationPolicies } from '../../manifests/mesh/authorization';
import { textAt } from '../../manifests/objects';
import type { Rule } from '../rule';

export const unknownCondition: Rule = {
  code: 'MESH-CHK-411',
  istio: 'IST0106',
  severity: 'error',
  title: 'A condition on something that Istio does not know',
  why: 'Istio refuses the policy.',
  fix: 'write a key of https://istio.io/latest/docs/reference/config/security/conditions/, and `values` or `notValues`',
  examples: {
    bad: [
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { rules: [{ when: [{ key: request.header, values: [a] }] }] }
`,
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { rules: [{ when: [{ key: 'request.headers[x-team]' }] }] }
`,
    ],
    good: [
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { rules: [{ when: [{ key: 'request.headers[x-team]', values: [a] }, { key: 'request.auth.claims[sub]', notValues: [b] }] }] }
`,
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { rules: [{ when: [{ key: connection.sni, values: [a.example.com] }, { key: experimental.envoy.filters.a.b, values: [c] }] }] }
`,
    ],
  },
  check: (view) =>
    authorizationPolicies(view).flatMap(({ object, rules }) =>
      rules.flatMap(({ conditions }) =>
        conditions.flatMap(({ path, fields }) => {
          const key = textAt(fields, 'key') ?? '';
          if (!KEY.test(key)) return [{ object, field: `${path}.key`, message: `\`${key}\` is no key of a condition` }];
          return fields['values'] === undefined && fields['notValues'] === undefined
            ? [{ object, field: path, message: `\`${key}\` has neither \`values\` nor \`notValues\`` }]
            : [];
        }),
      ),
    ),
};

const KEY =
  /^(request\.headers\[[^\]]+\]|request\.auth\.(principal|audiences|presenter|claims(\[[^\]]+\])+)|(source|remote)\.ip|source\.(namespace|principal|serviceAccount|trustDomain)|destination\.(ip|port)|connection\.sni|experimental\..+)$/;
