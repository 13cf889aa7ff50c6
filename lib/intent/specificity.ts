import { callersRank } from './callers';
import type { Conditions } from './conditions';
import { byCodeUnits } from './names';
import { byNarrowPath } from './path-sets';
import { ValueMatchKind } from './value-match';

/**
 * Specific before general: what surely lets fewer requests through comes first. Paths decide, then how many headers and
 * query parameters are asked for and how closely, then methods, then callers.
 */
export function bySpecificity(a: Conditions, b: Conditions): number {
  return byNarrowness(a, b) || byCodeUnits(JSON.stringify(a), JSON.stringify(b));
}

/** The same for lists that have an order of their own, which is kept where conditions are equally specific. */
export function byNarrowness(a: Conditions, b: Conditions): number {
  const [left, right] = [rank(a), rank(b)];
  return (
    byNarrowPath(a.path, b.path) ||
    (left.map((number, index) => number - (right[index] ?? 0)).find((difference) => difference !== 0) ?? 0)
  );
}

function rank({ headers, query, methods, callers, claims = [] }: Conditions): readonly number[] {
  const values = [...headers, ...query];
  const prefixes = values.filter(({ kind }) => kind === ValueMatchKind.PREFIX);
  return [
    -values.length - claims.length,
    -values.filter(({ kind }) => kind === ValueMatchKind.EXACT).length -
      claims.filter((claim) => claim.values.length > 0).length,
    -prefixes.reduce((sum, { value }) => sum + value.length, 0),
    methods.length === 0 ? 1 : 0,
    methods.length,
    ...callersRank(callers),
  ];
}
