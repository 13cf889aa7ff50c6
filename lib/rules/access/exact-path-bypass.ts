import { authorizationPolicies } from '../../manifests/mesh/authorization';
import { textList } from '../../manifests/objects';
import type { Rule } from '../rule';

export const exactPathBypass: Rule = {
  code: 'MESH-CHK-412',
  severity: 'warning',
  title: 'A DENY for one exact path',
  why: 'Istio compares the path as it comes: `/admin/` and, unless slashes are merged, `//admin` pass a denial of `/admin`, while most servers treat them alike.',
  fix: 'deny `/admin` and `/admin/*`, and set `pathNormalization: MERGE_SLASHES` for the mesh; better, allow what is needed',
  examples: {
    bad: [
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { action: DENY, rules: [{ to: [{ operation: { paths: [/admin] } }] }] }
`,
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { action: DENY, rules: [{ from: [{ source: { notPrincipals: ['*/sa/ops'] } }], to: [{ operation: { paths: [/admin, /debug/*] } }] }] }
`,
    ],
    good: [
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { action: DENY, rules: [{ to: [{ operation: { paths: [/admin, /admin/*] } }] }] }
`,
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { rules: [{ to: [{ operation: { paths: [/orders] } }] }] }
`,
    ],
  },
  check: (view) =>
    authorizationPolicies(view).flatMap(({ object, action, rules }) =>
      action !== 'DENY'
        ? []
        : rules.flatMap(({ operations }) =>
            operations.flatMap(({ path, fields }) => {
              const all = textList(fields['paths']);
              return all.flatMap((text, index) => {
                const bare = text.replace(/\/$/, '');
                const isExact = !/[*{]/.test(text) && bare !== '';
                const below = all.some(
                  (other) =>
                    [`${bare}/*`, `${bare}*`, '*', '/*', `${bare}/{**}`, `${bare}/`].includes(other) && other !== text,
                );
                return isExact && !below
                  ? [
                      {
                        object,
                        field: `${path}.paths[${index}]`,
                        message: `\`${bare}/\` passes this denial of \`${text}\``,
                      },
                    ]
                  : [];
              });
            }),
          ),
    ),
};
