import type { Problem } from '../errors';
import { Code, quoted } from '../errors';
import type { Conditions } from './conditions';
import { ANYTHING, intersect, operationConditions } from './conditions';
import type { Operation } from './operation';
import { describeOperation } from './operation';
import type { Port } from './port';
import { Protocol } from './port';
import type { Resilience, ResilienceLevel, RetrySettings } from './resilience';
import { HARMLESS_CONDITIONS, RetryCondition } from './resilience';

/** Methods that change nothing, so that a request may be repeated after the server has seen it (RFC 9110, 9.2.1). */
export const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/** What may be repeated whatever the request is; off where no condition is left. */
export function harmless(retries: RetrySettings | 'off'): RetrySettings | 'off' {
  if (retries === 'off') {
    return 'off';
  }
  const conditions = retries.conditions.filter((condition) => HARMLESS_CONDITIONS.includes(condition));
  return conditions.length === 0 ? 'off' : { ...retries, conditions };
}

/**
 * Safe HTTP methods, and what the user named, are repeated on the conditions that were chosen; everything else only where
 * nothing was done.
 */
export function repetitions(
  { retries }: Resilience,
  port: Port,
): readonly { readonly requests: readonly Conditions[]; readonly retries: RetrySettings | 'off' }[] {
  const rest = { requests: [ANYTHING], retries: harmless(retries) };
  const repeatable = repeatableRequests(retries, port);
  return retries === 'off' || repeatable.length === 0 || !goesBeyond(retries)
    ? [rest]
    : [{ requests: repeatable, retries }, rest];
}

/** Requests that may be repeated although the server has seen them. */
function repeatableRequests(retries: RetrySettings | 'off', port: Port): readonly Conditions[] {
  const named = namedUnsafe(retries).filter((operation) => isOn(operation, port));
  const methods = [
    ...(port.protocol === Protocol.GRPC ? [] : SAFE_METHODS),
    ...named.filter(({ paths }) => paths.length === 0).flatMap((operation) => operation.methods),
  ];
  return [
    ...(methods.length === 0 ? [] : [{ ...ANYTHING, methods: [...new Set(methods)] }]),
    ...named.filter(({ paths }) => paths.length > 0).flatMap(operationConditions),
  ];
}

/** Whether something is repeated that may have taken effect. */
function goesBeyond({ conditions }: RetrySettings): boolean {
  return conditions.some((condition) => !HARMLESS_CONDITIONS.includes(condition));
}

/** Operations that the user says are safe to repeat although they are unsafe by their kind. */
export function namedUnsafe(retries: ResilienceLevel['retries']): readonly Operation[] {
  return retries === 'off' ? [] : (retries?.repeatUnsafe ?? []);
}

/** HTTP methods say nothing of gRPC, all of which is POST. */
function isOn(operation: Operation, port: Port): boolean {
  return port.carriesRequests && operation.isGrpc === (port.protocol === Protocol.GRPC);
}

/** Whether some of the requests are among those of these operations, as far as that can be told. */
export function namesSome(operations: readonly Operation[], requests: readonly Conditions[]): boolean {
  return operations
    .flatMap(operationConditions)
    .some((named) => requests.some((request) => intersect(named, request)?.length !== 0));
}

/** Operations that are named and repeated no more often for it. */
export function idleNameProblem(
  where: string,
  ports: readonly Port[],
  said: ResilienceLevel,
  { retries }: Pick<Resilience, 'retries'>,
): Problem | undefined {
  const named = namedUnsafe(said.retries);
  if (named.length === 0 || retries === 'off') {
    return undefined;
  }
  const problem = (message: string, fix: string) => ({ code: Code.RESILIENCE, message, fix });
  if (!goesBeyond(retries)) {
    return problem(
      `\`repeatUnsafe\` of ${where} can do nothing, since after ${quoted(retries.conditions)} every request is repeated`,
      'add another condition such as `RetryCondition.SERVICE_UNAVAILABLE`, or leave `repeatUnsafe` out',
    );
  }
  const foreign = named.find((operation) => !ports.some((port) => isOn(operation, port)));
  if (foreign !== undefined) {
    return problem(
      `\`repeatUnsafe\` of ${where} names \`${describeOperation(foreign)}\`, and it has no port of ${foreign.isGrpc ? 'gRPC' : 'HTTP'}`,
      foreign.isGrpc ? 'use `Operation.http`, or declare the port with `Port.grpc`' : 'use `Operation.grpc`',
    );
  }
  const grpc = named.find(({ isGrpc }) => isGrpc);
  return grpc === undefined || retries.conditions.includes(RetryCondition.SERVICE_UNAVAILABLE)
    ? undefined
    : problem(
        `\`repeatUnsafe\` of ${where} names \`${describeOperation(grpc)}\`, and gRPC answers with none of ${quoted(retries.conditions)}`,
        'add `RetryCondition.SERVICE_UNAVAILABLE`, which is `UNAVAILABLE` in gRPC',
      );
}
