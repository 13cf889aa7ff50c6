import type { Duration } from 'cdk8s';
import { Code, MeshError, quoted } from '../errors';
import { givenList, givenMade, givenOptions } from '../intent/given';
import type { Operation } from '../intent/operation';
import { describeOperation } from '../intent/operation';
import { SAFE_METHODS } from '../intent/repetition';
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
   * Failures after which GET, HEAD and OPTIONS requests are repeated, and what `repeatUnsafe` names. Other methods and
   * gRPC are repeated only after those of `CONNECT_FAILURE` and `REFUSED_STREAM` that are in this list, since then
   * nothing can have taken effect.
   * @default - CONNECT_FAILURE, REFUSED_STREAM and SERVICE_UNAVAILABLE
   */
  readonly conditions?: RetryCondition[];
  /**
   * Operations that are repeated on all `conditions` although they are of a kind that may have taken effect: POST, PUT,
   * PATCH, DELETE and gRPC. Name only those of which a second request does no more than the first, for example by an
   * idempotency key that the callee looks at. Operations of HTTP name their `methods`; paths are those that callers send.
   * Refused for the mesh or a namespace as a whole. An empty list takes back what a wider level names.
   * @default - none
   */
  readonly repeatUnsafe?: Operation[];
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
 * import { Operation, PathMatch, Retries } from 'cdk8s-mesh';
 * const retries = Retries.of({ attempts: 1, perTryTimeout: Duration.millis(500) });
 * // The callee knows an order again by its key.
 * const orders = Retries.of({ repeatUnsafe: [Operation.http({ methods: ['PUT'], paths: [PathMatch.prefix('/orders')] })] });
 */
export class Retries {
  /** Repeats requests so. */
  static of(options: RetriesOptions): Retries {
    const { attempts, perTryTimeout, conditions, repeatUnsafe, backoff, otherEndpoint } = givenOptions(
      'retries',
      options,
    );
    if (attempts === 0) {
      throw new MeshError(
        Code.RESILIENCE,
        '`attempts` of retries is `0`, so that nothing else that it says can hold',
        'use `Retries.off()`, or a whole number from 1 to 100',
      );
    }
    if (conditions !== undefined && givenList('`conditions` of retries', conditions).length === 0) {
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
        repeatUnsafe:
          repeatUnsafe === undefined
            ? undefined
            : givenList('`repeatUnsafe` of retries', repeatUnsafe).map(requireUnsafe),
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
    const { percent, minRetryConcurrency } = givenOptions('a retry budget', options);
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

/** Refuses what is repeated anyway, and what would name more than it says. */
function requireUnsafe(operation: Operation): Operation {
  const { methods } = givenMade('an operation in `repeatUnsafe`', operation, 'methods', 'made by `Operation`');
  if (methods.some((method) => !SAFE_METHODS.includes(method))) {
    return operation;
  }
  throw new MeshError(
    Code.RESILIENCE,
    methods.length === 0
      ? `\`${describeOperation(operation)}\` in \`repeatUnsafe\` names no \`methods\``
      : `\`${describeOperation(operation)}\` in \`repeatUnsafe\` is safe, and repeated anyway`,
    methods.length === 0 ? 'name the `methods` that are safe to repeat, such as `PUT`' : 'leave it out',
  );
}
