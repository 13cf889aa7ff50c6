import type { MetricsOf } from '../../intent/metrics';
import type { KialiOfMesh, ScrapeIntent, TelemetryIntent, TelemetryTarget } from '../../intent/telemetry';
import type { ObjectPlan } from './object-plan';

/** What a mesh tells about calls. */
export interface TelemetryProvider {
  /** Names of the services that spans and access logs go to. */
  readonly providers: { readonly tracing: readonly string[]; readonly accessLog: readonly string[] };
  /** Whether something may collect metrics from pods in zero-trust namespaces. */
  readonly monitoringKnown: boolean;
  /** Metrics of a service. */
  readonly metrics: MetricsOf;
  /** What Kiali has to know of the mesh itself. */
  readonly kialiSettings: KialiOfMesh;
  telemetryObjects(target: TelemetryTarget, telemetry: TelemetryIntent): readonly ObjectPlan[];
  scrapeObjects(scrape: ScrapeIntent): readonly ObjectPlan[];
}
