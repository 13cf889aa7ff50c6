import { Kind } from '../kinds';
import { stringMap } from '../objects';
import type { ManifestView } from '../view';
import type { WorkloadView } from '../workload';
import { injectorSettings } from './installation';

/** What carries the traffic of pods: a sidecar, the node's ztunnel, or nothing of the mesh. */
export type DataPlane = 'sidecar' | 'ambient' | 'none';

type Labels = Readonly<Record<string, string>>;

/** Istio never injects there. */
const SYSTEM_NAMESPACES: readonly string[] = ['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage'];

/** The labels of a namespace; undefined where it is not in the set. */
export function namespaceLabels(view: ManifestView, namespace: string): Labels | undefined {
  const object = view.find(Kind.NAMESPACE, '', namespace);
  return object === undefined ? undefined : stringMap(object.object.metadata?.labels);
}

/**
 * How pods of a namespace come into the mesh where they say nothing themselves; undefined where the namespace is not in the
 * set. `istio-injection` beats `istio.io/rev`, and a sidecar beats ambient.
 *
 * Source: https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/#controlling-the-injection-policy
 */
export function namespaceDataPlane(view: ManifestView, namespace: string): DataPlane | undefined {
  const labels = namespaceLabels(view, namespace);
  if (labels === undefined) return undefined;
  const injection = labels['istio-injection'];
  const injected = injection === undefined ? labels['istio.io/rev'] !== undefined : injection === 'enabled';
  if (isInjectedByDefault(view, namespace, labels)) return 'sidecar';
  if (injected && !SYSTEM_NAMESPACES.includes(namespace)) {
    // With `istio.io/rev` beside ambient, the label only chooses which control plane serves the waypoints.
    if (injection === undefined && labels['istio.io/dataplane-mode'] === 'ambient') return 'ambient';
    return 'sidecar';
  }
  return labels['istio.io/dataplane-mode'] === 'ambient' ? 'ambient' : 'none';
}

/** Whether a namespace gets sidecars only because the installation gives them to all that say nothing. */
export function isInjectedByDefault(view: ManifestView, namespace: string, labels: Labels): boolean {
  return (
    injectorSettings(view)?.byDefault === true &&
    ['istio-injection', 'istio.io/rev', 'istio.io/dataplane-mode'].every((key) => labels[key] === undefined) &&
    !SYSTEM_NAMESPACES.includes(namespace) &&
    namespace !== view.mesh.rootNamespace
  );
}

/**
 * What carries the traffic of a workload's pods; undefined where nothing in the set tells. The pods' own label beats what the
 * namespace says, except that `istio-injection: disabled` and the host's network are final.
 */
export function podDataPlane(view: ManifestView, namespace: string, pods: WorkloadView): DataPlane | undefined {
  const wish = pods.podLabels['sidecar.istio.io/inject'] ?? pods.podAnnotations['sidecar.istio.io/inject'];
  const byNamespace = namespaceDataPlane(view, namespace);
  const labels = namespaceLabels(view, namespace);
  const ambient = pods.podLabels['istio.io/dataplane-mode'];
  if (pods.hostNetwork || SYSTEM_NAMESPACES.includes(namespace)) return 'none';
  if (hasProxy(pods)) return 'sidecar';
  if (wish === 'true' && labels?.['istio-injection'] !== 'disabled') return 'sidecar';
  if (wish === undefined && pods.podLabels['istio.io/rev'] !== undefined && labels?.['istio-injection'] === undefined)
    return ambient === 'ambient' || byNamespace === 'ambient' ? 'ambient' : 'sidecar';
  if (wish === 'false' && byNamespace === 'sidecar') return 'none';
  if (byNamespace === 'sidecar') return 'sidecar';
  if (ambient !== undefined) return ambient === 'ambient' ? 'ambient' : 'none';
  return byNamespace;
}

/** Whether the manifest itself has the proxy, which then is not injected. */
function hasProxy({ containers }: WorkloadView): boolean {
  return containers.some(({ name }) => name === 'istio-proxy');
}
