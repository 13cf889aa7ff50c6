import { Kind } from '../../manifests/kinds';
import { workloads } from '../../manifests/mesh/workloads';
import { stringMap } from '../../manifests/objects';
import type { Rule } from '../rule';

export const annotationMisplaced: Rule = {
  code: 'MESH-CHK-506',
  istio: 'IST0107',
  severity: 'warning',
  title: 'An annotation for pods on the object that makes them',
  why: 'The injector reads the pod template: on the Deployment the annotation has no effect.',
  fix: 'move it to `spec.template.metadata.annotations`',
  examples: {
    bad: [
      `apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop, annotations: { sidecar.istio.io/proxyCPU: 100m } }
spec:
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart } }
    spec: { containers: [{ name: cart, image: cart }] }
`,
      `apiVersion: v1
kind: Namespace
metadata: { name: shop, annotations: { traffic.sidecar.istio.io/excludeOutboundPorts: '3306' } }
`,
    ],
    good: [
      `apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop, annotations: { example.com/owner: shop } }
spec:
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart }, annotations: { sidecar.istio.io/proxyCPU: 100m } }
    spec: { containers: [{ name: cart, image: cart }] }
`,
      `apiVersion: v1
kind: Pod
metadata: { name: cart, namespace: shop, annotations: { sidecar.istio.io/proxyCPU: 100m } }
spec: { containers: [{ name: cart, image: cart }] }
`,
    ],
  },
  check: (view) =>
    [...view.of(Kind.NAMESPACE), ...view.of(Kind.SERVICE), ...workloads(view).map(({ object }) => object)]
      .filter(({ object }) => object.kind !== 'Pod')
      .flatMap((object) =>
        Object.keys(stringMap(object.object.metadata?.annotations))
          .filter((key) => FOR_PODS.test(key))
          .map((key) => ({
            object,
            field: `metadata.annotations["${key}"]`,
            message: `\`${key}\` is read on pods, not on a ${object.object.kind}`,
          })),
      ),
};

const FOR_PODS = /^((traffic\.|readiness\.status\.|status\.)?sidecar|proxy|inject)\.istio\.io\//;
