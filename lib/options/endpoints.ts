import { givenOptions } from '../intent/given';
import type { Duration } from 'cdk8s';
import type { KeepAliveSettings, ResilienceLevel } from '../intent/resilience';
import { MAX_COUNT, defined, positiveMillis, wholeNumber } from './numbers';

/** Limits of one client's proxy towards a service; what is left out keeps the default of the mesh. */
export interface ConnectionPoolOptions {
  /**
   * TCP connections.
   * @default 1024
   */
  readonly maxConnections?: number;
  /**
   * How long a TCP handshake may take.
   * @default - 3 seconds
   */
  readonly connectTimeout?: Duration;
  /**
   * Requests that wait for a connection.
   * @default 1024
   */
  readonly maxPendingRequests?: number;
  /**
   * Requests that are under way at one time.
   * @default 1024
   */
  readonly maxRequests?: number;
  /**
   * How long a connection without requests is kept.
   * @default - 5 minutes
   */
  readonly idleTimeout?: Duration;
  /**
   * How long a connection on which nothing is said is kept, on ports where the mesh sees no requests.
   * @default - 1 hour
   */
  readonly tcpIdleTimeout?: Duration;
  /**
   * Requests after which a connection is closed and made anew.
   * @default - no limit
   */
  readonly maxRequestsPerConnection?: number;
  /**
   * Probes on TCP connections on which nothing is said, so that dead ones are noticed.
   * @default - none but the operating system's
   */
  readonly keepAlive?: KeepAliveOptions;
}

/** Probes on TCP connections. */
export interface KeepAliveOptions {
  /** How long nothing is said before the first probe. */
  readonly time: Duration;
  /** How long between probes. */
  readonly interval: Duration;
  /**
   * Probes without an answer after which the connection is dead.
   * @default 3
   */
  readonly probes?: number;
}

/**
 * Limits that each client's proxy keeps towards one service: with ten client pods, the service sees up to ten times
 * these.
 *
 * @example
 * import { ConnectionPool } from 'cdk8s-mesh';
 * const connectionPool = ConnectionPool.of({ maxConnections: 100, maxPendingRequests: 50 });
 */
export class ConnectionPool {
  /** At most so many connections and requests. */
  static of(options: ConnectionPoolOptions): ConnectionPool {
    givenOptions('a connection pool', options);
    const count = (field: keyof ConnectionPoolOptions, value: number | undefined) =>
      value === undefined ? undefined : wholeNumber(`${field} of the connection pool`, value, 1, MAX_COUNT);
    const millis = (field: keyof ConnectionPoolOptions, value: Duration | undefined) =>
      value === undefined ? undefined : positiveMillis(`${field} of the connection pool`, value);
    return new ConnectionPool(
      defined({
        maxConnections: count('maxConnections', options.maxConnections),
        connectTimeoutMillis: millis('connectTimeout', options.connectTimeout),
        maxPendingRequests: count('maxPendingRequests', options.maxPendingRequests),
        maxRequests: count('maxRequests', options.maxRequests),
        idleTimeoutMillis: millis('idleTimeout', options.idleTimeout),
        tcpIdleTimeoutMillis: millis('tcpIdleTimeout', options.tcpIdleTimeout),
        maxRequestsPerConnection: count('maxRequestsPerConnection', options.maxRequestsPerConnection),
        keepAlive: options.keepAlive === undefined ? undefined : keepAlive(options.keepAlive),
      }),
    );
  }

  /** No limits. */
  static off(): ConnectionPool {
    return new ConnectionPool('off');
  }

  /**
   * @internal
   */
  readonly _settings: ResilienceLevel['connectionPool'];

  private constructor(settings: ResilienceLevel['connectionPool']) {
    this._settings = settings;
  }
}

function keepAlive(options: KeepAliveOptions): KeepAliveSettings {
  const { time, interval, probes } = givenOptions('`keepAlive` of a connection pool', options);
  return {
    timeMillis: positiveMillis('time of keep-alive', time),
    intervalMillis: positiveMillis('interval of keep-alive', interval),
    probes: wholeNumber('probes of keep-alive', probes ?? 3, 1, 100),
  };
}

/** When an endpoint is ejected; what is left out keeps the default of the mesh. */
export interface OutlierDetectionOptions {
  /**
   * Consecutive answers of 5xx, or failed connections, after which an endpoint is ejected.
   * @default 5
   */
  readonly consecutive5xxErrors?: number;
  /**
   * How often endpoints are looked at.
   * @default - 10 seconds
   */
  readonly interval?: Duration;
  /**
   * How long the first ejection lasts; later ones last longer.
   * @default - 30 seconds
   */
  readonly baseEjectionTime?: Duration;
  /**
   * How much of the endpoints may be ejected at one time, in percent. 50 ejects one of two; the only endpoint of a
   * service with one replica is never ejected unless this is 100.
   * @default 50
   */
  readonly maxEjectionPercent?: number;
  /**
   * How much of the endpoints must be healthy for ejection to hold, in percent; below, all of them are used again.
   * @default - ejection always holds
   */
  readonly minHealthPercent?: number;
  /**
   * Share of failed answers, in percent, from which an endpoint is ejected. No released Istio has this: it counts
   * consecutive failures, which a success in between resets, where a rate would still be high.
   * @default - failures are counted, not rated
   */
  readonly errorRatePercent?: number;
}

/**
 * When a client's proxy stops using an endpoint, and for how long. Each client counts for itself.
 *
 * @example
 * import { Duration } from 'cdk8s';
 * import { OutlierDetection } from 'cdk8s-mesh';
 * const outlierDetection = OutlierDetection.of({ consecutive5xxErrors: 3, baseEjectionTime: Duration.minutes(1) });
 */
export class OutlierDetection {
  /** Ejects endpoints so. */
  static of(options: OutlierDetectionOptions): OutlierDetection {
    const { consecutive5xxErrors, interval, baseEjectionTime, maxEjectionPercent } = givenOptions(
      'outlier detection',
      options,
    );
    const { minHealthPercent, errorRatePercent } = options;
    return new OutlierDetection(
      defined({
        consecutive5xxErrors:
          consecutive5xxErrors === undefined
            ? undefined
            : wholeNumber('consecutive5xxErrors', consecutive5xxErrors, 1, MAX_COUNT),
        intervalMillis: interval === undefined ? undefined : positiveMillis('interval of outlier detection', interval),
        baseEjectionTimeMillis:
          baseEjectionTime === undefined ? undefined : positiveMillis('baseEjectionTime', baseEjectionTime),
        maxEjectionPercent:
          maxEjectionPercent === undefined ? undefined : wholeNumber('maxEjectionPercent', maxEjectionPercent, 1, 100),
        minHealthPercent:
          minHealthPercent === undefined ? undefined : wholeNumber('minHealthPercent', minHealthPercent, 0, 100),
        errorRatePercent:
          errorRatePercent === undefined ? undefined : wholeNumber('errorRatePercent', errorRatePercent, 1, 100),
      }),
    );
  }

  /** Never ejects an endpoint. */
  static off(): OutlierDetection {
    return new OutlierDetection('off');
  }

  /**
   * @internal
   */
  readonly _settings: ResilienceLevel['outlierDetection'];

  private constructor(settings: ResilienceLevel['outlierDetection']) {
    this._settings = settings;
  }
}
