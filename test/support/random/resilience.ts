import { Duration } from 'cdk8s';
import type {
  BalanceOptions,
  ConnectionPoolOptions,
  ConsistentHashOptions,
  KeepAliveOptions,
  OutlierDetectionOptions,
  RateLimitOptions,
  ResilienceOptions,
  RetriesOptions,
  RetryBudgetOptions,
} from '../../../lib';
import {
  ConnectionPool,
  LoadBalancing,
  OutlierDetection,
  RateLimit,
  Retries,
  RetryBudget,
  RetryCondition,
  Timeout,
} from '../../../lib';
import { locality } from './locality';
import { operation, unsafeHttpCall } from './matches';
import type { Option, Options } from './some';
import {
  always,
  become,
  factories,
  listOf,
  mostly,
  often,
  oneOf,
  part,
  seldom,
  struct,
  values,
  weighted,
} from './some';
import type { Any, World } from './world';

/** Durations in milliseconds, mostly good ones. */
export function millis(good: readonly number[], bad: readonly number[] = [0]): Any<Duration> {
  return values(
    good.map((value) => Duration.millis(value)),
    bad.map((value) => Duration.millis(value)),
  );
}

const count = values([1, 10, 1000], [0, 1.5, 2 ** 31]);
const off = <T>(name: string, make: () => T) => become(values(['']), name, make);

/** A time after which requests end. */
export const timeout: Any<Timeout> = factories<typeof Timeout>('Timeout')({
  of: become(millis([4000, 15_000, 60_000]), 'Timeout.of', (duration) => Timeout.of(duration)),
  off: off('Timeout.off', () => Timeout.off()),
});

const conditions = oneOf(
  listOf(values(Object.values(RetryCondition)), 1, 3),
  values([[RetryCondition.SERVICE_UNAVAILABLE]], [[]]),
);
const repeating = {
  attempts: often(values([1, 2], [0, 101, -1])),
  perTryTimeout: { some: millis([500, 1000, 5000]), percent: 40 },
  conditions: often(conditions),
  backoff: { some: millis([25, 100, 2000]), percent: 30 },
  otherEndpoint: { some: values([true, false]), percent: 30 },
};
/** Retries of what is safe to repeat. */
const safe = part<RetriesOptions>('RetriesOptions')(repeating);
/** Retries of what is named besides. */
const unsafe = struct<RetriesOptions>('RetriesOptions')({
  ...repeating,
  conditions: { some: conditions, percent: 10 },
  repeatUnsafe: always(listOf(weighted([9, unsafeHttpCall], [1, operation]), 1, 2)),
});
const retrying = (options: Any<RetriesOptions>): Any<Retries> =>
  factories<typeof Retries>('Retries', { of: 4 })({
    of: become(options, 'Retries.of', (made) => Retries.of(made)),
    off: off('Retries.off', () => Retries.off()),
  });
/** What is sent again. */
export const retries: Any<Retries> = retrying(weighted([5, safe], [1, unsafe]));

const retryBudget: Any<RetryBudget> = factories<typeof RetryBudget>('RetryBudget')({
  of: become(
    struct<RetryBudgetOptions>('RetryBudgetOptions')({
      percent: often(values([1, 33, 100], [0, 101, 0.5])),
      minRetryConcurrency: often(values([0, 5], [-1])),
    }),
    'RetryBudget.of',
    (options) => RetryBudget.of(options),
  ),
  off: off('RetryBudget.off', () => RetryBudget.off()),
});

const keepAlive = struct<KeepAliveOptions>('KeepAliveOptions')({
  time: always(millis([60_000, 7_200_000])),
  interval: always(millis([10_000, 75_000])),
  probes: mostly(values([1, 9], [0, 101])),
});
const connectionPool: Any<ConnectionPool> = factories<typeof ConnectionPool>('ConnectionPool')({
  of: become(
    struct<ConnectionPoolOptions>('ConnectionPoolOptions')({
      maxConnections: often(count),
      connectTimeout: often(millis([100, 10_000])),
      maxPendingRequests: often(count),
      maxRequests: often(count),
      idleTimeout: often(millis([1000, 3_600_000])),
      tcpIdleTimeout: often(millis([1000, 3_600_000])),
      maxRequestsPerConnection: often(count),
      keepAlive: often(keepAlive),
    }),
    'ConnectionPool.of',
    (options) => ConnectionPool.of(options),
  ),
  off: off('ConnectionPool.off', () => ConnectionPool.off()),
});

