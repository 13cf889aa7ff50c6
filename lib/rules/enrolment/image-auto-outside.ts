import { podTemplatePath } from '../../manifests/workload';
import { namespaceLabels } from '../../manifests/mesh/enrolment';
import { workloads } from '../../manifests/mesh/workloads';
import { fieldAt, indexedRecords } from '../../manifests/objects';
import type { Rule } from '../rule';
import { INGRESS_PODS, together } from '../samples';

export const imageAutoOutside: Rule = {
  code: 'MESH-CHK-509',
  istio: 'IST0146',
  istioToo: ['IST0147'],
  severity: 'error',
  title: 'The image `auto` in pods that are not injected',
  why: "Only the injector replaces `auto` by the proxy's image: without it the pod cannot start.",
  fix: 'label the namespace or the pods for injection',
  examples: {
    bad: [
      together(
        INGRESS_PODS,
        `apiVersion: v1
kind: Namespace
metadata: { name: ingress }
`,
      ),
      `apiVersion: v1
kind: Namespace
metadata: { name: ingress, labels: { istio-injection: disabled } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ingress, namespace: ingress }
spec:
  selector: { matchLabels: { istio: ingress } }
  template:
    metadata: { labels: { istio: ingress, sidecar.istio.io/inject: 'true' } }
    spec: { containers: [{ name: istio-proxy, image: auto }] }
`,
    ],
    good: [
      together(
        INGRESS_PODS,
        `apiVersion: v1
kind: Namespace
metadata: { name: ingress, labels: { istio-injection: enabled } }
`,
      ),
      `apiVersion: v1
kind: Namespace
metadata: { name: ingress }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ingress, namespace: ingress }
spec:
  selector: { matchLabels: { istio: ingress } }
  template:
    metadata: { labels: { istio: ingress, sidecar.istio.io/inject: 'true' } }
    spec: { containers: [{ name: istio-proxy, image: auto }] }
`,
    ],
  },
  check: (view) =>
    workloads(view).flatMap(({ object, namespace, labels }) => {
      const path = [...podTemplatePath(object.object.kind), 'spec', 'containers'];
      const auto = indexedRecords(fieldAt(object.object, ...path)).find(([container]) => container['image'] === 'auto');
      const place = namespaceLabels(view, namespace);
      if (auto === undefined || place === undefined) return [];
      const asks = labels['sidecar.istio.io/inject'];
      const isInjected =
        place['istio-injection'] !== 'disabled' &&
        asks !== 'false' &&
        (asks === 'true' ||
          place['istio-injection'] === 'enabled' ||
          place['istio.io/rev'] !== undefined ||
          labels['istio.io/rev'] !== undefined);
      return isInjected
        ? []
        : [
            {
              object,
              field: `${path.join('.')}[${auto[1]}].image`,
              message: `nothing injects pods of \`${namespace}\``,
            },
          ];
    }),
};
