import { destinationRules } from '../../manifests/mesh/destination-rules';
import { selectedMachines } from '../../manifests/mesh/machines';
import { findHost } from '../../manifests/mesh/registry';
import { workloadsOf } from '../../manifests/mesh/services';
import type { Rule } from '../rule';
import { CART_PODS, CART_SERVICE, together } from '../samples';

export const subsetSelectsNothing: Rule = {
  code: 'MESH-CHK-207',
  istio: 'IST0173',
  severity: 'error',
  title: 'A subset whose labels no pod of the service has',
  why: 'The cluster of the subset stays empty, so that requests that are routed to it get 503.',
  fix: 'write labels that the pod templates have, or remove the subset',
  examples: {
    bad: [
      `apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 80, name: http }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart, version: v1 } }
    spec: { containers: [{ name: cart, image: cart }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, subsets: [{ name: v1, labels: { version: v1 } }, { name: v2, labels: { version: v2 } }] }
`,
      `apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 80, name: http }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop, labels: { track: canary } }
spec:
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart } }
    spec: { containers: [{ name: cart, image: cart }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, subsets: [{ name: canary, labels: { track: canary } }] }
`,
    ],
    good: [
      together(
        CART_SERVICE,
        CART_PODS,
        `apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: { name: cart, namespace: shop }
spec: { address: 192.0.2.9, labels: { app: cart, version: vm } }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, subsets: [{ name: vm, labels: { version: vm } }] }
`,
      ),
      `apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 80, name: http }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart, version: v1 } }
    spec: { containers: [{ name: cart, image: cart }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, subsets: [{ name: v1, labels: { version: v1 } }, { name: all }] }
`,
      `apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 80, name: http }] }
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart } }
    spec: { containers: [{ name: cart, image: cart }] }
  strategy: { canary: {} }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, subsets: [{ name: canary, labels: { app: cart, rollouts-pod-template-hash: abc } }] }
`,
    ],
  },
  check: (view) =>
    destinationRules(view).flatMap(({ object, namespace, host, subsets }) => {
      const target = subsets.length === 0 ? undefined : findHost(view, host, namespace);
      if (target === undefined || !('service' in target)) return [];
      const workloads = workloadsOf(view, target.service);
      // No workload at all may mean that they are elsewhere.
      if (workloads.length === 0) return [];
      const machines = selectedMachines(view, target.service.namespace, target.service.selector);
      return subsets
        .filter(({ labels }) => {
          const fixed = Object.entries(labels).filter(([key]) => !CONTROLLER_LABELS.includes(key));
          return ![...workloads.map((workload) => workload.labels), ...machines].some((all) =>
            fixed.every(([key, value]) => all[key] === value),
          );
        })
        .map(({ index, name, labels }) => ({
          object,
          field: `spec.subsets[${index}].labels`,
          message: `no pod behind \`${host}\` has the labels of the subset \`${name}\`: ${JSON.stringify(labels)}`,
        }));
    }),
};

/** Set on pods by controllers, and no manifest has them. */
const CONTROLLER_LABELS: readonly string[] = [
  'pod-template-hash',
  'rollouts-pod-template-hash',
  'controller-revision-hash',
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
  'topology.istio.io/cluster',
  'topology.istio.io/network',
  'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone',
  'topology.istio.io/subzone',
];
