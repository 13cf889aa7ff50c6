import type { AnalysisIntent, Delivery } from '../../intent/delivery';
import type { Labels } from '../../intent/names';
import type { ServiceRef } from '../../intent/peer';

/** The label by which Istio calls a service, whatever its workloads are called. */
export const SERVICE_LABEL = 'service.istio.io/canonical-name';

/** Labels that say a workload's version, in the order in which Istio looks for them. */
export const REVISION_LABELS: readonly string[] = [
  'service.istio.io/canonical-revision',
  'app.kubernetes.io/version',
  'version',
];

const NAME_LABELS: readonly string[] = [SERVICE_LABEL, 'app.kubernetes.io/name', 'app'];

/** gRPC statuses that are a server's fault: UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE, DATA_LOSS. */
const GRPC_FAILURES = '2|4|12|13|14|15';

/** One thing that is measured of the new version, and its bound. */
export interface ReleaseMetric {
  /** What is added to the service's name. */
  readonly suffix: string;
  readonly query: string;
  readonly bound: { readonly min: number } | { readonly max: number };
}

/** What the metrics of the proxies call the version that is tried. */
export type VersionSeries = Readonly<Record<string, string>>;

/** Under Argo Rollouts, pods of both versions belong to one workload and differ in their revision. */
export function revisionSeries({ namespace, name }: ServiceRef, { workload }: Delivery): VersionSeries {
  return {
    destination_workload_namespace: namespace,
    destination_canonical_service: first(workload.podLabels, NAME_LABELS) ?? name,
    destination_canonical_revision: first(workload.podLabels, REVISION_LABELS) ?? '',
  };
}

/** Under Flagger, the new version is a workload of its own. */
export function workloadSeries({ namespace }: ServiceRef, { workload }: Delivery): VersionSeries {
  return { destination_workload_namespace: namespace, destination_workload: workload.name };
}

/** The first of these labels that there is. */
export function first(labels: Labels, keys: readonly string[]): string | undefined {
  return keys.map((key) => labels[key]).find((value) => value !== undefined);
}

/** What is measured, by names alone: which metrics there are does not depend on the workload. */
export function metricSuffixes({ maxLatencyMillis }: AnalysisIntent): readonly string[] {
  return ['success-rate', ...(maxLatencyMillis === undefined ? [] : ['latency'])];
}

/** Success and latency of a version as its own proxies saw them; no value where there were no requests. */
export function releaseMetrics(analysis: AnalysisIntent, series: VersionSeries): readonly ReleaseMetric[] {
  const window = `${Math.max(60, analysis.intervalSeconds)}s`;
  const rate = (metric: string, more: readonly string[] = []) =>
    `rate(${metric}{${['reporter="destination"', ...matchers(series), ...more].join(',')}}[${window}])`;
  const requests = (...more: readonly string[]) => `sum(${rate('istio_requests_total', more)})`;
  // A version that always fails has no series of successes, so failures are counted; none of them is no series, either.
  const failures = [
    requests('response_code=~"5.."'),
    requests('response_code!~"5.."', `grpc_response_status=~"${GRPC_FAILURES}"`),
  ].map((sum) => `(${sum} or vector(0))`);
  const buckets = rate('istio_request_duration_milliseconds_bucket');
  const metrics: readonly ReleaseMetric[] = [
    {
      suffix: 'success-rate',
      query: `100 * (1 - (${failures.join(' + ')}) / ${requests()})`,
      bound: { min: analysis.minSuccessPercent },
    },
    {
      suffix: 'latency',
      query: `histogram_quantile(${analysis.latencyPercentile / 100}, sum by (le) (${buckets}))`,
      bound: { max: analysis.maxLatencyMillis ?? 0 },
    },
  ];
  return metrics.filter(({ suffix }) => metricSuffixes(analysis).includes(suffix));
}

function matchers(series: VersionSeries): readonly string[] {
  return Object.entries(series).map(([label, value]) => `${label}="${value}"`);
}
