import type { ScopedResilienceOptions } from '../../../lib';
import { caller } from './matches';
import { protections, rarer, timeout } from './resilience';
import { always, listOf, mostly, often, part, seldom, struct, values, weighted } from './some';
import type { Any } from './world';

const requestPorts = values([['http'], ['http', 'grpc'], ['grpc']], [['none'], []]);
const level = part<ScopedResilienceOptions>('ScopedResilienceOptions');
const { streamIdleTimeout: _streams, rateLimit, ...rest } = protections;
const { timeout: _timeout, retries: _retries, ...endpoints } = rest;

/** Protections for some ports or callers. */
export const scoped = (percent: number): Any<ScopedResilienceOptions> =>
  weighted(
    [
      3,
      level({
        ...rarer({ ...rest, rateLimit: mostly(rateLimit.some) } as typeof protections, percent),
        ports: always(requestPorts),
        retryBudget: always(rest.retryBudget.some),
      }),
    ],
    [
      3,
      level({
        ...rest,
        ending: seldom(values([false])),
        callers: always(listOf(caller, 1, 1)),
        timeout: always(timeout),
      }),
    ],
    // What ends holds no more, so that it may say anything.
    [2, level({ callers: always(listOf(caller, 1, 1)), timeout: always(timeout), ending: always(values([true])) })],
    [
      1,
      struct<ScopedResilienceOptions>('ScopedResilienceOptions')({
        ...protections,
        ports: often(requestPorts),
        version: seldom(values(['v1'])),
        callers: often(listOf(caller, 1, 2)),
        ending: seldom(values([false])),
      }),
    ],
  );

/** Protections of one version, which exists where this is used. */
export const versioned: Any<ScopedResilienceOptions> = level({
  ...endpoints,
  version: always(values(['v1', 'v1', 'v2'], ['v9'])),
  loadBalancing: always(protections.loadBalancing.some),
  ending: seldom(values([false])),
});
/** The limit of what may stay open, where something may. */
export const streams: Any<ScopedResilienceOptions> = level({
  ports: always(values([['http']], [['none']])),
  streamIdleTimeout: always(timeout),
});
/** Protections of the connections of one caller. */
export const callerLevel: Any<ScopedResilienceOptions> = level({
  callers: always(listOf(caller, 1, 1)),
  connectionPool: always(protections.connectionPool.some),
});
