import { quoted } from '../../errors';
import { workloads } from '../../manifests/mesh/workloads';
import type { Rule } from '../rule';
import { CART_PODS, SHOP, together } from '../samples';

export const proxyResources: Rule = {
  code: 'MESH-CHK-512',
  severity: 'warning',
  title: 'A proxy of which only some resources are set',
  why: 'Setting one of these annotations drops all defaults: what is not named has neither a request nor a limit.',
  fix: 'set `proxyCPU`, `proxyMemory`, `proxyCPULimit` and `proxyMemoryLimit` together',
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
    metadata: { labels: { app: cart }, annotations: { sidecar.istio.io/proxyCPU: 100m } }
    spec: { containers: [{ name: cart, image: cart }] }
`,
      ),
      together(
        SHOP,
        `apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart }, annotations: { sidecar.istio.io/proxyMemoryLimit: 1Gi } }
    spec: { containers: [{ name: cart, image: cart }] }
`,
      ),
    ],
    good: [
      together(SHOP, CART_PODS),
      together(
        SHOP,
        `apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart }, annotations: { sidecar.istio.io/proxyCPU: 100m, sidecar.istio.io/proxyMemory: 128Mi } }
    spec: { containers: [{ name: cart, image: cart }] }
`,
      ),
    ],
  },
  check: (view) =>
    workloads(view).flatMap(({ object, pods, dataPlane }) => {
      const has = (name: string): boolean => pods.podAnnotations[`sidecar.istio.io/${name}`] !== undefined;
      const isSet = ['proxyCPU', 'proxyMemory', 'proxyCPULimit', 'proxyMemoryLimit'].some(has);
      const missing = ['CPU', 'Memory'].filter((what) => !has(`proxy${what}`) && !has(`proxy${what}Limit`));
      return dataPlane === 'none' || !isSet || missing.length === 0
        ? []
        : [{ object, message: `the proxy has neither a request nor a limit of ${quoted(missing)}` }];
    }),
};
