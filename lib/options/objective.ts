import type { Duration } from 'cdk8s';
import { Code, MeshError } from '../errors';
import { givenShape } from '../intent/given';
import type { Objective } from '../intent/telemetry';
import { defined, positiveMillis } from './numbers';

/** What a service promises to its callers; what is left out keeps the default. */
export interface ObjectiveOptions {
  /**
   * Share of requests that succeed, in percent.
   * @default 99
   */
  readonly successRatePercent?: number;
  /**
   * Time in which a share of the requests is answered.
   * @default - 1 second
   */
  readonly latency?: Duration;
  /**
   * The share of requests that is answered in that time, in percent.
   * @default 99
   */
  readonly latencyPercentile?: number;
  /**
   * Requests per second below which nothing is said about shares, since a single request would be too many of them.
   * @default 0.1
   */
  readonly minRequestsPerSecond?: number;
}

/** An objective whose latency may have been said by the user or not. */
export interface SaidObjective {
  readonly objective: Objective;
  readonly saysLatency: boolean;
}

const DEFAULTS = { successRatePercent: 99, latencyPercentile: 99, latencyMillis: 1000, minRequestsPerSecond: 0.1 };

/** The objective with its defaults, laid over another one. */
export function objectiveOf(owner: string, ...levels: readonly (ObjectiveOptions | undefined)[]): SaidObjective {
  for (const level of levels) {
    if (level === undefined) continue;
    givenShape(`the objective of \`${owner}\``, level, {
      successRatePercent: 'number?',
      latency: 'made:toMilliseconds?',
      latencyPercentile: 'number?',
      minRequestsPerSecond: 'number?',
    });
  }
  const said = levels.reduce<ObjectiveOptions>((below, level) => ({ ...below, ...defined(level ?? {}) }), {});
  const { successRatePercent, latencyPercentile, minRequestsPerSecond } = { ...DEFAULTS, ...said };
  requireShare(owner, 'successRatePercent', successRatePercent);
  requireShare(owner, 'latencyPercentile', latencyPercentile);
  if (!(minRequestsPerSecond >= 0 && minRequestsPerSecond < Infinity)) {
    throw new MeshError(
      Code.TELEMETRY,
      `\`minRequestsPerSecond\` of \`${owner}\` is \`${minRequestsPerSecond}\``,
      'use a number of at least 0',
    );
  }
  const millis =
    said.latency === undefined ? DEFAULTS.latencyMillis : positiveMillis(`\`latency\` of \`${owner}\``, said.latency);
  return {
    objective: { successRatePercent, latency: { percentile: latencyPercentile, millis }, minRequestsPerSecond },
    saysLatency: levels.some((level) => level?.latency !== undefined || level?.latencyPercentile !== undefined),
  };
}

function requireShare(owner: string, field: string, value: number): void {
  if (!(value > 0 && value < 100)) {
    throw new MeshError(
      Code.TELEMETRY,
      `\`${field}\` of \`${owner}\` is \`${value}\``,
      'use a number above 0 and below 100, since a promise of everything is broken by the first failure',
    );
  }
}
