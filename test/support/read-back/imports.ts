import type { KubeObject, Labels } from './objects';
import { ofKind, requireFields, selects, sorted } from './objects';
import { readPods } from './pods';

interface Sidecar {
  readonly workloadSelector?: { readonly labels: Labels };
  readonly egress?: readonly { readonly hosts: readonly string[] }[];
  readonly outboundTrafficPolicy?: { readonly mode: string };
}

/** What the proxy of every workload knows: the hosts of its Sidecar, `*` where it may also reach what it does not know. */
export function readImports(objects: readonly KubeObject[]): Readonly<Record<string, readonly string[]>> {
  const sidecars = ofKind<Sidecar>(objects, 'Sidecar', ['workloadSelector', 'egress', 'outboundTrafficPolicy']);
  return Object.fromEntries(
    readPods(objects).map(({ key, namespace, labels }) => {
      const own = sidecars.filter(
        ({ spec, ...sidecar }) =>
          sidecar.namespace === namespace &&
          spec.workloadSelector !== undefined &&
          selects(spec.workloadSelector.labels, labels),
      );
      if (own.length > 1) throw new Error(`${key} has ${own.length} Sidecars, and Istio takes one of them`);
      const theirs = sidecars.find((other) => other.namespace === namespace && !other.spec.workloadSelector);
      return [key, sorted(known(key, (own[0] ?? theirs)?.spec))];
    }),
  );
}

function known(key: string, sidecar: Sidecar | undefined): readonly string[] {
  const { egress = [], outboundTrafficPolicy } = sidecar ?? {};
  egress.forEach((listener) => requireFields(`Sidecar of ${key}`, listener, ['hosts']));
  const hosts = egress.flatMap((listener) => listener.hosts);
  // An absent or empty egress imports everything.
  return [...(hosts.length === 0 ? ['*/*'] : hosts), ...(outboundTrafficPolicy?.mode === 'REGISTRY_ONLY' ? [] : ['*'])];
}
