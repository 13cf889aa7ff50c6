import { namespaceDataPlane } from '../../manifests/mesh/enrolment';
import { workloads } from '../../manifests/mesh/workloads';
import type { Rule } from '../rule';
import { CART_PODS, SHOP, together } from '../samples';

export const podWithoutProxy: Rule = {
  code: 'MESH-CHK-502',
  severity: 'warning',
  title: 'A workload without a proxy in a namespace of the mesh',
  why: 'Its pods have no identity and enforce no policy: whoever reaches them, calls them, and STRICT callees refuse them.',
  fix: 'remove `sidecar.istio.io/inject: "false"` and `hostNetwork`, or move the workload to a namespace outside of the mesh',
  examples: {
    bad: [
      together(
        SHOP,
        `apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart, sidecar.istio.io/inject: 'false' } }
    spec: { containers: [{ name: cart, image: cart }] }
`,
      ),
      together(
        SHOP,
        `apiVersion: apps/v1
kind: Deployment
metadata: { name: agent, namespace: shop }
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent } }
    spec: { hostNetwork: true, containers: [{ name: agent, image: agent }] }
`,
      ),
    ],
    good: [
      together(SHOP, CART_PODS),
      `apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart, sidecar.istio.io/inject: 'false' } }
    spec: { containers: [{ name: cart, image: cart }] }
`,
    ],
  },
  check: (view) =>
    workloads(view).flatMap(({ object, namespace, dataPlane, pods }) => {
      const wanted = namespaceDataPlane(view, namespace);
      // Jobs are often kept out, because a sidecar once kept them from ending.
      if (dataPlane !== 'none' || wanted === undefined || wanted === 'none' || pods.ends) return [];
      return [
        {
          object,
          message: `its pods get no proxy, although \`${namespace}\` is in the mesh${pods.hostNetwork ? ': they are on the network of the host' : ''}`,
        },
      ];
    }),
};
