import { accountSyntax } from './access/account-syntax';
import { allowAll } from './access/allow-all';
import { customProvider } from './access/custom-provider';
import { deadAllow } from './access/dead-allow';
import { defaultAccount } from './access/default-account';
import { denyWithoutRules } from './access/deny-without-rules';
import { destinationRuleDropsMtls } from './access/destination-rule-drops-mtls';
import { emptyPart } from './access/empty-part';
import { exactPathBypass } from './access/exact-path-bypass';
import { httpFieldsOnTcp } from './access/http-fields-on-tcp';
import { jwtSource } from './access/jwt-source';
import { negativeIdentity } from './access/negative-identity';
import { noDefaultDeny } from './access/no-default-deny';
import { pathTemplate } from './access/path-template';
import { peerAuthenticationIgnored } from './access/peer-authentication-ignored';
import { permissive } from './access/permissive';
import { sharedAccount } from './access/shared-account';
import { strictBeforeCallers } from './access/strict-before-callers';
import { tokenNotRequired } from './access/token-not-required';
import { tokenRuleBypassed } from './access/token-rule-bypassed';
import { unknownCondition } from './access/unknown-condition';
import { unknownPort } from './access/unknown-port';
import { selectorOnGateway } from './ambient/selector-on-gateway';
import { sidecarIgnored } from './ambient/sidecar-ignored';
import { targetMissing } from './ambient/target-missing';
import { ztunnelIgnores } from './ambient/ztunnel-ignores';
import { entriesShareListener } from './egress/entries-share-listener';
import { noControl } from './egress/no-control';
import { nobodyImports } from './egress/nobody-imports';
import { protocolsConflict } from './egress/protocols-conflict';
import { providerNotImported } from './egress/provider-not-imported';
import { routeNotImported } from './egress/route-not-imported';
import { sidecarTwice } from './egress/sidecar-twice';
import { annotationInvalid } from './enrolment/annotation-invalid';
import { annotationMisplaced } from './enrolment/annotation-misplaced';
import { annotationUnknown } from './enrolment/annotation-unknown';
import { bothInjectionLabels } from './enrolment/both-injection-labels';
import { imageAutoOutside } from './enrolment/image-auto-outside';
import { initContainerCalls } from './enrolment/init-container-calls';
import { namespaceNotEnrolled } from './enrolment/namespace-not-enrolled';
import { podWithoutProxy } from './enrolment/pod-without-proxy';
import { portsConflict } from './enrolment/ports-conflict';
import { proxyResources } from './enrolment/proxy-resources';
import { proxyUser } from './enrolment/proxy-user';
import { servicePortsConflict } from './enrolment/service-ports-conflict';
import { backendNotGranted } from './references/backend-not-granted';
import { credentialInvalid } from './references/credential-invalid';
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
import { certificateTwice } from './routing/certificate-twice';
import { externalNamePort } from './routing/external-name-port';
import { gatewaysConflict } from './routing/gateways-conflict';
import { ignoredSourceMatch } from './routing/ignored-source-match';
import { ineffectiveMatch } from './routing/ineffective-match';
import { ingressRoutesIgnored } from './routing/ingress-routes-ignored';
import { jwtClaimInMesh } from './routing/jwt-claim-in-mesh';
import { jwtClaimWithoutTokenRule } from './routing/jwt-claim-without-token-rule';
import { meshHostTwice } from './routing/mesh-host-twice';
import { noRouteForTheRest } from './routing/no-route-for-the-rest';
import { portProtocolUndeclared } from './routing/port-protocol-undeclared';
import { prefixInsideSegment } from './routing/prefix-inside-segment';
import { unreachableRoute } from './routing/unreachable-route';
import { brokenCelRule } from './schema/broken-cel-rule';
import { fieldTooNew } from './schema/field-too-new';
import { metadata } from './schema/metadata';
import { objectTwice } from './schema/object-twice';
import { unknownField } from './schema/unknown-field';
import { unknownKind } from './schema/unknown-kind';
import { wrongValue } from './schema/wrong-value';
import { envoyFilterOperation } from './telemetry/envoy-filter-operation';
import { envoyFilterRelative } from './telemetry/envoy-filter-relative';
import { telemetryTwice } from './telemetry/telemetry-twice';
import { broadDestinationRule } from './traffic/broad-destination-rule';
import { deadField } from './traffic/dead-field';
import { ejectsNothing } from './traffic/ejects-nothing';
import { failoverWithoutDetection } from './traffic/failover-without-detection';
import { outboundWithoutLimits } from './traffic/outbound-without-limits';
import { portSettingsDrop } from './traffic/port-settings-drop';
import { retriesRepeatWrites } from './traffic/retries-repeat-writes';
import { retryStorm } from './traffic/retry-storm';
import { tlsNotVerified } from './traffic/tls-not-verified';
import { emptyTrafficPolicy } from './validation/empty-traffic-policy';
import { gatewayPortNames } from './validation/gateway-port-names';
import { gatewayTls } from './validation/gateway-tls';
import { localOriginErrors } from './validation/local-origin-errors';
import { noRoute } from './validation/no-route';
import { retries } from './validation/retries';
import { routeActions } from './validation/route-actions';
import { serviceEntryAddresses } from './validation/service-entry-addresses';
import { serviceEntryHosts } from './validation/service-entry-hosts';
import { serviceEntryPorts } from './validation/service-entry-ports';
import { sidecarForm } from './validation/sidecar-form';
import { subsetTwice } from './validation/subset-twice';
import { tlsRoute } from './validation/tls-route';
import { virtualServiceHosts } from './validation/virtual-service-hosts';
import { weights } from './validation/weights';
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
  noRoute,
  routeActions,
  weights,
  retries,
  tlsRoute,
  virtualServiceHosts,
  subsetTwice,
  emptyTrafficPolicy,
  localOriginErrors,
  serviceEntryHosts,
  serviceEntryPorts,
  serviceEntryAddresses,
  sidecarForm,
  gatewayTls,
  gatewayPortNames,
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
  credentialInvalid,
  meshHostTwice,
  unreachableRoute,
  ineffectiveMatch,
  noRouteForTheRest,
  ignoredSourceMatch,
  jwtClaimInMesh,
  jwtClaimWithoutTokenRule,
  ingressRoutesIgnored,
  portProtocolUndeclared,
  externalNamePort,
  gatewaysConflict,
  certificateTwice,
  prefixInsideSegment,
  httpFieldsOnTcp,
  unknownPort,
  allowAll,
  noDefaultDeny,
  defaultAccount,
  sharedAccount,
  negativeIdentity,
  denyWithoutRules,
  customProvider,
  emptyPart,
  unknownCondition,
  exactPathBypass,
  tokenNotRequired,
  tokenRuleBypassed,
  deadAllow,
  jwtSource,
  accountSyntax,
  pathTemplate,
  strictBeforeCallers,
  permissive,
  peerAuthenticationIgnored,
  destinationRuleDropsMtls,
  bothInjectionLabels,
  podWithoutProxy,
  namespaceNotEnrolled,
  proxyUser,
  annotationUnknown,
  annotationMisplaced,
  initContainerCalls,
  portsConflict,
  imageAutoOutside,
  servicePortsConflict,
  annotationInvalid,
  proxyResources,
  ejectsNothing,
  failoverWithoutDetection,
  portSettingsDrop,
  tlsNotVerified,
  retryStorm,
  retriesRepeatWrites,
  broadDestinationRule,
  outboundWithoutLimits,
  deadField,
  entriesShareListener,
  nobodyImports,
  noControl,
  sidecarTwice,
  routeNotImported,
  protocolsConflict,
  providerNotImported,
  telemetryTwice,
  envoyFilterRelative,
  envoyFilterOperation,
  sidecarIgnored,
  ztunnelIgnores,
  selectorOnGateway,
  targetMissing,
];

/** The rule with this code, in whatever case it is written; a code of `istioctl analyze` finds the rule that stands for it. */
export function findRule(code: string): Rule | undefined {
  const wanted = code.toUpperCase();
  return RULES.find((rule) => rule.code === wanted) ?? RULES.find(({ istio }) => istio === wanted);
}
