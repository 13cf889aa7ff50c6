import type { LocatedObject } from '../manifests/located';
import type { ManifestView } from '../manifests/view';
import type { Finding } from './finding';
import { RULES } from './registry';
import type { Rule } from './rule';

/** What rules find in the judged objects of a view: in the order of the objects, then by code, field and message. */
export function runRules(view: ManifestView, rules: readonly Rule[] = RULES): readonly Finding[] {
  const places = new Map<LocatedObject, number>(view.objects.map((object, index) => [object, index]));
  const placeOf = ({ object }: Finding): number => places.get(object) ?? -1;
  return rules
    .flatMap((rule) => findings(rule, view))
    .sort(
      (a, b) =>
        placeOf(a) - placeOf(b) ||
        compare(a.code, b.code) ||
        compare(a.field ?? '', b.field ?? '') ||
        compare(a.message, b.message),
    );
}

function findings({ code, severity, istio, fix, check }: Rule, view: ManifestView): readonly Finding[] {
  return check(view)
    .filter(({ object }) => view.isJudged(object))
    .map((violation) => ({ fix, ...violation, code, severity, ...(istio !== undefined && { istio }) }));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
