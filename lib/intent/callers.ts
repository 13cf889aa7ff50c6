import type { CallerRef } from './peer';
import { refKey } from './peer';

/** Whether whoever `narrow` means, `wide` means, too. */
export function coversCaller(wide: CallerRef, narrow: CallerRef): boolean {
  if (wide.kind === 'namespace') {
    return isOwn(narrow) && narrow.namespace === wide.namespace;
  }
  return (
    refKey(wide) === refKey(narrow) &&
    Object.entries(labels(wide)).every(([key, value]) => labels(narrow)[key] === value)
  );
}

/** The callers that both mean: one or none; undefined where the labels of pods would have to be known. */
export function intersectCallers(a: CallerRef, b: CallerRef): readonly CallerRef[] | undefined {
  if (coversCaller(a, b)) {
    return [b];
  }
  if (coversCaller(b, a)) {
    return [a];
  }
  const apart =
    !(isOwn(a) && isOwn(b) && a.namespace === b.namespace) ||
    (a.kind === 'service' && b.kind === 'service') ||
    Object.entries(labels(a)).some(([key, value]) => (labels(b)[key] ?? value) !== value);
  return apart ? [] : undefined;
}

/** Whoever means less comes first: fewer namespaces, fewer callers, more labels. */
export function callersRank(callers: readonly CallerRef[]): readonly number[] {
  return [
    callers.length === 0 ? 1 : 0,
    callers.filter(({ kind }) => kind === 'namespace').length,
    callers.length,
    -callers.reduce((sum, caller) => sum + Object.keys(labels(caller)).length, 0),
  ];
}

/** Whether a caller is of a namespace of this mesh, not of one with the same name in another. */
function isOwn(caller: CallerRef): caller is Extract<CallerRef, { readonly namespace: string }> {
  return 'namespace' in caller && !('foreign' in caller && caller.foreign !== undefined);
}

function labels(caller: CallerRef): Readonly<Record<string, string>> {
  return caller.kind === 'serviceAccount' ? (caller.podLabels ?? {}) : {};
}
