import { Kind } from '../../manifests/kinds';
import { namespaceDataPlane } from '../../manifests/mesh/enrolment';
import { groupBy } from '../../manifests/mesh/groups';
import type { Policy } from '../../manifests/mesh/policies';
import { policies } from '../../manifests/mesh/policies';
import { selectedWorkloads } from '../../manifests/mesh/workloads';
import type { ManifestView } from '../../manifests/view';
import { nameOf } from '../../manifests/view';
import type { Rule } from '../rule';
import { CART_PODS, SHOP, together } from '../samples';

export const namespaceNotEnrolled: Rule = {
  code: 'MESH-CHK-503',
  istio: 'IST0102',
  severity: 'warning',
  title: 'A namespace with policies of the mesh whose pods are outside of it',
  why: 'Without sidecars or ambient mode nobody enforces the policies.',
  fix: 'label the namespace with `istio.io/rev`, `istio-injection: enabled` or `istio.io/dataplane-mode: ambient`',
  examples: {
    bad: [
      together(
        CART_PODS,
        `apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, rules: [{ from: [{ source: { namespaces: [shop] } }] }] }
`,
      ),
      together(
        CART_PODS,
        `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: disabled } }
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: STRICT } }
`,
      ),
    ],
    good: [
      `apiVersion: v1
kind: Namespace
metadata: { name: istio-system }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: istiod, namespace: istio-system }
spec:
  selector: { matchLabels: { app: istiod } }
  template:
    metadata: { labels: { app: istiod } }
    spec: { containers: [{ name: discovery, image: pilot }] }
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: istio-system }
spec: { mtls: { mode: STRICT } }
`,
      together(
        SHOP,
        CART_PODS,
        `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: STRICT } }
`,
      ),
      together(
        CART_PODS,
        `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient } }
`,
      ),
    ],
  },
  check: (view) =>
    view.of(Kind.NAMESPACE).flatMap((object) => {
      const namespace = nameOf(object);
      // What stands in the root namespace is for all others.
      if (namespaceDataPlane(view, namespace) !== 'none' || namespace === view.mesh.rootNamespace) return [];
      const pods = selectedWorkloads(view, namespace, {});
      if (pods.length === 0 || pods.some(({ dataPlane }) => dataPlane !== 'none')) return [];
      const policy = [Kind.AUTHORIZATION_POLICY, Kind.PEER_AUTHENTICATION, Kind.REQUEST_AUTHENTICATION]
        .flatMap((kind) => view.fact(BY_NAMESPACE[kind]).get(namespace) ?? [])
        .at(0);
      return policy === undefined
        ? []
        : [
            {
              object,
              field: 'metadata.labels',
              message: `no pod of \`${namespace}\` enforces \`${policy.object.object.kind} ${policy.name}\``,
            },
          ];
    }),
};

const byNamespace =
  (kind: keyof typeof BY_NAMESPACE) =>
  (view: ManifestView): ReadonlyMap<string, readonly Policy[]> =>
    groupBy(policies(view, kind), ({ namespace }) => namespace);

const BY_NAMESPACE: Readonly<
  Record<
    typeof Kind.AUTHORIZATION_POLICY | typeof Kind.PEER_AUTHENTICATION | typeof Kind.REQUEST_AUTHENTICATION,
    (view: ManifestView) => ReadonlyMap<string, readonly Policy[]>
  >
> = {
  [Kind.AUTHORIZATION_POLICY]: (view) => byNamespace(Kind.AUTHORIZATION_POLICY)(view),
  [Kind.PEER_AUTHENTICATION]: (view) => byNamespace(Kind.PEER_AUTHENTICATION)(view),
  [Kind.REQUEST_AUTHENTICATION]: (view) => byNamespace(Kind.REQUEST_AUTHENTICATION)(view),
};
