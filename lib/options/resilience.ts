import type { Duration } from 'cdk8s';
import { Code, MeshError } from '../errors';
import type { ResilienceLevel } from '../intent/resilience';
import { RetryCondition } from '../intent/resilience';
import { defined, positiveMillis, wholeNumber } from './duration';

const MAX_COUNT = 2 ** 31 - 1;

/** How often and when a request is repeated; what is left out keeps the default of the mesh. */
export interface RetriesOptions {
  /**
   * Repetitions after the first try.
   * @default 2
   */
  readonly attempts?: number;
  /**
   * How long each try may take.
   * @default - 5 seconds
   */
  readonly perTryTimeout?: Duration;
  /**
   * Failures after which GET, HEAD and OPTIONS requests are repeated. Other methods and gRPC are repeated only after
   * those of `CONNECT_FAILURE` and `REFUSED_STREAM` that are in this list, since then nothing can have taken effect.
   * @default - CONNECT_FAILURE, REFUSED_STREAM and SERVICE_UNAVAILABLE
   */
  readonly conditions?: RetryCondition[];
}

/**
 * How often and when callers' proxies repeat a request.
 *
 * @example
 * import { Duration } from 'cdk8s';
 * import { Retries } from 'cdk8s-mesh';
 * const retries = Retries.of({ attempts: 1, perTryTimeout: Duration.millis(500) });
 */
export class Retries {
  /** Repeats requests so. */
  static of(options: RetriesOptions): Retries {
    const conditions = options.conditions;
    if (conditions !== undefined && conditions.length === 0) {
      throw new MeshError(Code.RESILIENCE, '`conditions` of retries is empty', 'name conditions, or use `Retries.off()`');
    }
    return new Retries(
      defined({
        attempts:
          options.attempts === undefined ? undefined : wholeNumber('attempts of retries', options.attempts, 1, 100),
        perTryTimeoutMillis:
          options.perTryTimeout === undefined
            ? undefined
            : positiveMillis('perTryTimeout of retries', options.perTryTimeout),
        conditions,
      }),
    );
  }

  /** Never repeats a request. */
  static off(): Retries {
    return new Retries('off');
  }

  /**
   * @internal
   */
  readonly _settings: ResilienceLevel['retries'];

  private constructor(settings: ResilienceLevel['retries']) {
    this._settings = settings;
  }
}

/**
 * How long a request may take.
 *
 * @example
 * import { Duration } from 'cdk8s';
 * import { Timeout } from 'cdk8s-mesh';
 * const timeout = Timeout.of(Duration.seconds(3));
 */
export class Timeout {
  /** From the end of the request to the end of the response, all tries together. */
  static of(duration: Duration): Timeout {
    return new Timeout({ millis: positiveMillis('timeout', duration) });
  }

  /** As long as it takes. */
  static off(): Timeout {
    return new Timeout('off');
  }

  /**
   * @internal
   */
  readonly _settings: ResilienceLevel['timeout'];

  private constructor(settings: ResilienceLevel['timeout']) {
    this._settings = settings;
  }
}

/** A limit on retries; what is left out keeps the default of the mesh. */
export interface RetryBudgetOptions {
  /**
   * Retries at one time in percent of the active requests.
   * @default 20
   */
  readonly percent?: number;
  /**
   * Retries that may always run at one time.
   * @default 3
   */
  readonly minRetryConcurrency?: number;
}

/**
 * A limit on retries that keeps them from multiplying the load on a service that is failing.
 *
 * @example
 * import { RetryBudget } from 'cdk8s-mesh';
 * const retryBudget = RetryBudget.of({ percent: 10 });
 */
export class RetryBudget {
  /** At most so many retries. */
  static of(options: RetryBudgetOptions): RetryBudget {
    const { percent, minRetryConcurrency } = options;
    return new RetryBudget(
      defined({
        percent: percent === undefined ? undefined : wholeNumber('percent of the retry budget', percent, 1, 100),
        minRetryConcurrency:
          minRetryConcurrency === undefined
            ? undefined
            : wholeNumber('minRetryConcurrency of the retry budget', minRetryConcurrency, 0, MAX_COUNT),
      }),
    );
  }

  /** As many retries as there are failures. */
  static off(): RetryBudget {
    return new RetryBudget('off');
  }

  /**
   * @internal
   */
  readonly _settings: ResilienceLevel['retryBudget'];

  private constructor(settings: ResilienceLevel['retryBudget']) {
    this._settings = settings;
  }
}

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
    const count = (field: keyof ConnectionPoolOptions & string, value: number | undefined) =>
      value === undefined ? undefined : wholeNumber(`${field} of the connection pool`, value, 1, MAX_COUNT);
    const millis = (field: keyof ConnectionPoolOptions & string, value: Duration | undefined) =>
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

/** Protections of a service; what is left out keeps the default of the mesh, and that is written into the output. */
export interface ResilienceOptions {
  /**
   * How long a request may take. Ports and operations marked as streaming have no timeout.
   * @default - 15 seconds
   */
  readonly timeout?: Timeout;
  /**
   * How often and when a request is repeated.
   * @default - 2 repetitions of up to 5 seconds; unsafe methods and gRPC only where nothing can have taken effect
   */
  readonly retries?: Retries;
  /**
   * How many retries there may be at one time.
   * @default - 20% of the active requests, and always 3
   */
  readonly retryBudget?: RetryBudget;
  /**
   * Limits that each client's proxy keeps.
   * @default - 1024 connections, pending requests and requests
   */
  readonly connectionPool?: ConnectionPool;
  /**
   * When an endpoint is not used for a while.
   * @default - after 5 consecutive errors for 30 seconds, at most half of the endpoints
   */
  readonly outlierDetection?: OutlierDetection;
}

/** What these options say, as intent. */
export function resilienceLevel(options: ResilienceOptions): ResilienceLevel {
  return defined({
    timeout: options.timeout?._settings,
    retries: options.retries?._settings,
    retryBudget: options.retryBudget?._settings,
    connectionPool: options.connectionPool?._settings,
    outlierDetection: options.outlierDetection?._settings,
  });
}
