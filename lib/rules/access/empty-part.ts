import { authorizationPolicies } from '../../manifests/mesh/authorization';
import type { Rule } from '../rule';

export const emptyPart: Rule = {
  code: 'MESH-CHK-410',
  istio: 'IST0106',
  severity: 'error',
  title: 'A rule with an empty source, operation or list',
  why: 'Istio refuses the policy, because nobody can tell whether it means everything or nothing.',
  fix: 'remove the empty part to mean everything, or say what it is for',
  examples: {
    bad: [
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { rules: [{ from: [{ source: {} }] }] }
`,
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { rules: [{ from: [], to: [{ operation: { methods: [GET] } }] }] }
`,
    ],
    good: [
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { rules: [{ to: [{ operation: { methods: [GET] } }] }] }
`,
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { rules: [{ when: [{ key: source.namespace, values: [shop] }] }] }
`,
    ],
  },
  check: (view) =>
    authorizationPolicies(view).flatMap(({ object, rules }) =>
      rules.flatMap(({ path, fields, sources, operations }) => [
        ...['from', 'to', 'when']
          .filter((name) => Array.isArray(fields[name]) && fields[name].length === 0)
          .map((name) => ({ object, field: `${path}.${name}`, message: `\`${name}\` is empty` })),
        ...[...sources, ...operations]
          .filter((part) => Object.values(part.fields).every((value) => Array.isArray(value) && value.length === 0))
          .map((part) => ({ object, field: part.path, message: 'nothing is said here' })),
      ]),
    ),
};
