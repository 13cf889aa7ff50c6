import { Code, MeshError } from '../errors';
import type { Shape } from '../intent/given';
import { givenShape } from '../intent/given';
import { namedUnsafe } from '../intent/repetition';
import type { ResilienceLevel } from '../intent/resilience';
import { defined } from './numbers';
import type { ConnectionPool, OutlierDetection } from './endpoints';
import type { LoadBalancing } from './load-balancing';
import type { Locality } from './locality';
import type { RateLimit } from './rate-limit';
import type { Retries, RetryBudget, Timeout } from './requests';

/** Protections of a service; what is left out keeps the default of the mesh, and that is written into the output. */
export interface ResilienceOptions {
  /**
   * How long a request may take. Ports and operations marked as streaming have no timeout.
   * @default - 15 seconds
   */
  readonly timeout?: Timeout;
  /**
   * How long a request that may stay open, and so has no timeout, is kept while nothing is said on it.
   * @default - 1 hour
   */
  readonly streamIdleTimeout?: Timeout;
  /**
   * How often and when a request is repeated.
   * @default - 2 repetitions within the timeout; unsafe methods and gRPC only where nothing can have taken effect
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
  /**
   * How each client's proxy chooses among endpoints.
   * @default - the one with fewer active requests, of two at random
   */
  readonly loadBalancing?: LoadBalancing;
  /**
   * Which regions and zones requests go to.
   * @default - as the mesh configuration says
   */
  readonly locality?: Locality;
  /**
   * How many requests each pod takes.
   * @default - as many as come
   */
  readonly rateLimit?: RateLimit;
}

const PROTECTIONS: Shape<ResilienceOptions> = {
  timeout: 'made:_settings?',
  streamIdleTimeout: 'made:_settings?',
  retries: 'made:_settings?',
  retryBudget: 'made:_settings?',
  connectionPool: 'made:_settings?',
  outlierDetection: 'made:_settings?',
  loadBalancing: 'made:_settings?',
  locality: 'made:_settings?',
  rateLimit: 'made:_settings?',
};

/** What these options say, as intent. */
export function resilienceLevel(options: ResilienceOptions): ResilienceLevel {
  givenShape('protections', options, PROTECTIONS);
  return defined({
    timeout: options.timeout?._settings,
    streamIdleTimeout: options.streamIdleTimeout?._settings,
    retries: options.retries?._settings,
    retryBudget: options.retryBudget?._settings,
    connectionPool: options.connectionPool?._settings,
    outlierDetection: options.outlierDetection?._settings,
    loadBalancing: options.loadBalancing?._settings,
    locality: options.locality?._settings,
    rateLimit: options.rateLimit?._settings,
  });
}

/** What these options say for many services at once, of which nobody knows all operations. */
export function sharedLevel(where: string, options: ResilienceOptions): ResilienceLevel {
  const said = resilienceLevel(options);
  if (namedUnsafe(said.retries).length > 0) {
    throw new MeshError(
      Code.RESILIENCE,
      `\`repeatUnsafe\` of ${where} would hold for every service, also for those that come later`,
      'name operations in `retries` of a service, or of its ports, callers or routes',
    );
  }
  return said;
}
