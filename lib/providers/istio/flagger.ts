import type {
  CanarySpec,
  CanarySpecAnalysis,
  CanarySpecAnalysisMatch,
  CanarySpecService,
  CanarySpecServiceTrafficPolicy,
  MetricTemplateSpec,
} from '../../../imports/flagger.app';
import type { Conditions } from '../../intent/conditions';
import type { Delivery, FlaggerIntent } from '../../intent/delivery';
import type { Port } from '../../intent/port';
import { Protocol } from '../../intent/port';
import { harmless } from '../../intent/repetition';
import type { Resilience } from '../../intent/resilience';
import { HARMLESS_CONDITIONS } from '../../intent/resilience';
import type { ServiceIntent } from '../../intent/service';
import { loadBalancer } from './balancing';
import { duration } from './format';
import { gatewayName } from './ingress';
import { values, withoutPrefix } from './matches';
import { releaseMetrics, workloadSeries } from './release-metrics';

/** Services, besides that of the host itself, that Flagger makes and routes to. */
export function flaggerServices(name: string): readonly string[] {
  return [`${name}-primary`, `${name}-canary`];
}

/** Spec of the Canary by which Flagger makes everything that belongs to a service's host. */
export function canarySpec(service: ServiceIntent, controller: FlaggerIntent, delivery: Delivery): CanarySpec {
  const { autoscaler } = controller;
  return {
    provider: 'istio',
    targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: delivery.workload.name },
    ...(autoscaler === undefined
      ? {}
      : { autoscalerRef: { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name: autoscaler } }),
    service: hostFields(service, delivery),
    analysis: analysisFields(service, controller, delivery),
  };
}

function hostFields(service: ServiceIntent, { ingresses }: Delivery): CanarySpecService {
  const { ref, ports, resilience } = service;
  const [port] = ports;
  if (port === undefined) {
    throw new Error(`${ref.name} is released without a port`);
  }
  const { timeout } = resilience;
  return {
    name: ref.name,
    port: port.servicePort,
    targetPort: port.containerPort,
    portName: port.qualifiedName,
    appProtocol: port.protocol,
    ...(ingresses.length === 0
      ? {}
      : {
          gateways: [...new Set(ingresses.map(gatewayName)), 'mesh'],
          hosts: [...new Set(ingresses.flatMap(({ hosts }) => hosts))],
        }),
    ...(timeout === 'off' || port.streaming ? {} : { timeout: duration(timeout.millis) }),
    retries: retriesJson(service, port),
    trafficPolicy: trafficPolicyJson(resilience),
  };
}

function retriesJson({ resilience }: ServiceIntent, { streaming }: Port): CanarySpecService['retries'] {
  // There is one route for all methods.
  const retries = harmless(resilience.retries);
  if (retries === 'off') {
    return { attempts: 0 };
  }
  const { timeout } = resilience;
  const tryMillis = retries.perTryTimeoutMillis ?? (timeout === 'off' ? undefined : timeout.millis);
  return {
    attempts: retries.attempts,
    ...(tryMillis === undefined || streaming ? {} : { perTryTimeout: duration(tryMillis) }),
    retryOn: [...new Set(retries.conditions)].join(','),
  };
}

/** The part of the protections that Flagger has fields for; what it lacks is refused or warned of before. */
function trafficPolicyJson(resilience: Resilience): CanarySpecServiceTrafficPolicy {
  const { connectionPool, outlierDetection } = resilience;
  const { warmup, ...balancing } = loadBalancer(resilience);
  return {
    loadBalancer: {
      ...(balancing as CanarySpecServiceTrafficPolicy['loadBalancer']),
      ...(warmup === undefined ? {} : { warmupDurationSecs: warmup.duration }),
    },
    ...(connectionPool === 'off'
      ? {}
      : {
          connectionPool: {
            http: {
              http1MaxPendingRequests: connectionPool.maxPendingRequests,
              http2MaxRequests: connectionPool.maxRequests,
              idleTimeout: duration(connectionPool.idleTimeoutMillis),
              ...(connectionPool.maxRequestsPerConnection === undefined
                ? {}
                : { maxRequestsPerConnection: connectionPool.maxRequestsPerConnection }),
            },
          },
        }),
    ...(outlierDetection === 'off'
      ? {}
      : {
          outlierDetection: {
            consecutive5xxErrors: outlierDetection.consecutive5xxErrors,
            interval: duration(outlierDetection.intervalMillis),
            baseEjectionTime: duration(outlierDetection.baseEjectionTimeMillis),
            maxEjectionPercent: outlierDetection.maxEjectionPercent,
            ...(outlierDetection.minHealthPercent === undefined
              ? {}
              : { minHealthPercent: outlierDetection.minHealthPercent }),
          },
        }),
  };
}

function analysisFields(
  { ref }: ServiceIntent,
  { analysis, iterations, weightsPercent }: FlaggerIntent,
  delivery: Delivery,
): CanarySpecAnalysis {
  const interval = `${analysis.intervalSeconds}s`;
  const { preview } = delivery;
  return {
    interval,
    // Flagger counts to this one, and goes back when it is reached.
    threshold: analysis.failureLimit + 1,
    ...(iterations === undefined ? { stepWeights: weightsPercent } : { iterations }),
    ...(preview.length > 0 ? { match: preview.map(({ _conditions }) => match(_conditions)) } : {}),
    metrics: releaseMetrics(analysis, workloadSeries(ref, delivery)).map(({ suffix, bound }) => ({
      name: suffix,
      templateRef: { name: `${ref.name}-${suffix}`, namespace: ref.namespace },
      thresholdRange: bound,
      interval,
    })),
  };
}

function match({ headers, query }: Conditions): CanarySpecAnalysisMatch {
  return {
    ...(headers.length > 0 ? { headers: values(headers) } : {}),
    ...(query.length > 0 ? { queryParams: values(query.map(withoutPrefix)) } : {}),
  };
}

/** Spec of the MetricTemplate of one metric. */
export function metricTemplateSpec(
  { ref }: Pick<ServiceIntent, 'ref'>,
  { analysis }: FlaggerIntent,
  delivery: Delivery,
  suffix: string,
): MetricTemplateSpec {
  const [metric] = releaseMetrics(analysis, workloadSeries(ref, delivery)).filter((each) => each.suffix === suffix);
  return {
    provider: { type: 'prometheus', address: analysis.prometheusAddress },
    query: metric?.query ?? '',
  };
}

/** Whether requests can be told apart by method, so that some may be repeated more often. */
export function repeatsByMethod({ ports, resilience: { retries } }: ServiceIntent): boolean {
  return (
    retries !== 'off' &&
    ports.some(({ protocol }) => protocol !== Protocol.GRPC) &&
    retries.conditions.some((condition) => !HARMLESS_CONDITIONS.includes(condition))
  );
}
