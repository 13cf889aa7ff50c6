import { byAge } from '../../manifests/mesh/age';
import type { Sidecar } from '../../manifests/mesh/sidecars';
import { sidecars } from '../../manifests/mesh/sidecars';
import type { Workload } from '../../manifests/mesh/workloads';
import { selectedWorkloads } from '../../manifests/mesh/workloads';
import { nameOf } from '../../manifests/view';
import type { Rule } from '../rule';
import { CART_PODS, WEB_PODS, together } from '../samples';

export const sidecarTwice: Rule = {
  code: 'MESH-CHK-704',
  istio: 'IST0110',
  istioToo: ['IST0111'],
  severity: 'error',
  title: 'Sidecars for the same pods',
  why: 'Sidecars are never merged: one of them counts, and what the other imports is missing.',
  fix: 'make one of them, or select other pods',
  examples: {
    bad: [
      together(
        CART_PODS,
        `apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: a, namespace: shop }
spec: { workloadSelector: { labels: { app: cart } }, egress: [{ hosts: ['./*'] }] }
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: b, namespace: shop }
spec: { workloadSelector: { labels: { version: v1 } }, egress: [{ hosts: ['istio-system/*'] }] }
`,
      ),
      `apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: a, namespace: shop }
spec: { egress: [{ hosts: ['./*'] }] }
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: b, namespace: shop }
spec: { egress: [{ hosts: ['istio-system/*'] }] }
`,
    ],
    good: [
      together(
        CART_PODS,
        WEB_PODS,
        `apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: a, namespace: shop }
spec: { workloadSelector: { labels: { app: cart } }, egress: [{ hosts: ['./*'] }] }
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: b, namespace: shop }
spec: { workloadSelector: { labels: { app: web } }, egress: [{ hosts: ['istio-system/*'] }] }
`,
      ),
      together(
        CART_PODS,
        `apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: a, namespace: shop }
spec: { workloadSelector: { labels: { app: cart } }, egress: [{ hosts: ['./*'] }] }
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec: { egress: [{ hosts: ['istio-system/*'] }] }
`,
      ),
    ],
  },
  check: (view) => {
    const owner = new Map<Workload | string, Sidecar>();
    return [...sidecars(view)]
      .sort((a, b) => byAge(a.object, b.object))
      .flatMap((sidecar) => {
        const { object, namespace, selector } = sidecar;
        const isGeneral = selector === undefined || Object.keys(selector).length === 0;
        const keys: readonly (Workload | string)[] = isGeneral
          ? [namespace]
          : selectedWorkloads(view, namespace, selector);
        const other = keys.map((key) => owner.get(key)).find((found) => found !== undefined);
        for (const key of keys) if (!owner.has(key)) owner.set(key, sidecar);
        return other === undefined
          ? []
          : [
              {
                object,
                field: isGeneral ? 'spec' : 'spec.workloadSelector',
                message: `\`${other.namespace}/${nameOf(other.object)}\` is for ${isGeneral ? 'the whole namespace' : 'some of the same pods'}, too`,
              },
            ];
      });
  },
};
