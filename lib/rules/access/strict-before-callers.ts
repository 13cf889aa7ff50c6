import { authorizationPolicies } from '../../manifests/mesh/authorization';
import { hasDeployedGateway } from '../../manifests/mesh/deployed-gateways';
import { namespaceDataPlane } from '../../manifests/mesh/enrolment';
import { mtlsOf, namespaceMtls } from '../../manifests/mesh/mtls';
import { workloadsUnder } from '../../manifests/mesh/policies';
import { selectedWorkloads, workloadsOfAccount } from '../../manifests/mesh/workloads';
import { textList } from '../../manifests/objects';
import type { ManifestView } from '../../manifests/view';
import type { Rule } from '../rule';
import { CART_PODS, SHOP, together } from '../samples';

export const strictBeforeCallers: Rule = {
  code: 'MESH-CHK-419',
  severity: 'error',
  title: 'STRICT mTLS while a caller that is allowed is outside of the mesh',
  why: 'Pods without a proxy call in plain text, which STRICT refuses.',
  fix: 'bring the namespace of the caller into the mesh first, or keep PERMISSIVE on that port',
  examples: {
    bad: [
      together(
        SHOP,
        CART_PODS,
        `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: STRICT } }
---
apiVersion: v1
kind: Namespace
metadata: { name: web }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, rules: [{ from: [{ source: { namespaces: [web] } }] }] }
`,
      ),
      together(
        SHOP,
        CART_PODS,
        `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: istio-system }
spec: { mtls: { mode: STRICT } }
---
apiVersion: v1
kind: Namespace
metadata: { name: web, labels: { istio-injection: disabled } }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { rules: [{ from: [{ source: { principals: [cluster.local/ns/web/sa/web] } }] }] }
`,
      ),
    ],
    good: [
      together(
        SHOP,
        CART_PODS,
        `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: STRICT } }
---
apiVersion: v1
kind: Namespace
metadata: { name: web, labels: { istio.io/rev: stable } }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, rules: [{ from: [{ source: { namespaces: [web] } }] }] }
`,
      ),
      together(
        SHOP,
        CART_PODS,
        `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: STRICT } }
---
apiVersion: v1
kind: Namespace
metadata: { name: edge }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: public, namespace: edge }
spec: { gatewayClassName: istio, listeners: [{ name: http, port: 80, protocol: HTTP }] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { rules: [{ from: [{ source: { principals: [cluster.local/ns/edge/sa/public-istio] } }] }] }
`,
      ),
      together(
        SHOP,
        CART_PODS,
        `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: istio-system }
spec: { mtls: { mode: STRICT } }
---
apiVersion: v1
kind: Namespace
metadata: { name: istio-system }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { rules: [{ from: [{ source: { namespaces: [istio-system] } }] }] }
`,
      ),
      together(
        SHOP,
        CART_PODS,
        `apiVersion: v1
kind: Namespace
metadata: { name: web }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, rules: [{ from: [{ source: { namespaces: [web] } }] }] }
`,
      ),
    ],
  },
  check: (view) =>
    authorizationPolicies(view).flatMap((policy) => {
      if (policy.action !== 'ALLOW') return [];
      const [first] = workloadsUnder(view, policy);
      const isStrict =
        (first === undefined ? namespaceMtls(view, policy.namespace) : mtlsOf(view, first)).mode === 'STRICT';
      if (!isStrict) return [];
      return policy.rules.flatMap(({ sources }) =>
        sources.flatMap(({ path, fields }) =>
          ['namespaces', 'principals'].flatMap((field) =>
            textList(fields[field]).flatMap((text, index) => {
              const [, , place] = text.split('/');
              const namespace = field === 'namespaces' ? text : (place ?? '');
              return isOutside(view, namespace, text.split('/')[4])
                ? [
                    {
                      object: policy.object,
                      field: `${path}.${field}[${index}]`,
                      message: `pods of \`${namespace}\` have no proxy, and mTLS is STRICT here`,
                    },
                  ]
                : [];
            }),
          ),
        ),
      );
    }),
};

/** Whether nothing of a namespace, or of an account in it, is in the mesh. */
function isOutside(view: ManifestView, namespace: string, account: string | undefined): boolean {
  if (namespaceDataPlane(view, namespace) !== 'none' || hasDeployedGateway(view, namespace, account)) return false;
  const pods =
    account === undefined ? selectedWorkloads(view, namespace, {}) : workloadsOfAccount(view, namespace, account);
  // That of istiod has no label, and gateways of the installation run there.
  if (namespace === view.mesh.rootNamespace && pods.length === 0) return false;
  // Pods may join by labels of their own.
  return pods.every(({ dataPlane }) => dataPlane === 'none');
}
