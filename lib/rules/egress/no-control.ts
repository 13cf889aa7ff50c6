import { namespaceDataPlane } from '../../manifests/mesh/enrolment';
import { sidecars } from '../../manifests/mesh/sidecars';
import type { Rule } from '../rule';
import { CART_PODS, SHOP, together } from '../samples';

export const noControl: Rule = {
  code: 'MESH-CHK-703',
  severity: 'warning',
  title: 'Pods that may call any host outside',
  why: 'Neither the mesh nor a Sidecar says REGISTRY_ONLY, so that proxies let calls to unknown hosts pass: policies for known hosts protect nothing.',
  fix: 'set `outboundTrafficPolicy.mode: REGISTRY_ONLY` in the Sidecar of the namespace or for the mesh, and add ServiceEntries',
  examples: {
    bad: [
      together(
        SHOP,
        CART_PODS,
        `apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec: { egress: [{ hosts: ['./*'] }] }
`,
      ),
      together(
        SHOP,
        CART_PODS,
        `apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: cart, namespace: shop }
spec: { workloadSelector: { labels: { app: cart } }, outboundTrafficPolicy: { mode: ALLOW_ANY }, egress: [{ hosts: ['./*'] }] }
`,
      ),
    ],
    good: [
      together(
        SHOP,
        CART_PODS,
        `apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec: { egress: [{ hosts: ['./*'] }], outboundTrafficPolicy: { mode: REGISTRY_ONLY } }
`,
      ),
      together(
        SHOP,
        CART_PODS,
        `apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data: { mesh: 'outboundTrafficPolicy: { mode: REGISTRY_ONLY }' }
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec: { egress: [{ hosts: ['./*'] }] }
`,
      ),
    ],
  },
  check: (view) =>
    // Who writes no Sidecar has not begun to control egress; who writes one without the mode may believe that it does.
    sidecars(view).flatMap(({ object, imports: list, outbound, namespace }) =>
      list === undefined ||
      (outbound ?? view.mesh.outbound) === 'REGISTRY_ONLY' ||
      namespaceDataPlane(view, namespace) === 'none'
        ? []
        : outbound === undefined && !view.mesh.known && !view.complete
          ? []
          : [
              {
                object,
                field: 'spec.outboundTrafficPolicy',
                message: 'hosts that this Sidecar leaves out can still be called',
              },
            ],
    ),
};
