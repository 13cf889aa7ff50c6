import type { Manifest } from '../mesh-app';
import { at } from '../mesh-app';
import type { Labels } from '../read-back/objects';
import { selects } from '../read-back/objects';

/** A pod that runs in the cluster. */
export interface RunningPod {
  readonly version: 'new' | 'old';
  readonly namespace: string;
  readonly labels: Labels;
  readonly serviceAccount: string;
}

/** A route destination of a VirtualService. */
export interface RouteDestination {
  readonly destination: { readonly host: string; readonly subset?: string };
  readonly weight?: number;
}

/** A route of a VirtualService. */
export interface HttpRoute {
  readonly name?: string;
  readonly match?: readonly unknown[];
  readonly route?: readonly RouteDestination[];
}

/** What a controller has made of the objects that were applied. */
export interface Cluster {
  readonly objects: readonly Manifest[];
  readonly pods: readonly RunningPod[];
}

/** The objects of one kind. */
export function kindOf(objects: readonly Manifest[], kind: string): readonly Manifest[] {
  return objects.filter((object) => object.kind === kind);
}

/** The HTTP routes of a VirtualService. */
export function httpRoutes(virtualService: Manifest): readonly HttpRoute[] {
  return (at(virtualService, 'spec', 'http') ?? []) as readonly HttpRoute[];
}

/** The same object with one field of its spec replaced. */
export function withSpec(object: Manifest, field: string, value: unknown): Manifest {
  return { ...object, spec: { ...object.spec, [field]: value } };
}

/** The pods that labels select, by version. */
export function selected({ pods }: Cluster, namespace: string, labels: unknown): readonly string[] {
  return pods
    .filter((pod) => pod.namespace === namespace && selects(labels as Labels, pod.labels))
    .map(({ version }) => version);
}

/** Fully qualified name of a host as an object of that namespace writes it. */
export function qualified(host: string, namespace: string): string {
  return host.includes('.') ? host : `${host}.${namespace}.svc.cluster.local`;
}

/** How many VirtualServices the mesh's proxies have for each host. */
export function routedHosts(objects: readonly Manifest[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const object of kindOf(objects, 'VirtualService')) {
    const gateways = at(object, 'spec', 'gateways') as readonly string[] | undefined;
    for (const host of at(object, 'spec', 'hosts') as readonly string[]) {
      for (const gateway of gateways ?? ['mesh']) {
        const key = `${qualified(host, object.metadata.namespace ?? '')} at ${gateway}`;
        counts[key] = (counts[key] ?? 0) + 1;
      }
    }
  }
  return counts;
}
