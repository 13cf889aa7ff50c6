import { Kind } from '../../manifests/kinds';
import { authorizationPolicies } from '../../manifests/mesh/authorization';
import { workloads } from '../../manifests/mesh/workloads';
import { textList } from '../../manifests/objects';
import type { ManifestView } from '../../manifests/view';
import { nameOf, namespaceOf } from '../../manifests/view';
import type { Rule } from '../rule';
import { SHOP, together } from '../samples';

export const policyNamespaceMissing: Rule = {
  code: 'MESH-CHK-216',
  severity: 'warning',
  title: 'A policy names a namespace that does not exist',
  why: 'The name matches nobody: the intended callers are denied, or a DENY lets them through.',
  fix: 'correct the name of the namespace',
  examples: {
    bad: [
      `apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec:
  rules: [{ from: [{ source: { namespaces: [shopp] } }] }]
`,
      `apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec:
  action: DENY
  rules: [{ from: [{ source: { notNamespaces: [shop, ops] } }] }]
`,
    ],
    good: [
      `apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec:
  rules: [{ from: [{ source: { namespaces: [shop, 'team-*'] } }] }]
`,
      together(
        SHOP,
        `apiVersion: v1
kind: Service
metadata: { name: runbook, namespace: ops }
spec: { ports: [{ port: 80, name: http }] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec:
  rules: [{ from: [{ source: { namespaces: [ops, istio-system] } }] }]
`,
      ),
    ],
  },
  check: (view) => {
    if (!view.complete) return [];
    const known = view.fact(namespaces);
    return authorizationPolicies(view).flatMap(({ object, rules }) =>
      rules.flatMap(({ sources }) =>
        sources.flatMap(({ path, fields }) =>
          ['namespaces', 'notNamespaces'].flatMap((field) =>
            textList(fields[field]).flatMap((text, index) =>
              text.includes('*') || known.has(text)
                ? []
                : [{ object, field: `${path}.${field}[${index}]`, message: `there is no namespace \`${text}\`` }],
            ),
          ),
        ),
      ),
    );
  },
};

/** Namespaces that are declared, that have objects, or that every cluster has. */
function namespaces(view: ManifestView): ReadonlySet<string> {
  return new Set([
    ...['default', 'kube-system', 'kube-public', 'kube-node-lease', view.mesh.rootNamespace],
    ...view.of(Kind.NAMESPACE).map(nameOf),
    ...[...view.of(Kind.SERVICE), ...view.of(Kind.SERVICE_ACCOUNT)].map(namespaceOf),
    ...workloads(view).map(({ namespace }) => namespace),
  ]);
}
