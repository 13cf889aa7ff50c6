import { authorizationPolicies } from '../../manifests/mesh/authorization';
import { textList } from '../../manifests/objects';
import type { Rule } from '../rule';

export const defaultAccount: Rule = {
  code: 'MESH-CHK-405',
  severity: 'warning',
  title: 'A policy allows the service account `default`',
  why: 'Every pod of the namespace that names no account of its own has this identity.',
  fix: 'run the caller under a ServiceAccount of its own, and allow that one',
  examples: {
    bad: [
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { rules: [{ from: [{ source: { principals: [cluster.local/ns/web/sa/default] } }] }] }
`,
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { rules: [{ from: [{ source: { serviceAccounts: [web/default] } }] }] }
`,
    ],
    good: [
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { rules: [{ from: [{ source: { principals: [cluster.local/ns/web/sa/web] } }] }] }
`,
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { action: DENY, rules: [{ from: [{ source: { principals: [cluster.local/ns/web/sa/default] } }] }] }
`,
    ],
  },
  check: (view) =>
    authorizationPolicies(view).flatMap(({ object, action, rules }) =>
      action !== 'ALLOW'
        ? []
        : rules.flatMap(({ sources }) =>
            sources.flatMap(({ path, fields }) =>
              ['principals', 'serviceAccounts'].flatMap((field) =>
                textList(fields[field]).flatMap((text, index) =>
                  text.split('/').at(-1) === 'default'
                    ? [
                        {
                          object,
                          field: `${path}.${field}[${index}]`,
                          message: `\`${text}\` is every pod that names no account of its own`,
                        },
                      ]
                    : [],
                ),
              ),
            ),
          ),
    ),
};
