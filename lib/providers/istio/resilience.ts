import type { DestinationRuleSpec, DestinationRuleSpecTrafficPolicy } from '../../../imports/networking.istio.io';
import type { Port } from '../../intent/port';
import { versionsOf } from '../../intent/release';
import type { ConnectionPoolSettings, Resilience } from '../../intent/resilience';
import type { ServiceIntent } from '../../intent/service';
import { loadBalancer } from './balancing';
import { duration, subsetName } from './format';
import type { IstioSettings } from './settings';
import { serviceHost } from './settings';

/** Spec of the DestinationRule of a service: how its callers' proxies treat it, and its versions. */
export function destinationRuleSpec(settings: IstioSettings, service: ServiceIntent): DestinationRuleSpec {
  const { release } = service;
  return {
    host: serviceHost(settings, service.ref),
    trafficPolicy: trafficPolicy(service.resilience, service.ports),
    ...(release === undefined
      ? {}
      : {
          subsets: versionsOf(release).map((version) => ({
            name: subsetName(version),
            // The controller adds the hash by which it tells the pods of its versions apart.
            labels: release.driven ? { ...service.podLabels } : { version },
          })),
        }),
  };
}

/** How clients' proxies treat a host; never `tls`, which would break calls to pods that are not injected yet. */
export function trafficPolicy(resilience: Resilience, ports: readonly Port[]): DestinationRuleSpecTrafficPolicy {
  const requests = ports.some((port) => port.carriesRequests);
  const { connectionPool, outlierDetection, retryBudget } = resilience;
  return {
    loadBalancer: loadBalancer(resilience),
    ...(connectionPool === 'off'
      ? {}
      : {
          connectionPool: {
            tcp: {
              maxConnections: connectionPool.maxConnections,
              connectTimeout: duration(connectionPool.connectTimeoutMillis),
              ...(ports.some((port) => !port.carriesRequests)
                ? { idleTimeout: duration(connectionPool.tcpIdleTimeoutMillis) }
                : {}),
              ...keepAlive(connectionPool),
            },
            ...(requests
              ? {
                  http: {
                    http1MaxPendingRequests: connectionPool.maxPendingRequests,
                    http2MaxRequests: connectionPool.maxRequests,
                    idleTimeout: duration(connectionPool.idleTimeoutMillis),
                    ...optional('maxRequestsPerConnection', connectionPool.maxRequestsPerConnection),
                  },
                }
              : {}),
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
            ...optional('minHealthPercent', outlierDetection.minHealthPercent),
          },
        }),
    ...(requests && retryBudget !== 'off'
      ? { retryBudget: { percent: retryBudget.percent, minRetryConcurrency: retryBudget.minRetryConcurrency } }
      : {}),
  };
}

function keepAlive({ keepAlive: probes }: ConnectionPoolSettings) {
  return probes === undefined
    ? {}
    : {
        tcpKeepalive: {
          time: duration(probes.timeMillis),
          interval: duration(probes.intervalMillis),
          probes: probes.probes,
        },
      };
}

function optional<K extends string>(key: K, value: number | undefined): { readonly [P in K]?: number } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]: number });
}
