import { namespaceLabels } from '../../manifests/mesh/enrolment';
import { injectorSettings } from '../../manifests/mesh/installation';
import type { Workload } from '../../manifests/mesh/workloads';
import { workloads } from '../../manifests/mesh/workloads';
import type { ManifestView } from '../../manifests/view';
import type { Rule } from '../rule';
import { CART_PODS, together } from '../samples';

const RESTRICTED = `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled, pod-security.kubernetes.io/enforce: restricted } }
`;
const INJECTOR = `apiVersion: v1
kind: ConfigMap
metadata: { name: istio-sidecar-injector, namespace: istio-system }
data: { values: '{ "pilot": { "cni": { "enabled": false } } }' }
`;

export const podSecurity: Rule = {
  code: 'MESH-CHK-515',
  severity: 'error',
  title: 'Pod Security that refuses the init container of the proxy',
  why: 'Without the CNI plugin, `istio-init` redirects traffic and needs `NET_ADMIN`, which `baseline` and `restricted` refuse: no pod starts.',
  fix: 'install the CNI plugin and set `pilot.cni.enabled`, or use ambient mode',
  examples: {
    bad: [
      together(INJECTOR, RESTRICTED, CART_PODS),
      together(
        RESTRICTED.replace('enforce: restricted', 'enforce: baseline'),
        `apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart } }
    spec:
      serviceAccountName: cart
      initContainers: [{ name: istio-init, image: proxyv2, securityContext: { capabilities: { add: [NET_ADMIN, NET_RAW] } } }]
      containers: [{ name: cart, image: cart }, { name: istio-proxy, image: proxyv2 }]
`,
      ),
    ],
    good: [
      together(INJECTOR.replace('false', 'true'), RESTRICTED, CART_PODS),
      together(INJECTOR, RESTRICTED.replace('enforce', 'warn'), CART_PODS),
    ],
  },
  check: (view) =>
    workloads(view).flatMap((workload) => {
      const level = namespaceLabels(view, workload.namespace)?.['pod-security.kubernetes.io/enforce'] ?? '';
      return ['baseline', 'restricted'].includes(level) && hasInitContainer(view, workload)
        ? [
            {
              object: workload.object,
              message: `\`${workload.namespace}\` enforces Pod Security \`${level}\`, which refuses the container \`istio-init\` of its pods`,
            },
          ]
        : [];
    }),
};

/** Whether pods get, or have, the container that redirects traffic; a gateway redirects none. */
function hasInitContainer(view: ManifestView, { pods, dataPlane, isGateway }: Workload): boolean {
  if (pods.containers.some(({ name }) => name === 'istio-init')) return true;
  const isInjected = dataPlane === 'sidecar' && !pods.containers.some(({ name }) => name === 'istio-proxy');
  return isInjected && !isGateway && injectorSettings(view)?.usesCni === false;
}
