import type { MeshIntent } from '../intent/mesh';
import { byCodeUnits } from '../intent/names';
import type { ServiceMetrics } from '../intent/metrics';
import type { ServiceIntent } from '../intent/service';
import type { Mesh } from './mesh';

/** A service of a namespace, with how to ask for its traffic. */
export interface WatchedService {
  readonly service: ServiceIntent;
  readonly metrics: ServiceMetrics;
}

/** The services that this app declares in a namespace, in the order of their names. */
export function watchedServices(mesh: Mesh, intent: MeshIntent, namespace: string): readonly WatchedService[] {
  return intent
    .allServices()
    .filter(({ owned, ref }) => owned && ref.namespace === namespace)
    .sort((a, b) => byCodeUnits(a.ref.name, b.ref.name))
    .map((service) => ({ service, metrics: mesh._provider.telemetry.metrics(service, intent) }));
}
