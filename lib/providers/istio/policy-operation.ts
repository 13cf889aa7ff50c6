import { byCodeUnits } from '../../intent/names';
import type { Operation } from '../../intent/operation';
import type { PathMatch } from '../../intent/path-match';
import { PathMatchKind } from '../../intent/path-match';
import type { Port } from '../../intent/port';
import { policyPaths } from './format';

/** An `operation` of an AuthorizationPolicy rule. */
export interface PolicyOperation {
  readonly ports: readonly string[];
  readonly methods?: readonly string[];
  readonly paths?: readonly string[];
}

/** An operation on these ports. */
export function narrowOperation(ports: readonly string[], { methods, paths }: Operation): PolicyOperation {
  return {
    ports,
    ...(methods.length > 0 ? { methods: [...methods].sort(byCodeUnits) } : {}),
    ...(paths.length > 0 ? { paths: paths.flatMap(policyPaths) } : {}),
  };
}

/** Numbers of the ports on which the pod listens, each once. */
export function portNumbers(ports: readonly Port[]): string[] {
  return [...new Set(ports.map((port) => String(port.containerPort)))].sort(byNumber);
}

/** Order of port numbers. */
export function byNumber(a: string, b: string): number {
  return Number(a) - Number(b);
}

/**
 * An operation that is denied. A path is denied with a slash at its end, too: most applications take both for one, and what
 * a denial does not match gets through.
 */
export function deniedOperation(ports: readonly string[], operation: Operation): PolicyOperation {
  const { paths, ...rest } = narrowOperation(ports, operation);
  return paths === undefined || operation.isGrpc
    ? { ...rest, ...(paths && { paths }) }
    : { ...rest, paths: deniedPaths(operation.paths) };
}

/** Paths that are denied, those without operators with a slash at their end, too. */
export function deniedPaths(paths: readonly PathMatch[]): readonly string[] {
  return paths.flatMap((path) =>
    path.kind === PathMatchKind.EXACT && !path.value.endsWith('/') ? [path.value, `${path.value}/`] : policyPaths(path),
  );
}
