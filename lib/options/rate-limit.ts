import type { Duration } from 'cdk8s';
import { Code, MeshError } from '../errors';
import { givenOptions } from '../intent/given';
import type { ResilienceLevel } from '../intent/resilience';
import { MAX_COUNT, positiveMillis, wholeNumber } from './numbers';

/** How many requests each pod takes. */
export interface RateLimitOptions {
  /** Requests that each pod takes in the time that `per` says, on average. */
  readonly requests: number;
  /** The time in which so many may come, at least 50 milliseconds. */
  readonly per: Duration;
  /**
   * Requests that may come at once after a quiet time.
   * @default - `requests`
   */
  readonly burst?: number;
}

/** Proxies refill no faster. */
const SHORTEST_MILLIS = 50;

/**
 * A limit on the requests that each pod of a service takes, whoever sends them. The pod's own proxy holds it, so ten pods
 * take ten times as many. What is too much is answered with 429, for gRPC with `RESOURCE_EXHAUSTED`, and not repeated.
 *
 * @example
 * import { Duration } from 'cdk8s';
 * import { RateLimit } from 'cdk8s-mesh';
 * const rateLimit = RateLimit.perPod({ requests: 100, per: Duration.seconds(1), burst: 200 });
 */
export class RateLimit {
  /** So many requests for each pod, on each of its ports that carry requests. */
  static perPod(options: RateLimitOptions): RateLimit {
    givenOptions('a rate limit', options);
    const requests = wholeNumber('requests of the rate limit', options.requests, 1, MAX_COUNT);
    const perMillis = positiveMillis('per of the rate limit', options.per);
    if (perMillis < SHORTEST_MILLIS) {
      throw new MeshError(
        Code.DURATION,
        `per of the rate limit is \`${perMillis}\` milliseconds, and proxies refill at most every ${SHORTEST_MILLIS}`,
        `give at least ${SHORTEST_MILLIS} milliseconds, and as many more \`requests\``,
      );
    }
    return new RateLimit({
      requests,
      perMillis,
      // A smaller one would be the limit itself.
      burst: wholeNumber('burst of the rate limit', options.burst ?? requests, requests, MAX_COUNT),
    });
  }

  /** As many requests as come. */
  static off(): RateLimit {
    return new RateLimit('off');
  }

  /**
   * @internal
   */
  readonly _settings: ResilienceLevel['rateLimit'];

  private constructor(settings: ResilienceLevel['rateLimit']) {
    this._settings = settings;
  }
}
