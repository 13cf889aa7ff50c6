import { workloads } from '../../manifests/mesh/workloads';
import type { Rule } from '../rule';
import { INGRESS_PODS, SHOP, together } from '../samples';

export const proxyUser: Rule = {
  code: 'MESH-CHK-504',
  istio: 'IST0144',
  severity: 'error',
  title: 'A container that runs as the user of the proxy',
  why: 'The sidecar lets traffic of user 1337 pass by, so that nothing of this container is encrypted, checked or routed.',
  fix: 'run the container as another user than 1337',
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
    metadata: { labels: { app: cart } }
    spec: { securityContext: { runAsUser: 1337 }, containers: [{ name: cart, image: cart }] }
`,
      ),
      together(
        SHOP,
        `apiVersion: v1
kind: Pod
metadata: { name: cart, namespace: shop }
spec: { containers: [{ name: cart, image: cart, securityContext: { runAsUser: 1337 } }] }
`,
      ),
    ],
    good: [
      together(
        SHOP,
        `apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart } }
    spec: { securityContext: { runAsUser: 1000, fsGroup: 1337 }, containers: [{ name: cart, image: cart }] }
`,
      ),
      together(
        INGRESS_PODS,
        `apiVersion: v1
kind: Pod
metadata: { name: cart, namespace: shop }
spec: { containers: [{ name: istio-proxy, image: auto, securityContext: { runAsUser: 1337 } }] }
`,
      ),
    ],
  },
  check: (view) =>
    workloads(view).flatMap(({ object, dataPlane, pods, isGateway }) =>
      isGateway || dataPlane !== 'sidecar'
        ? []
        : pods.containers
            .filter(({ user, name, runsBefore }) => user === PROXY_USER && name !== 'istio-proxy' && !runsBefore)
            .map(({ name }) => ({
              object,
              message: `the container \`${name}\` runs as user \`${PROXY_USER}\`, which is the proxy's`,
            })),
    ),
};

const PROXY_USER = 1337;
