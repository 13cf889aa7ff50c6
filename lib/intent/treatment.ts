import { Code, MeshError } from '../errors';
import type { Conditions } from './conditions';
import { ANYTHING, operationConditions } from './conditions';
import type { Operation } from './operation';
import type { Port } from './port';
import { Protocol } from './port';
import type { Resilience, ResilienceLevel } from './resilience';
import { mergeResilience } from './resilience';
import type { RouteIntent } from './route';

/**
 * What a rule says over what its service says; tries and waits that were timed for the service alone shrink with
 * the timeout.
 */
export function mergeRule(resilience: Resilience, route: RouteIntent | undefined): Resilience {
  if (route === undefined) {
    return resilience;
  }
  const merged = mergeResilience(resilience, route.resilience);
  const { timeout, retries } = merged;
  if (timeout === 'off' || retries === 'off') {
    return merged;
  }
  const fitting = Math.max(1, Math.floor(timeout.millis / (retries.attempts + 1)));
  const said = route.resilience.retries ?? {};
  const shrunk = (key: 'perTryTimeoutMillis' | 'backoffMillis') =>
    retries[key] === undefined || said === 'off' || said[key] !== undefined
      ? {}
      : { [key]: Math.min(retries[key], fitting) };
  return { ...merged, retries: { ...retries, ...shrunk('perTryTimeoutMillis'), ...shrunk('backoffMillis') } };
}

/** Whether requests of an operation can come on a port. */
function isSpoken(operation: Operation, port: Port): boolean {
  return port.carriesRequests && (!operation.isGrpc || port.protocol === Protocol.GRPC);
}

/** Whether some of the requests on a port may stay open. */
export function mayStayOpen(streamingOperations: readonly Operation[], port: Port): boolean {
  return port.streaming || streamingOperations.some((operation) => isSpoken(operation, port));
}

/** Refuses a limit on streams where nothing may stay open. */
export function requireStreams(
  service: string,
  ports: readonly Port[],
  operations: readonly Operation[],
  { streamIdleTimeout }: ResilienceLevel,
): void {
  if (streamIdleTimeout !== undefined && !ports.some((port) => mayStayOpen(operations, port))) {
    throw new MeshError(
      Code.RESILIENCE,
      `\`streamIdleTimeout\` of \`${service}\` can do nothing, since nothing of it may stay open`,
      'leave it out, or say what may stay open: `streaming` ports or `streamingOperations`',
    );
  }
}

/** Requests that may stay open get no timeout: proxies count it to the end of the response. */
export function durations(
  streamingOperations: readonly Operation[],
  port: Port,
  end: Port,
): readonly { readonly operation: readonly Conditions[]; readonly streaming: boolean }[] {
  const streaming = port.streaming || end.streaming;
  const rest = { operation: [ANYTHING], streaming };
  return streaming
    ? [rest]
    : [
        ...streamingOperations
          .filter((operation) => isSpoken(operation, port))
          .map((operation) => ({ operation: operationConditions(operation), streaming: true })),
        rest,
      ];
}
