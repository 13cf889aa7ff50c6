import { bothInjectionLabels } from './enrolment/both-injection-labels';
import { gatewayMissing } from './references/gateway-missing';
import type { Rule } from './rule';

/** All rules, by their codes. */
export const RULES: readonly Rule[] = [gatewayMissing, bothInjectionLabels];

/** The rule with this code, in whatever case it is written; a code of `istioctl analyze` finds the rule that stands for it. */
export function findRule(code: string): Rule | undefined {
  const wanted = code.toUpperCase();
  return RULES.find((rule) => rule.code === wanted) ?? RULES.find(({ istio }) => istio === wanted);
}
