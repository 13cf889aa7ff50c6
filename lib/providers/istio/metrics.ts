import { byCodeUnits } from '../../intent/names';
import type { CallerRef } from '../../intent/peer';
import type { MeshIntent } from '../../intent/mesh';
import type { ServiceMetrics } from '../../intent/metrics';
import { Protocol } from '../../intent/port';
import type { ServiceIntent } from '../../intent/service';
import { flaggerServices } from './flagger';
import type { IstioSettings } from './settings';
import { serviceHost } from './settings';

/** gRPC codes for which the server is to blame: UNKNOWN, DEADLINE_EXCEEDED, INTERNAL, UNAVAILABLE, DATA_LOSS. */
const GRPC_FAILURES = '2|4|13|14|15';
const GRPC_PERMISSION_DENIED = '7';

/** Who called, as far as the callee's proxy knows. */
const CALLER = 'source_principal, source_workload_namespace, source_workload';

/**
 * Istio's standard metrics of one service. https://istio.io/latest/docs/reference/config/metrics/
 * A proxy refuses gRPC calls with HTTP 200 and a status, so that both codes have to be asked for.
 */
export function serviceMetrics(settings: IstioSettings, service: ServiceIntent, mesh: MeshIntent): ServiceMetrics {
  const { ref, ports } = service;
  const names = serviceNames(service);
  const here = `destination_service_name${oneOf(names)},destination_service_namespace="${ref.namespace}"`;
  // Flagger's two versions may have one label, but not one Deployment.
  const version = names.length > 1 ? 'destination_workload' : 'destination_version';
  const seenByCaller = `reporter="source",${here}`;
  const seenHere = `reporter="destination",${here}`;
  const grpc = ports.some(({ protocol }) => protocol === Protocol.GRPC);
  const requests = (labels: string) => `istio_requests_total{${labels}}`;
  const connections = (labels: string) => `istio_tcp_connections_opened_total{${labels}}`;
  const failed = (labels: string) => [
    requests(`${labels},response_code=~"5.."`),
    ...(grpc ? [requests(`${labels},response_code!~"5..",grpc_response_status=~"${GRPC_FAILURES}"`)] : []),
  ];
  const calls = (labels: string) => [
    ...(ports.some((port) => port.carriesRequests) ? [requests(labels)] : []),
    ...(ports.some((port) => !port.carriesRequests) ? [connections(labels)] : []),
  ];
  const declared = declaredPrincipals(settings, service, mesh);
  return {
    requests: (range) => perSecond([requests(seenByCaller)], range),
    failures: (range) => perSecond(failed(seenByCaller), range),
    latencyMillis: (quantile, range) =>
      `histogram_quantile(${quantile}, sum by (le) (rate(istio_request_duration_milliseconds_bucket{${seenByCaller}}[${range}])))`,
    requestsByVersion: (range) => perSecond(calls(seenHere), range, version),
    failuresByVersion: (range) => perSecond(failed(seenHere), range, version),
    ejected: (range) =>
      `max(max_over_time(envoy_cluster_outlier_detection_ejections_active{cluster_name=~"${clusterNames(settings, service)}"}[${range}]))`,
    denied: (range) =>
      happened(
        [
          requests(`${seenHere},response_code="403"`),
          ...(grpc
            ? [requests(`${seenHere},response_code!="403",grpc_response_status="${GRPC_PERMISSION_DENIED}"`)]
            : []),
        ],
        range,
      ),
    plaintext: (range) => happened(calls(`${seenHere},connection_security_policy!="mutual_tls"`), range),
    connections: (range) => perSecond([connections(seenByCaller)], range),
    declaredCalls: (range) => perSecond(calls(`${seenHere},source_principal=~"${declared}"`), range, CALLER),
    undeclaredCalls: (range) => perSecond(calls(`${seenHere},source_principal!~"${declared}"`), range, CALLER),
  };
}

/** What came without mutual TLS to any pod of the mesh in the range. */
export function plaintextOfMesh(range: string): string {
  const labels = 'reporter="destination",connection_security_policy!="mutual_tls"';
  const selectors = [`istio_requests_total{${labels}}`, `istio_tcp_connections_opened_total{${labels}}`];
  return happened(selectors, range, `destination_workload_namespace, destination_workload, ${CALLER}`);
}

function perSecond(selectors: readonly string[], range: string, by?: string): string {
  const rates = selectors.map((selector) => `rate(${selector}[${range}])`).join(' or ');
  return by === undefined ? `sum(${rates})` : `sum by (${by}) (${rates})`;
}

/** What was counted in the range; a counter that is new begins with its first event, which no increase shows. */
function happened(selectors: readonly string[], range: string, by = CALLER): string {
  const events = selectors.map(
    (selector) => `increase(${selector}[${range}]) > 0 or (${selector} unless ${selector} offset ${range})`,
  );
  return `sum by (${by}) (${events.join(' or ')})`;
}

/** Names of the Kubernetes Services that its requests go to: Flagger sends them on to others than the one that is called. */
function serviceNames({ ref, delivery }: ServiceIntent): readonly string[] {
  return [ref.name, ...(delivery?.controller.kind === 'flagger' ? flaggerServices(ref.name) : [])];
}

function oneOf(values: readonly string[]): string {
  return values.length === 1 ? `="${values.join()}"` : `=~"${values.join('|')}"`;
}

/** Names that callers' proxies give to a service's ports and versions; from 1.24 on, some end with a delimiter. */
function clusterNames(settings: IstioSettings, service: ServiceIntent): string {
  const { namespace } = service.ref;
  const hosts = serviceNames(service).map((name) => literal(serviceHost(settings, { namespace, name })));
  return `outbound[|][0-9]+[|][^|]*[|]${hosts.length === 1 ? hosts.join() : `(${hosts.join('|')})`};?`;
}

/** Regular expression of the identities that may call; one that matches nothing where nobody may. */
function declaredPrincipals(settings: IstioSettings, { ref }: ServiceIntent, mesh: MeshIntent): string {
  const principal = (namespace: string, account: string) =>
    `spiffe://${literal(settings.trustDomain)}/ns/${namespace}/sa/${account}`;
  const of = (caller: CallerRef): readonly string[] => {
    switch (caller.kind) {
      case 'service':
        return [principal(caller.namespace, mesh.service(caller).serviceAccount)];
      case 'serviceAccount':
        return [principal(caller.namespace, caller.serviceAccount)];
      case 'namespace':
        return [principal(caller.namespace, '[^/]+')];
      case 'ingressGateway':
        return settings.ingressGateway === undefined
          ? []
          : [principal(settings.ingressGateway.namespace, settings.ingressGateway.serviceAccount)];
      case 'kubernetesApi':
        // It has no identity in the mesh.
        return ['unknown'];
    }
  };
  const principals = new Set(mesh.grantsTo(ref).flatMap(({ caller }) => of(caller)));
  return principals.size === 0 ? 'nobody' : [...principals].sort(byCodeUnits).join('|');
}

/** Text as a regular expression inside a PromQL string, without backslashes, which would have to be doubled there. */
function literal(text: string): string {
  return text.replace(/[.]/g, '[.]');
}
