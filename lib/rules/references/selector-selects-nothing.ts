import { Kind } from '../../manifests/kinds';
import { selectedMachines, selectedMachinesEverywhere } from '../../manifests/mesh/machines';
import { policies, workloadsUnder } from '../../manifests/mesh/policies';
import { sidecars } from '../../manifests/mesh/sidecars';
import { selectedWorkloads } from '../../manifests/mesh/workloads';
import type { ManifestView } from '../../manifests/view';
import type { Violation } from '../finding';
import type { Rule } from '../rule';

const KINDS = [
  Kind.AUTHORIZATION_POLICY,
  Kind.PEER_AUTHENTICATION,
  Kind.REQUEST_AUTHENTICATION,
  Kind.TELEMETRY,
  Kind.WASM_PLUGIN,
  Kind.TRAFFIC_EXTENSION,
  Kind.ENVOY_FILTER,
  Kind.PROXY_CONFIG,
] as const;

export const selectorSelectsNothing: Rule = {
  code: 'MESH-CHK-208',
  istio: 'IST0127',
  severity: 'warning',
  title: 'A policy whose selector selects no workload',
  why: 'The policy has no effect: what it should protect, or allow, stays as it is without it.',
  fix: 'write labels that the pod templates have, not those of the Service or the Deployment',
  examples: {
    bad: [
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
    metadata: { labels: { app: cart } }
    spec: { containers: [{ name: cart, image: cart }] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: carts } }
  action: DENY
  rules: [{ to: [{ operation: { ports: ['9000'] } }] }]
`,
      `apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: cart, namespace: shop }
spec:
  workloadSelector: { labels: { app: cart } }
  egress: [{ hosts: ['./*'] }]
`,
    ],
    good: [
      `apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: networking.istio.io/v1
kind: WorkloadGroup
metadata: { name: billing, namespace: shop }
spec: { metadata: { labels: { app: billing } }, template: { serviceAccount: billing } }
---
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: { name: ledger, namespace: shop }
spec: { address: 192.0.2.9, labels: { app: ledger } }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: billing, namespace: shop }
spec: { selector: { matchLabels: { app: billing } } }
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: ledger, namespace: shop }
spec: { workloadSelector: { labels: { app: ledger } }, egress: [{ hosts: ['./*'] }] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: billing, namespace: istio-system }
spec: { selector: { matchLabels: { app: billing } } }
`,
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
    metadata: { labels: { app: cart, version: v1 } }
    spec: { containers: [{ name: cart, image: cart }] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  action: DENY
  rules: [{ to: [{ operation: { ports: ['9000'] } }] }]
`,
      `apiVersion: v1
kind: Pod
metadata: { name: cart, namespace: shop, labels: { app: cart } }
spec: { containers: [{ name: cart, image: cart }] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: all-carts, namespace: istio-system }
spec:
  selector: { matchLabels: { app: cart } }
  action: DENY
  rules: [{ to: [{ operation: { ports: ['9000'] } }] }]
`,
    ],
  },
  check: (view) => [
    ...KINDS.flatMap((kind) =>
      policies(view, kind)
        .filter(
          (policy) =>
            policy.selector !== undefined &&
            policy.targets.length === 0 &&
            seesPods(view, policy.namespace) &&
            workloadsUnder(view, policy).length === 0 &&
            !isForMachines(view, policy.namespace, policy.selector),
        )
        .map(({ object, selector, selectorPath, namespace }) => found(object, selectorPath, selector, namespace)),
    ),
    ...sidecars(view)
      .filter(
        ({ selector, namespace }) =>
          selector !== undefined &&
          Object.keys(selector).length > 0 &&
          seesPods(view, namespace) &&
          selectedWorkloads(view, namespace, selector).length === 0 &&
          !isForMachines(view, namespace, selector),
      )
      .map(({ object, selector, namespace }) => found(object, 'spec.workloadSelector.labels', selector, namespace)),
  ],
};

/** Whether workloads outside of the cluster are selected. */
function isForMachines(view: ManifestView, namespace: string, selector: Readonly<Record<string, string>>): boolean {
  const found =
    namespace === view.mesh.rootNamespace
      ? selectedMachinesEverywhere(view, selector)
      : selectedMachines(view, namespace, selector);
  return found.length > 0;
}

/** A policy of the root namespace may select pods of any namespace. */
function seesPods(view: ManifestView, namespace: string): boolean {
  return namespace === view.mesh.rootNamespace ? view.complete : view.sees(namespace);
}

function found(object: Violation['object'], field: string, selector: unknown, namespace: string): Violation {
  return {
    object,
    field,
    message: `no pod template in \`${namespace}\` has the labels ${JSON.stringify(selector)}`,
  };
}
