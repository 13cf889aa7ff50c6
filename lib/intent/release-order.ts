import { Code, MeshError, quoted } from '../errors';
import type { Conditions } from './conditions';
import { coversConditions } from './conditions';
import type { ReleaseIntent } from './release';
import { conditionParts } from './route-order';
import { byNarrowness } from './specificity';

/** Requests that one candidate takes whatever the shares. */
export interface ChosenRequests {
  readonly version: string;
  /** Any of which suffices. */
  readonly conditions: readonly Conditions[];
}

/**
 * The requests that candidates choose, in the order in which they are tried: of several candidates, specific before general,
 * and among equals in the order in which the candidates are listed.
 */
export function chosenRequests({ candidates }: Pick<ReleaseIntent, 'candidates'>): readonly ChosenRequests[] {
  const runs: { readonly version: string; readonly conditions: Conditions[] }[] = [];
  for (const { version, conditions } of orderedMatches(candidates)) {
    const last = runs.at(-1);
    if (last?.version === version) {
      last.conditions.push(conditions);
    } else {
      runs.push({ version, conditions: [conditions] });
    }
  }
  return runs;
}

/** Refuses a match of one candidate that those of others leave nothing of, and two that are the same. */
export function requireChoosable(owner: string, candidates: ReleaseIntent['candidates']): void {
  const ordered = orderedMatches(candidates);
  ordered.forEach(({ version, conditions }, index) => {
    const takers = conditionParts(conditions).map((part) =>
      ordered.slice(0, index).find((earlier) => coversConditions(earlier.conditions, part)),
    );
    const names = new Set(takers.map((taker) => taker?.version ?? version));
    const [first] = takers;
    if (first === undefined || takers.includes(undefined) || (names.size === 1 && names.has(version))) {
      return;
    }
    throw new MeshError(
      Code.RELEASE,
      coversConditions(conditions, first.conditions) && names.size === 1
        ? `candidates ${quoted([...names, version])} of \`${owner}\` choose the same requests`
        : `a match of candidate \`${version}\` of \`${owner}\` can never hold, since ${quoted(names)} ${names.size === 1 ? 'takes' : 'take'} all of its requests`,
      'narrow the matches of one of them, or remove one',
    );
  });
}

function orderedMatches(
  candidates: ReleaseIntent['candidates'],
): readonly { readonly version: string; readonly conditions: Conditions }[] {
  const matches = candidates.flatMap(({ version, when }) =>
    when.map(({ _conditions: conditions }) => ({ version, conditions })),
  );
  // All matches of one candidate lead to the same place, so they stay as they were written.
  return candidates.filter(({ when }) => when.length > 0).length < 2
    ? matches
    : matches.sort((a, b) => byNarrowness(a.conditions, b.conditions));
}