const ejecting = {
  consecutive5xxErrors: often(values([1, 7], [0, 2.5])),
  interval: often(millis([1000, 30_000])),
  baseEjectionTime: often(millis([1000, 600_000])),
  maxEjectionPercent: often(values([34, 50, 100], [0, 101])),
  minHealthPercent: often(values([0, 30, 100], [-1, 101])),
} satisfies Partial<Options<OutlierDetectionOptions, World>>;
/** Ejection that Istio can do, and now and then what no version of it can. */
const ejection: Any<OutlierDetectionOptions> = weighted(
  [9, part<OutlierDetectionOptions>('OutlierDetectionOptions')(ejecting)],
  [
    1,
    struct<OutlierDetectionOptions>('OutlierDetectionOptions')({
      ...ejecting,
      errorRatePercent: always(values([], [50])),
    }),
  ],
);
const outlierDetection: Any<OutlierDetection> = factories<typeof OutlierDetection>('OutlierDetection', { of: 4 })({
  of: become(ejection, 'OutlierDetection.of', (options) => OutlierDetection.of(options)),
  off: off('OutlierDetection.off', () => OutlierDetection.off()),
});

const balance = struct<BalanceOptions>('BalanceOptions')({ warmup: often(millis([1000, 300_000])) });
const name = values(['x-user', 'session'], ['a b', '']);
const table = { maglevTableSize: often(values([65_537, 251], [65_536, 1, 7.5])) };
const consistentHash: Any<ConsistentHashOptions> = weighted(
  [4, part<ConsistentHashOptions>('ConsistentHashOptions')({ ...table, header: always(name) })],
  [4, part<ConsistentHashOptions>('ConsistentHashOptions')({ ...table, queryParameter: always(name) })],
  [
    10,
    part<ConsistentHashOptions>('ConsistentHashOptions')({
      ...table,
      cookie: always(name),
      cookieTtl: mostly(millis([0, 60_000], [])),
      cookiePath: mostly(values(['/', '/shop'])),
    }),
  ],
  [4, part<ConsistentHashOptions>('ConsistentHashOptions')({ ...table, sourceIp: always(values([true])) })],
  [
    1,
    struct<ConsistentHashOptions>('ConsistentHashOptions')({
      ...table,
      header: often(name),
      queryParameter: often(name),
      cookie: often(name),
      cookieTtl: often(millis([60_000], [])),
      cookiePath: often(values(['/shop'])),
      sourceIp: often(values([true, false])),
    }),
  ],
);
const loadBalancing: Any<LoadBalancing> = factories<typeof LoadBalancing>('LoadBalancing', { consistentHash: 6 })({
  leastRequest: become(balance, 'LoadBalancing.leastRequest', (options) => LoadBalancing.leastRequest(options)),
  roundRobin: become(balance, 'LoadBalancing.roundRobin', (options) => LoadBalancing.roundRobin(options)),
  random: off('LoadBalancing.random', () => LoadBalancing.random()),
  consistentHash: become(consistentHash, 'LoadBalancing.consistentHash', (options) =>
    LoadBalancing.consistentHash(options),
  ),
});

const rateLimitOptions = struct<RateLimitOptions>('RateLimitOptions')({
  requests: always(values([1, 100], [0, 1.5])),
  per: always(millis([50, 1000, 60_000], [0, 49])),
  burst: often(values([100, 200], [0.5, 0])),
});
const rateLimit: Any<RateLimit> = factories<typeof RateLimit>('RateLimit', { perPod: 3 })({
  perPod: become(rateLimitOptions, 'RateLimit.perPod', (options) => RateLimit.perPod(options)),
  off: off('RateLimit.off', () => RateLimit.off()),
});

const some = <T>(any: Any<T>): Option<T, World> => ({ some: any, percent: 24 });

/** Every protection that an endpoint, a host or a level can have. */
export const hostProtections = {
  timeout: some(timeout),
  retries: some(retries),
  retryBudget: some(retryBudget),
  connectionPool: some(connectionPool),
  outlierDetection: some(outlierDetection),
  loadBalancing: some(loadBalancing),
  locality: some(locality),
};

/** Every protection of one level. */
export const protections: Options<ResilienceOptions, World> = {
  ...hostProtections,
  streamIdleTimeout: seldom(timeout),
  rateLimit: seldom(rateLimit),
};

/** Protections of the mesh or a namespace, of which nobody knows all operations. */
export const resilience: Any<ResilienceOptions> = struct<ResilienceOptions>('ResilienceOptions')({
  ...protections,
  retries: some(retrying(weighted([20, safe], [1, unsafe]))),
});

/** The same, each in so many of a hundred times as often. */
export function rarer(options: typeof protections, percent: number): typeof protections {
  return Object.fromEntries(
    Object.entries(options).map(([key, option]) => [
      key,
      { ...option, percent: Math.ceil((option.percent * percent) / 100) },
    ]),
  ) as unknown as typeof protections;
}
