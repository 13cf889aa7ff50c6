import { namespaceDataPlane } from '../../manifests/mesh/enrolment';
import { sidecars } from '../../manifests/mesh/sidecars';
import { selectedWorkloads } from '../../manifests/mesh/workloads';
import type { Rule } from '../rule';
import { CART_PODS, SHOP, together } from '../samples';

export const sidecarIgnored: Rule = {
  code: 'MESH-CHK-901',
  istio: 'IST0167',
  severity: 'warning',
  title: 'A Sidecar in ambient mode',
  why: 'There is no sidecar that it could shape: it has no effect.',
  fix: 'remove the Sidecar, and control egress by a waypoint or NetworkPolicies',
  examples: {
    bad: [
      `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient } }
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec: { egress: [{ hosts: ['./*'] }] }
`,
      together(
        CART_PODS,
        `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient } }
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: cart, namespace: shop }
spec: { workloadSelector: { labels: { app: cart } }, egress: [{ hosts: ['./*'] }] }
`,
      ),
    ],
    good: [
      together(
        SHOP,
        `apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec: { egress: [{ hosts: ['./*'] }] }
`,
      ),
      `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart, sidecar.istio.io/inject: 'true' } }
    spec: { containers: [{ name: cart, image: cart }] }
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: cart, namespace: shop }
spec: { workloadSelector: { labels: { app: cart } }, egress: [{ hosts: ['./*'] }] }
`,
    ],
  },
  check: (view) =>
    sidecars(view).flatMap(({ object, namespace, selector }) => {
      const pods = selectedWorkloads(view, namespace, selector ?? {});
      const isAmbient =
        pods.length === 0
          ? namespaceDataPlane(view, namespace) === 'ambient'
          : pods.every(({ dataPlane }) => dataPlane === 'ambient');
      return isAmbient
        ? [{ object, message: `the pods of \`${namespace}\` are in ambient mode, which has no sidecars` }]
        : [];
    }),
};
