import type { Duration } from 'cdk8s';
import { Code, MeshError, quoted } from '../errors';
import type { ResilienceLevel } from '../intent/resilience';
import { RetryCondition } from '../intent/resilience';
import { MAX_COUNT, defined, positiveMillis, wholeNumber } from './numbers';

/** How often and when a request is repeated; what is left out keeps the default of the mesh. */
export interface RetriesOptions {
  /**
   * Repetitions after the first try.
   * @default 2
   */
  readonly attempts?: number;
  /**
   * How long each try may take; one that takes longer is answered with 504 and not repeated. All tries together must fit
   * into the timeout.
   * @default - as long as the request
   */
  readonly perTryTimeout?: Duration;
  /**
   * Failures after which GET, HEAD and OPTIONS requests are repeated. Other methods and gRPC are repeated only after
   * those of `CONNECT_FAILURE` and `REFUSED_STREAM` that are in this list, since then nothing can have taken effect.
   * @default - CONNECT_FAILURE, REFUSED_STREAM and SERVICE_UNAVAILABLE
   */
  readonly conditions?: RetryCondition[];
  /**
   * How long a proxy waits before it repeats a request: a random time up to this before the first repetition, up to
   * three times this before the second, and so on, never more than ten times this.
   * @default - 25 milliseconds
   */
  readonly backoff?: Duration;
  /**
   * Whether a request is repeated at an endpoint that it was not sent to before, if there is one.
   * @default - true, unless a consistent hash chooses the endpoint
   */
  readonly otherEndpoint?: boolean;
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
    const { attempts, perTryTimeout, conditions, backoff, otherEndpoint } = options;
    if (attempts === 0) {
      throw new MeshError(
        Code.RESILIENCE,
        '`attempts` of retries is `0`, so that nothing else that it says can hold',
        'use `Retries.off()`, or a whole number from 1 to 100',
      );
    }
    if (conditions !== undefined && conditions.length === 0) {
      throw new MeshError(
        Code.RESILIENCE,
        '`conditions` of retries is empty',
        'name conditions, or use `Retries.off()`',
      );
    }
    const known = Object.values(RetryCondition);
    const unknown = conditions?.find((condition) => !known.includes(condition));
    if (unknown !== undefined) {
      throw new MeshError(
        Code.RESILIENCE,
        `condition \`${unknown}\` of retries is none, there are ${quoted(known)}`,
        'use values of `RetryCondition`',
      );
    }
    return new Retries(
      defined({
        attempts: attempts === undefined ? undefined : wholeNumber('attempts of retries', attempts, 1, 100),
        perTryTimeoutMillis:
          perTryTimeout === undefined ? undefined : positiveMillis('perTryTimeout of retries', perTryTimeout),
        conditions,
        backoffMillis: backoff === undefined ? undefined : positiveMillis('backoff of retries', backoff),
        otherEndpoint,
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
