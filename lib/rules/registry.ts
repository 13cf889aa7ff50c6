import { bothInjectionLabels } from './enrolment/both-injection-labels';
import { backendNotGranted } from './references/backend-not-granted';
import { delegateMissing } from './references/delegate-missing';
import { destinationRuleHostMissing } from './references/destination-rule-host-missing';
import { gatewayCredentialMissing } from './references/gateway-credential-missing';
import { gatewayMissing } from './references/gateway-missing';
import { gatewayPortNotOnService } from './references/gateway-port-not-on-service';
import { gatewaySelectsNothing } from './references/gateway-selects-nothing';
import { hostMissing } from './references/host-missing';
import { hostNotInGateway } from './references/host-not-in-gateway';
import { policyNamespaceMissing } from './references/policy-namespace-missing';
import { portAmbiguous } from './references/port-ambiguous';
import { portMissing } from './references/port-missing';
import { principalMalformed } from './references/principal-malformed';
import { principalUnknown } from './references/principal-unknown';
import { routeBackendMissing } from './references/route-backend-missing';
import { routeParentMissing } from './references/route-parent-missing';
import { selectorSelectsNothing } from './references/selector-selects-nothing';
import { subsetMissing } from './references/subset-missing';
import { subsetSelectsNothing } from './references/subset-selects-nothing';
import { telemetryProviderMissing } from './references/telemetry-provider-missing';
import { brokenCelRule } from './schema/broken-cel-rule';
import { fieldTooNew } from './schema/field-too-new';
import { metadata } from './schema/metadata';
import { objectTwice } from './schema/object-twice';
import { unknownField } from './schema/unknown-field';
import { unknownKind } from './schema/unknown-kind';
import { wrongValue } from './schema/wrong-value';
import type { Rule } from './rule';

/** All rules, by their codes. */
export const RULES: readonly Rule[] = [
  wrongValue,
  unknownField,
  brokenCelRule,
  metadata,
  fieldTooNew,
  unknownKind,
  objectTwice,
  gatewayMissing,
  hostMissing,
  portMissing,
  portAmbiguous,
  subsetMissing,
  destinationRuleHostMissing,
  subsetSelectsNothing,
  selectorSelectsNothing,
  gatewaySelectsNothing,
  gatewayCredentialMissing,
  hostNotInGateway,
  delegateMissing,
  telemetryProviderMissing,
  principalUnknown,
  principalMalformed,
  policyNamespaceMissing,
  gatewayPortNotOnService,
  routeBackendMissing,
  routeParentMissing,
  backendNotGranted,
  bothInjectionLabels,
];

/** The rule with this code, in whatever case it is written; a code of `istioctl analyze` finds the rule that stands for it. */
export function findRule(code: string): Rule | undefined {
  const wanted = code.toUpperCase();
  return RULES.find((rule) => rule.code === wanted) ?? RULES.find(({ istio }) => istio === wanted);
}
