import type { MeshIntent } from '../intent/mesh';
import type { ServiceMetrics } from '../intent/metrics';
import type { ServiceIntent } from '../intent/service';
import { serviceKey } from '../intent/service';
import type { Objective } from '../intent/telemetry';

/** How urgent an alert is. */
export type Severity = 'critical' | 'warning';

/** An alert of one service, whoever evaluates it. */
export interface Alert {
  readonly name: string;
  readonly severity: Severity;
  readonly expr: string;
  /** How long it must hold, as PromQL writes it. */
  readonly for: string;
  readonly summary: string;
  readonly description: string;
  /** Heading of the runbook where it is explained. */
  readonly anchor: string;
}

const SHORT = '5m';
const LONG = '1h';

/** The alerts of one service: what it promises, and what its declarations imply. */
export function serviceAlerts(
  service: ServiceIntent,
  mesh: MeshIntent,
  metrics: ServiceMetrics,
  objective: Objective,
): readonly Alert[] {
  const key = serviceKey(service.ref);
  const requests = service.ports.some((port) => port.carriesRequests);
  // The API server has no identity in the mesh, and no metric tells its calls from others without one.
  const plaintextDeclared = mesh.grantsTo(service.ref).some(({ caller }) => caller.kind === 'kubernetesApi');
  return [
    ...(requests ? [successRateLow(key, metrics, objective), ...latencyHigh(key, metrics, objective)] : []),
    ...(service.ports.length === 0 || service.resilience.outlierDetection === 'off' ? [] : [ejected(key, metrics)]),
    ...(requests && service.locked ? [denied(key, metrics)] : []),
    ...(service.ports.length === 0 || !service.locked || plaintextDeclared ? [] : [plaintext(key, metrics)]),
  ];
}

function successRateLow(key: string, metrics: ServiceMetrics, objective: Objective): Alert {
  const { successRatePercent, minRequestsPerSecond } = objective;
  const allowed = Number(((100 - successRatePercent) / 100).toPrecision(6));
  const share = (range: string) => `${metrics.failures(range)} / ${metrics.requests(range)} > ${allowed}`;
  return {
    name: 'MeshSuccessRateLow',
    severity: 'critical',
    // The short range ends the alert soon after the failures; the long one keeps a blip from beginning it.
    expr: allOf(share(SHORT), share(LONG), busy(metrics, minRequestsPerSecond)),
    for: '2m',
    summary: `Fewer than ${successRatePercent}% of the requests to ${key} succeed`,
    description: `{{ $value | humanizePercentage }} of the requests to ${key} failed in the last 5 minutes, as its callers see it.`,
    anchor: 'meshsuccessratelow',
  };
}

function latencyHigh(key: string, metrics: ServiceMetrics, objective: Objective): readonly Alert[] {
  const { latency, minRequestsPerSecond } = objective;
  if (latency === undefined) {
    return [];
  }
  const quantile = Number((latency.percentile / 100).toPrecision(6));
  return [
    {
      name: 'MeshLatencyHigh',
      severity: 'warning',
      expr: allOf(`${metrics.latencyMillis(quantile, SHORT)} > ${latency.millis}`, busy(metrics, minRequestsPerSecond)),
      for: '5m',
      summary: `Fewer than ${latency.percentile}% of the requests to ${key} are answered within ${latency.millis} ms`,
      description: `${latency.percentile}% of the requests to ${key} took up to {{ printf "%.0f" $value }} ms in the last 5 minutes, as its callers see it.`,
      anchor: 'meshlatencyhigh',
    },
  ];
}

function ejected(key: string, metrics: ServiceMetrics): Alert {
  return {
    name: 'MeshEndpointsEjected',
    severity: 'warning',
    expr: `${metrics.ejected(SHORT)} > 0`,
    for: '1m',
    summary: `Callers have ejected pods of ${key}`,
    description: `A caller sends nothing to pods of ${key}, because they failed too often: {{ $value }} at most.`,
    anchor: 'meshendpointsejected',
  };
}

function denied(key: string, metrics: ServiceMetrics): Alert {
  return {
    name: 'MeshCallsDenied',
    severity: 'warning',
    expr: `${metrics.denied(SHORT)} > 0`,
    for: '0m',
    summary: `Calls of ${key} are refused`,
    description: `${key} refused {{ $labels.source_workload }} in {{ $labels.source_workload_namespace }} ({{ $labels.source_principal }}).`,
    anchor: 'meshcallsdenied',
  };
}

function plaintext(key: string, metrics: ServiceMetrics): Alert {
  return {
    name: 'MeshPlaintextReceived',
    severity: 'critical',
    expr: `${metrics.plaintext(SHORT)} > 0`,
    for: '0m',
    summary: `${key} takes calls without mutual TLS`,
    description: `${key} took calls without mutual TLS from {{ $labels.source_workload }} in {{ $labels.source_workload_namespace }}.`,
    anchor: 'meshplaintextreceived',
  };
}

function busy(metrics: ServiceMetrics, minRequestsPerSecond: number): string {
  return `${metrics.requests(SHORT)} > ${minRequestsPerSecond}`;
}

function allOf(...conditions: readonly string[]): string {
  return conditions.join('\nand\n');
}
