import type { Conditions } from './conditions';
import { ANYTHING, operationConditions } from './conditions';
import type { Operation } from './operation';
import type { Port } from './port';
import { Protocol } from './port';
import type { Resilience, RetrySettings } from './resilience';
import { HARMLESS_CONDITIONS, mergeResilience } from './resilience';
import type { RouteIntent } from './route';

/** Methods that change nothing, so that a request may be repeated after the server has seen it (RFC 9110, 9.2.1). */
export const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/** What a rule says over what its service says; tries that were timed for the service alone shrink with the timeout. */
export function mergeRule(resilience: Resilience, route: RouteIntent | undefined): Resilience {
  if (route === undefined) {
    return resilience;
  }
  const merged = mergeResilience(resilience, route.resilience);
  const { timeout, retries } = merged;
  const said = route.resilience.retries;
  const timed = said !== undefined && said !== 'off' && said.perTryTimeoutMillis !== undefined;
  if (timed || timeout === 'off' || retries === 'off' || retries.perTryTimeoutMillis === undefined) {
    return merged;
  }
  const fitting = Math.max(1, Math.floor(timeout.millis / (retries.attempts + 1)));
  return {
    ...merged,
    retries: { ...retries, perTryTimeoutMillis: Math.min(retries.perTryTimeoutMillis, fitting) },
  };
}

/** Requests that may stay open get no timeout: proxies count it to the end of the response. */
export function durations(
  streamingOperations: readonly Operation[],
  port: Port,
  end: Port,
  { timeout }: Resilience,
): readonly {
  readonly operation: readonly Conditions[];
  readonly timeoutMillis?: number;
  readonly streaming: boolean;
}[] {
  const streaming = port.streaming || end.streaming;
  const rest = {
    operation: [ANYTHING],
    streaming,
    ...(timeout === 'off' || streaming ? {} : { timeoutMillis: timeout.millis }),
  };
  return streaming
    ? [rest]
    : [
        ...streamingOperations
          .filter((operation) => !operation.isGrpc || port.protocol === Protocol.GRPC)
          .map((operation) => ({ operation: operationConditions(operation), streaming: true })),
        rest,
      ];
}

/** Safe HTTP methods are repeated on the conditions that were chosen; everything else only where nothing was done. */
export function repetitions(
  { retries }: Resilience,
  port: Port,
): readonly { readonly methods: readonly string[]; readonly retries: RetrySettings | 'off' }[] {
  if (retries === 'off') {
    return [{ methods: [], retries }];
  }
  const conditions = retries.conditions.filter((condition) => HARMLESS_CONDITIONS.includes(condition));
  const harmless = conditions.length === 0 ? 'off' : { ...retries, conditions };
  return port.protocol === Protocol.GRPC || conditions.length === retries.conditions.length
    ? [{ methods: [], retries: harmless }]
    : [
        { methods: SAFE_METHODS, retries },
        { methods: [], retries: harmless },
      ];
}
