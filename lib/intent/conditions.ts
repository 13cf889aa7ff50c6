import { byCodeUnits } from './names';
import type { PathMatch } from './path-match';
import { PathMatchKind, coversPath, intersectPaths } from './path-match';
import type { CallerRef } from './peer';
import { refKey } from './peer';
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
}

/** Every request. */
export const ANYTHING: Conditions = { methods: [], headers: [], query: [], callers: [] };

/** The requests for which both hold: one condition or none; undefined where only a proxy could tell. */
export function intersect(a: Conditions, b: Conditions): readonly Conditions[] | undefined {
  const paths = optional(a.path, b.path, intersectPaths);
  const methods = choices(a.methods, b.methods, (method) => method);
  const headers = named(a.headers, b.headers);
  const query = named(a.query, b.query);
  const callers = choices(a.callers, b.callers, refKey);
  if ([paths, methods, headers, query, callers].some((part) => part?.length === 0 && part !== undefined)) {
    return [];
  }
  if (paths === undefined || headers === undefined || query === undefined) {
    return undefined;
  }
  const [path] = paths;
  return [
    {
      ...(path === undefined ? {} : { path }),
      methods: methods.flat(),
      headers: headers.flat(),
      query: query.flat(),
      callers: callers.flat(),
    },
  ];
}

/** Whether every request for which `narrow` holds is surely one for which `wide` holds, too. */
export function coversConditions(wide: Conditions, narrow: Conditions): boolean {
  const path = wide.path === undefined || (narrow.path !== undefined && coversPath(wide.path, narrow.path));
  const values = (theirs: readonly ValueMatch[], ours: readonly ValueMatch[]) =>
    theirs.every((their) => ours.some((our) => our.name === their.name && coversValue(their, our)));
  const among = <T>(theirs: readonly T[], ours: readonly T[], key: (item: T) => string) =>
    theirs.length === 0 || (ours.length > 0 && ours.every((our) => theirs.some((their) => key(their) === key(our))));
  return (
    path &&
    among(wide.methods, narrow.methods, (method) => method) &&
    among(wide.callers, narrow.callers, refKey) &&
    values(wide.headers, narrow.headers) &&
    values(wide.query, narrow.query)
  );
}

const PATH_ORDER: readonly PathMatchKind[] = [
  PathMatchKind.EXACT,
  PathMatchKind.TEMPLATE,
  PathMatchKind.REGEX,
  PathMatchKind.PREFIX,
];

/** Specific before general: exact paths, templates, expressions, long prefixes, short ones, none; then by what else is asked. */
export function bySpecificity(a: Conditions, b: Conditions): number {
  const rank = ({ path }: Conditions) => (path === undefined ? PATH_ORDER.length : PATH_ORDER.indexOf(path.kind));
  const asked = ({ headers, query, methods, callers }: Conditions) =>
    headers.length + query.length + (methods.length > 0 ? 1 : 0) + (callers.length > 0 ? 1 : 0);
  return (
    rank(a) - rank(b) ||
    (b.path?.value.length ?? 0) - (a.path?.value.length ?? 0) ||
    asked(b) - asked(a) ||
    byCodeUnits(JSON.stringify(a), JSON.stringify(b))
  );
}

/** One value or none from two that may be missing, wrapped so that "no limit" and "nothing" differ. */
function optional<T>(
  a: T | undefined,
  b: T | undefined,
  both: (a: T, b: T) => readonly T[] | undefined,
): readonly (T | undefined)[] | undefined {
  return a === undefined ? [b] : b === undefined ? [a] : both(a, b);
}

/** Alternatives that both lists have; an empty list is no limit. The result is wrapped: `[]` is nothing at all. */
function choices<T>(a: readonly T[], b: readonly T[], key: (item: T) => string): readonly (readonly T[])[] {
  if (a.length === 0 || b.length === 0) {
    return [[...a, ...b]];
  }
  const shared = a.filter((item) => b.some((other) => key(other) === key(item)));
  return shared.length === 0 ? [] : [shared];
}

/** Values of both lists, those of one name joined. The result is wrapped as in `choices`. */
function named(a: readonly ValueMatch[], b: readonly ValueMatch[]): readonly (readonly ValueMatch[])[] | undefined {
  const joined = a.map((value) => {
    const other = b.find(({ name }) => name === value.name);
    return other === undefined ? [value] : intersectValues(value, other);
  });
  if (joined.some((values) => values?.length === 0)) {
    return [];
  }
  const known = joined.filter((values) => values !== undefined);
  const rest = b.filter(({ name }) => !a.some((value) => value.name === name));
  return known.length < joined.length ? undefined : [[...known.flat(), ...rest]];
}
