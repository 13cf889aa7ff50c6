import type { Problem } from '../errors';
import { Code, MeshError, quoted } from '../errors';
import type { Port } from './port';
import { Protocol } from './port';
import type { Resilience, ResilienceLevel } from './resilience';
import { idleNameProblem, namedUnsafe } from './repetition';
import { HARMLESS_CONDITIONS } from './resilience';

/** Refuses settings that cannot all hold, and settings for requests where the mesh sees none. */
export function requireConsistent(where: string, ports: readonly Port[], said: ResilienceLevel, all: Resilience): void {
  requireUsable(where, ports, said, all);
  const problem = settingsProblem(where, all);
  if (problem !== undefined) {
    throw new MeshError(problem.code, problem.message, problem.fix);
  }
}

/** Refuses settings that can do nothing on these ports. */
export function requireUsable(
  where: string,
  ports: readonly Port[],
  said: ResilienceLevel,
  all: Pick<Resilience, 'loadBalancing' | 'retries'>,
): void {
  const requests = ports.some((port) => port.carriesRequests);
  const idle = requests
    ? []
    : (['timeout', 'streamIdleTimeout', 'retries', 'retryBudget', 'rateLimit'] as const).filter(
        (key) => said[key] !== undefined,
      );
  const unused = ports.length > 0 ? idle : (Object.keys(said) as (keyof ResilienceLevel)[]);
  if (unused.length > 0) {
    throw new MeshError(
      Code.RESILIENCE,
      `${quoted(unused)} of ${where} can do nothing, since it has no ports ${ports.length > 0 ? 'that carry requests' : ''}`.trimEnd(),
      'leave it out, or declare the port with `Port.http` or `Port.grpc`',
    );
  }
  if (requests && ports.every(({ carriesRequests, protocol }) => !carriesRequests || protocol === Protocol.GRPC)) {
    requireRepeatable(where, 'gRPC, of which nobody can tell what is safe', said);
  }
  const problem = idleNameProblem(where, ports, said, all);
  if (problem !== undefined) {
    throw new MeshError(problem.code, problem.message, problem.fix);
  }
  const { loadBalancing } = all;
  if (!requests && loadBalancing.kind === 'consistentHash' && loadBalancing.key.kind !== 'sourceIp') {
    throw new MeshError(
      Code.RESILIENCE,
      `${where} keeps requests together by a \`${loadBalancing.key.kind}\`, and no port of it carries requests`,
      'use `sourceIp`',
    );
  }
}

/** Refuses conditions after which none of these requests, which may have taken effect, is ever repeated. */
export function requireRepeatable(where: string, requests: string, { retries }: ResilienceLevel): void {
  const conditions = retries === 'off' ? undefined : retries?.conditions;
  if (
    conditions === undefined ||
    namedUnsafe(retries).length > 0 ||
    conditions.some((condition) => HARMLESS_CONDITIONS.includes(condition))
  ) {
    return;
  }
  throw new MeshError(
    Code.RESILIENCE,
    `retries of ${where} are for ${requests}, which is never repeated on ${quoted(conditions)}`,
    'add `RetryCondition.CONNECT_FAILURE` or `REFUSED_STREAM`, name what is safe to repeat in `repeatUnsafe`, or use `Retries.off()`',
  );
}

/** Settings that cannot all hold. */
export function settingsProblem(where: string, all: Resilience): Problem | undefined {
  const { timeout, retries, locality, outlierDetection } = all;
  if (outlierDetection === 'off' && locality !== undefined && locality !== 'off') {
    return {
      code: Code.RESILIENCE,
      message: `${where} has a \`locality\` but no outlier detection, without which it never fails over`,
      fix: 'leave `OutlierDetection.off()` out, or use `Locality.off()`',
    };
  }
  if (timeout === 'off' || retries === 'off') {
    return undefined;
  }
  if (retries.backoffMillis !== undefined && retries.backoffMillis >= timeout.millis) {
    return {
      code: Code.RESILIENCE,
      message: `retries of ${where} wait \`${retries.backoffMillis}\` ms, and its requests end after ${timeout.millis} ms`,
      fix: 'shorten `backoff` in `Retries.of`, or raise the `timeout`',
    };
  }
  if (retries.perTryTimeoutMillis === undefined) {
    return undefined;
  }
  const longest = retries.perTryTimeoutMillis * (retries.attempts + 1);
  return longest <= timeout.millis
    ? undefined
    : {
        code: Code.RESILIENCE,
        message: `${retries.attempts + 1} tries of ${where} may take ${longest} ms, longer than its timeout of ${timeout.millis} ms`,
        fix: 'shorten `perTryTimeout` in `Retries.of`, lower its `attempts`, or raise the `timeout`',
      };
}

/** Ejection that is set so low that it ejects none of a version's replicas. One replica is a case of its own. */
export function ejectionProblem(
  where: string,
  { outlierDetection }: Resilience,
  replicas: readonly number[],
): Problem | undefined {
  const fewest = Math.min(...replicas.filter((count) => count > 1));
  const least = Math.ceil(100 / fewest);
  return outlierDetection === 'off' || outlierDetection.maxEjectionPercent >= least
    ? undefined
    : {
        code: Code.RESILIENCE,
        message: `maxEjectionPercent \`${outlierDetection.maxEjectionPercent}\` of ${where} ejects none of ${fewest} replicas`,
        fix: `set it to at least ${least}, or use \`OutlierDetection.off()\``,
      };
}
