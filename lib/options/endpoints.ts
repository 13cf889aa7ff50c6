import type { Duration } from 'cdk8s';
import type { ResilienceLevel } from '../intent/resilience';
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
    const { consecutive5xxErrors, interval, baseEjectionTime, maxEjectionPercent } = options;
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
