import { podTemplatePath } from '../../manifests/workload';
import { findService } from '../../manifests/mesh/services';
import { workloads } from '../../manifests/mesh/workloads';
import { fieldAt, indexedRecords } from '../../manifests/objects';
import type { Rule } from '../rule';
import { CART_SERVICE, SHOP, together } from '../samples';

export const initContainerCalls: Rule = {
  code: 'MESH-CHK-507',
  severity: 'warning',
  title: 'An init container that calls a service of the mesh',
  why: 'Init containers run before the sidecar: under the CNI plugin or STRICT mTLS the call cannot succeed, and the pod never starts.',
  fix: 'use native sidecars (`sidecar.istio.io/nativeSidecar: "true"`), or call from the application',
  examples: {
    bad: [
      together(
        SHOP,
        CART_SERVICE,
        `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web }, annotations: { sidecar.istio.io/nativeSidecar: 'false' } }
    spec:
      initContainers: [{ name: wait, image: curl, command: [curl, http://cart.shop] }]
      containers: [{ name: web, image: web }]
`,
      ),
      together(
        SHOP,
        CART_SERVICE,
        `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web }, annotations: { sidecar.istio.io/nativeSidecar: 'false' } }
    spec:
      initContainers: [{ name: wait, image: curl, env: [{ name: URL, value: 'http://cart.shop.svc.cluster.local/ready' }] }]
      containers: [{ name: web, image: web }]
`,
      ),
    ],
    good: [
      together(
        SHOP,
        CART_SERVICE,
        `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web }, annotations: { sidecar.istio.io/nativeSidecar: 'true' } }
    spec:
      initContainers: [{ name: wait, image: curl, command: [curl, http://cart.shop] }]
      containers: [{ name: web, image: web }]
`,
      ),
      together(
        SHOP,
        CART_SERVICE,
        `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web }, annotations: { sidecar.istio.io/nativeSidecar: 'false' } }
    spec:
      initContainers: [{ name: wait, image: curl, command: [curl, https://example.com] }]
      containers: [{ name: web, image: web }]
`,
      ),
    ],
  },
  check: (view) =>
    workloads(view).flatMap(({ object, namespace, dataPlane, pods }) => {
      // Native sidecars, the default where the kubelet is new enough, run before init containers.
      if (dataPlane !== 'sidecar' || pods.podAnnotations['sidecar.istio.io/nativeSidecar'] !== 'false') return [];
      const path = [...podTemplatePath(object.object.kind), 'spec', 'initContainers'];
      return indexedRecords(fieldAt(object.object, ...path)).flatMap(([container, index]) => {
        const texts = JSON.stringify([container['command'], container['args'], container['env']]);
        const host = [...texts.matchAll(HOST)]
          .map(([, name = '', place]) => ({ name, place: place ?? namespace }))
          .find(({ name, place }) => findService(view, place, name) !== undefined);
        return host === undefined || container['restartPolicy'] === 'Always'
          ? []
          : [
              {
                object,
                field: `${path.join('.')}[${index}]`,
                message: `it names the service \`${host.place}/${host.name}\`, and runs before the sidecar`,
              },
            ];
      });
    }),
};

const HOST =
  /\b(?:https?|grpc|postgres|amqp|redis|tcp):\/\/(?:[^/@"\s]*@)?([a-z][a-z0-9-]*)(?:\.([a-z][a-z0-9-]*))?(?:\.svc(?:\.cluster\.local)?)?(?=[:/"\s])/g;
