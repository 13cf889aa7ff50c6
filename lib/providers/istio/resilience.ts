import type {
  DestinationRuleSpecTrafficPolicy,
  DestinationRuleSpecTrafficPolicyConnectionPool,
  DestinationRuleSpecTrafficPolicyPortLevelSettings,
} from '../../../imports/networking.istio.io';
import type { Port } from '../../intent/port';
import type { ConnectionPoolSettings, Resilience } from '../../intent/resilience';
import { loadBalancer } from './balancing';
import { duration } from './format';

/** A count that is never reached, where Istio has no word for "no limit". */
const NO_LIMIT = 2 ** 31 - 1;

/**
 * How clients' proxies treat a host; never `tls`, which would break calls to pods that are not injected yet. Below a wider
 * policy, what is off is written out, since a block that is left out there is the wider one's.
 */
export function trafficPolicy(
  resilience: Resilience,
  ports: readonly Port[],
  wider?: Resilience,
): DestinationRuleSpecTrafficPolicy {
  const requests = ports.some((port) => port.carriesRequests);
  const { connectionPool, outlierDetection, retryBudget } = resilience;
  const inherits = (key: 'connectionPool' | 'outlierDetection' | 'retryBudget') =>
    resilience[key] === 'off' && wider !== undefined && wider[key] !== 'off';
  const balanced = loadBalancer(resilience);
  return {
    // Istio prefers near endpoints wherever a policy speaks of ejection, and would never leave them without any.
    loadBalancer:
      inherits('outlierDetection') && resilience.locality === undefined
        ? { ...balanced, localityLbSetting: { enabled: false } }
        : balanced,
    ...(connectionPool === 'off'
      ? inherits('connectionPool')
        ? { connectionPool: { tcp: { maxConnections: NO_LIMIT } } }
        : {}
      : { connectionPool: pool(connectionPool, ports) }),
    ...(outlierDetection === 'off'
      ? inherits('outlierDetection')
        ? { outlierDetection: { consecutive5xxErrors: 0 } }
        : {}
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
    ...(requests && inherits('retryBudget') ? { retryBudget: { percent: 100, minRetryConcurrency: NO_LIMIT } } : {}),
  };
}

/** The settings of a port beside a wider policy: complete, since they inherit nothing; there is no retry budget here. */
export function portSettings(
  resilience: Resilience,
  port: Port,
  wider: Resilience,
): Omit<DestinationRuleSpecTrafficPolicyPortLevelSettings, 'port'> {
  const { retryBudget: _none, ...settings } = trafficPolicy({ ...resilience, retryBudget: 'off' }, [port], wider);
  return settings;
}

function pool(
  settings: ConnectionPoolSettings,
  ports: readonly Port[],
): DestinationRuleSpecTrafficPolicyConnectionPool {
  return {
    tcp: {
      maxConnections: settings.maxConnections,
      connectTimeout: duration(settings.connectTimeoutMillis),
      ...(ports.some((port) => !port.carriesRequests) ? { idleTimeout: duration(settings.tcpIdleTimeoutMillis) } : {}),
      ...keepAlive(settings),
    },
    ...(ports.some((port) => port.carriesRequests)
      ? {
          http: {
            http1MaxPendingRequests: settings.maxPendingRequests,
            http2MaxRequests: settings.maxRequests,
            idleTimeout: duration(settings.idleTimeoutMillis),
            ...optional('maxRequestsPerConnection', settings.maxRequestsPerConnection),
          },
        }
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
