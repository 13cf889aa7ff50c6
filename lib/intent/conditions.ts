import { coversCaller, intersectCallers } from './callers';
import type { ClaimCondition } from './claim';
import { intersectHeaders } from './header-match';
import type { Operation } from './operation';
import type { PathMatch } from './path-match';
import { coversPath, intersectPaths, isEveryPath } from './path-sets';
import type { CallerRef } from './peer';
import type { ValueMatch } from './value-match';
import { coversValue, intersectValues } from './value-match';

/** What must hold of a request, all of it; an empty list does not limit. */
export interface Conditions {
  readonly path?: PathMatch;
  /** Any of which matches. */
  readonly methods: readonly string[];
  /** All of which match. */
  readonly headers: readonly ValueMatch[];
  /** All of which match. */
  readonly query: readonly ValueMatch[];
  /** Any of which matches. */
  readonly callers: readonly CallerRef[];
  /** All of which hold of the request's token; undefined does not limit. */
  readonly claims?: readonly ClaimCondition[];
}

/** Every request. */
export const ANYTHING: Conditions = { methods: [], headers: [], query: [], callers: [] };

/** The requests of an operation. */
export function operationConditions({ methods, paths }: Operation): readonly Conditions[] {
  return paths.length === 0 ? [{ ...ANYTHING, methods }] : paths.map((path) => ({ ...ANYTHING, methods, path }));
}

/** The requests for which both hold: one condition or none; undefined where only a proxy could tell. */
export function intersect(a: Conditions, b: Conditions): readonly Conditions[] | undefined {
  const path = paths(a.path, b.path);
  const methods = alternatives(a.methods, b.methods, (x, y) => (x === y ? [x] : []));
  const headers = named(a.headers, b.headers, intersectHeaders);
  const query = named(a.query, b.query, intersectValues);
  const callers = alternatives(a.callers, b.callers, intersectCallers);
  const claims = claimsOfBoth(a.claims ?? [], b.claims ?? []);
  if ([path, methods, headers, query, callers].includes('none')) {
    return [];
  }
  return isKnown(path) && isKnown(methods) && isKnown(headers) && isKnown(query) && isKnown(callers) && isKnown(claims)
    ? [
        {
          ...(path.length === 0 ? {} : { path: path[0] }),
          methods,
          headers,
          query,
          callers,
          ...(claims.length === 0 ? {} : { claims }),
        },
      ]
    : undefined;
}

/** Whether every request for which `narrow` holds is surely one for which `wide` holds, too. */
export function coversConditions(wide: Conditions, narrow: Conditions): boolean {
  const path =
    wide.path === undefined ||
    isEveryPath(wide.path) ||
    (narrow.path !== undefined && coversPath(wide.path, narrow.path));
  const values = (theirs: readonly ValueMatch[], ours: readonly ValueMatch[]) =>
    theirs.every((their) => ours.some((our) => our.name === their.name && coversValue(their, our)));
  const among = <T>(theirs: readonly T[], ours: readonly T[], covers: (their: T, our: T) => boolean) =>
    theirs.length === 0 || (ours.length > 0 && ours.every((our) => theirs.some((their) => covers(their, our))));
  return (
    path &&
    among(wide.methods, narrow.methods, (their, our) => their === our) &&
    among(wide.callers, narrow.callers, coversCaller) &&
    values(wide.headers, narrow.headers) &&
    values(wide.query, narrow.query) &&
    (wide.claims ?? []).every((their) => (narrow.claims ?? []).some((our) => coversClaim(their, our)))
  );
}

/** What is left of one part of two conditions: entries of a list, nothing at all, or what nobody can tell. */
type Shared<T> = readonly T[] | 'none' | 'unknown';

function isKnown<T>(shared: Shared<T>): shared is readonly T[] {
  return typeof shared !== 'string';
}

function paths(a: PathMatch | undefined, b: PathMatch | undefined): Shared<PathMatch> {
  if (a === undefined || b === undefined) {
    return [a, b].filter((path) => path !== undefined);
  }
  const both = intersectPaths(a, b);
  return both === undefined ? 'unknown' : both.length === 0 ? 'none' : both;
}

/** Alternatives that both lists allow; an empty list is no limit. */
function alternatives<T>(a: readonly T[], b: readonly T[], both: (a: T, b: T) => readonly T[] | undefined): Shared<T> {
  if (a.length === 0 || b.length === 0) {
    return [...a, ...b];
  }
  const shared = a.flatMap((x) => b.map((y) => both(x, y)));
  const known = shared.flatMap((items) => items ?? []);
  const distinct = [...new Map(known.map((item) => [JSON.stringify(item), item])).values()];
  return shared.includes(undefined) ? 'unknown' : distinct.length === 0 ? 'none' : distinct;
}

/** Values of both lists, those of one name joined. */
function named(
  a: readonly ValueMatch[],
  b: readonly ValueMatch[],
  both: (x: ValueMatch, y: ValueMatch) => readonly ValueMatch[] | undefined,
): Shared<ValueMatch> {
  const joined = a.map((value) => {
    const other = b.find(({ name }) => name === value.name);
    return other === undefined ? [value] : both(value, other);
  });
  if (joined.some((values) => values?.length === 0)) {
    return 'none';
  }
  const rest = b.filter(({ name }) => !a.some((value) => value.name === name));
  return joined.includes(undefined) ? 'unknown' : [...joined.flatMap((values) => values ?? []), ...rest];
}

/** Claims of both. A claim can be a list that has values of both, so that no two conditions on one exclude each other. */
function claimsOfBoth(a: readonly ClaimCondition[], b: readonly ClaimCondition[]): Shared<ClaimCondition> {
  const kept = a.filter((ours) => !b.some((theirs) => coversClaim(ours, theirs)));
  const rest = b.filter((theirs) => !kept.some((ours) => coversClaim(theirs, ours)));
  return kept.some((ours) => rest.some((theirs) => sameClaim(ours, theirs))) ? 'unknown' : [...kept, ...rest];
}

function coversClaim(wide: ClaimCondition, narrow: ClaimCondition): boolean {
  return (
    sameClaim(wide, narrow) &&
    (wide.values.length === 0 ||
      (narrow.values.length > 0 && narrow.values.every((value) => wide.values.includes(value))))
  );
}

/** Whether two conditions are on one claim. */
export function sameClaim(one: ClaimCondition, other: ClaimCondition): boolean {
  return JSON.stringify(one.names) === JSON.stringify(other.names);
}
