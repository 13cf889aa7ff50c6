import type { LoadBalancingSettings, LocalitySettings } from './balancing';
import type { Operation } from './operation';

/** Failures after which a request that is safe to repeat is sent again. */
export enum RetryCondition {
  /** No connection could be made: nothing was sent. */
  CONNECT_FAILURE = 'connect-failure',
  /** The server refused the stream before it processed anything. */
  REFUSED_STREAM = 'refused-stream',
  /** The server answered 502. */
  BAD_GATEWAY = '502',
  /** The server, or the proxy before it, answered 503; in gRPC `UNAVAILABLE`, before any message. */
  SERVICE_UNAVAILABLE = '503',
  /** The server answered 504. */
  GATEWAY_TIMEOUT = '504',
}

/** Failures after which nothing can have taken effect, so that any request may be repeated. */
export const HARMLESS_CONDITIONS: readonly RetryCondition[] = [
  RetryCondition.CONNECT_FAILURE,
  RetryCondition.REFUSED_STREAM,
];

/** How long a request may take from its end to the end of the response. */
export interface TimeoutSettings {
  readonly millis: number;
}

/** How often and when a request is repeated. */
export interface RetrySettings {
  readonly attempts: number;
  /** Undefined is as long as the request may take. */
  readonly perTryTimeoutMillis?: number;
  readonly conditions: readonly RetryCondition[];
  /** Repeated on every condition although they may have taken effect; undefined is none. */
  readonly repeatUnsafe?: readonly Operation[];
  /** Before a repetition, growing with each; undefined is the proxy's own. */
  readonly backoffMillis?: number;
  /** Undefined is as the proxy does: another one, unless a consistent hash chose it. */
  readonly otherEndpoint?: boolean;
}

/** How many retries there may be at one time, relative to the requests that are active. */
export interface RetryBudgetSettings {
  readonly percent: number;
  readonly minRetryConcurrency: number;
}

/** Limits that each client's proxy keeps towards one service. */
export interface ConnectionPoolSettings {
  readonly maxConnections: number;
  readonly connectTimeoutMillis: number;
  readonly maxPendingRequests: number;
  readonly maxRequests: number;
  /** Of connections without requests, where there are requests. */
  readonly idleTimeoutMillis: number;
  /** Of connections on which nothing is said, where the mesh sees no requests. */
  readonly tcpIdleTimeoutMillis: number;
  readonly maxRequestsPerConnection?: number;
  readonly keepAlive?: KeepAliveSettings;
}

/** Probes on a TCP connection on which nothing is said. */
export interface KeepAliveSettings {
  readonly timeMillis: number;
  readonly intervalMillis: number;
  readonly probes: number;
}

/** When a client's proxy stops using an endpoint, and for how long. */
export interface OutlierDetectionSettings {
  readonly consecutive5xxErrors: number;
  readonly intervalMillis: number;
  readonly baseEjectionTimeMillis: number;
  readonly maxEjectionPercent: number;
  readonly minHealthPercent?: number;
  readonly errorRatePercent?: number;
}

/** How many requests each pod takes, whoever sends them. */
export interface RateLimitSettings {
  readonly requests: number;
  readonly perMillis: number;
  /** Never below `requests`. */
  readonly burst: number;
}

/** All protections of one service; `off` is a choice that was made by name. */
export interface Resilience {
  readonly timeout: TimeoutSettings | 'off';
  /** How long nothing may be said on what has no timeout since it may stay open. */
  readonly streamIdleTimeout: TimeoutSettings | 'off';
  readonly retries: RetrySettings | 'off';
  readonly retryBudget: RetryBudgetSettings | 'off';
  readonly connectionPool: ConnectionPoolSettings | 'off';
  readonly outlierDetection: OutlierDetectionSettings | 'off';
  readonly loadBalancing: LoadBalancingSettings;
  /** Undefined is the mesh's own way. */
  readonly locality?: LocalitySettings | 'off';
  /** Undefined is no limit. */
  readonly rateLimit?: RateLimitSettings | 'off';
}

/** What one level (mesh or service) says; what it leaves out comes from the level below. */
export type ResilienceLevel = {
  readonly [K in FieldwiseKey]?: Partial<Exclude<Resilience[K], 'off'>> | 'off';
} & Partial<Pick<Resilience, WholeKey>>;

/** Settings that are merged field by field; the others are taken whole. */
type FieldwiseKey = 'timeout' | 'streamIdleTimeout' | 'retries' | 'retryBudget' | 'connectionPool' | 'outlierDetection';
type WholeKey = 'loadBalancing' | 'locality' | 'rateLimit';

const HOUR = 3_600_000;

/** What is written where nobody says otherwise. */
export const DEFAULT_RESILIENCE: Resilience = {
  timeout: { millis: 15_000 },
  streamIdleTimeout: { millis: HOUR },
  retries: {
    attempts: 2,
    conditions: [...HARMLESS_CONDITIONS, RetryCondition.SERVICE_UNAVAILABLE],
  },
  retryBudget: { percent: 20, minRetryConcurrency: 3 },
  connectionPool: {
    maxConnections: 1024,
    connectTimeoutMillis: 3_000,
    maxPendingRequests: 1024,
    maxRequests: 1024,
    idleTimeoutMillis: 300_000,
    tcpIdleTimeoutMillis: HOUR,
  },
  outlierDetection: {
    consecutive5xxErrors: 5,
    intervalMillis: 10_000,
    baseEjectionTimeMillis: 30_000,
    maxEjectionPercent: 50,
  },
  loadBalancing: { kind: 'leastRequest' },
};

/** The settings that hold, from the built-in defaults through each level in turn; later levels win, field by field. */
export function mergeResilience(...levels: readonly ResilienceLevel[]): Resilience {
  const merge = <K extends FieldwiseKey>(key: K): Resilience[K] =>
    levels.reduce<Resilience[K]>((below, level) => {
      const said = level[key];
      if (said === undefined) {
        return below;
      }
      const base = below === 'off' ? DEFAULT_RESILIENCE[key] : below;
      return said === 'off' ? 'off' : Object.assign({}, base, said);
    }, DEFAULT_RESILIENCE[key]);
  const locality = last(levels, 'locality');
  const rateLimit = last(levels, 'rateLimit');
  return {
    timeout: merge('timeout'),
    streamIdleTimeout: merge('streamIdleTimeout'),
    retries: merge('retries'),
    retryBudget: merge('retryBudget'),
    connectionPool: merge('connectionPool'),
    outlierDetection: merge('outlierDetection'),
    loadBalancing: last(levels, 'loadBalancing') ?? DEFAULT_RESILIENCE.loadBalancing,
    ...(locality === undefined ? {} : { locality }),
    ...(rateLimit === undefined ? {} : { rateLimit }),
  };
}

function last<K extends WholeKey>(levels: readonly ResilienceLevel[], key: K): ResilienceLevel[K] {
  return levels.reduce<ResilienceLevel[K]>((below, level) => level[key] ?? below, undefined);
}
