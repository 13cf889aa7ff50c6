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
import { jwksAnywhere } from './access/jwks-anywhere';
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
import { annotationDeprecated } from './enrolment/annotation-deprecated';
import { annotationInvalid } from './enrolment/annotation-invalid';
import { annotationMisplaced } from './enrolment/annotation-misplaced';
import { annotationUnknown } from './enrolment/annotation-unknown';
import { bothInjectionLabels } from './enrolment/both-injection-labels';
import { imageAutoOutside } from './enrolment/image-auto-outside';
import { initContainerCalls } from './enrolment/init-container-calls';
import { injectedByDefault } from './enrolment/injected-by-default';
import { namespaceNotEnrolled } from './enrolment/namespace-not-enrolled';
import { podSecurity } from './enrolment/pod-security';
import { podWithoutProxy } from './enrolment/pod-without-proxy';
import { portsConflict } from './enrolment/ports-conflict';
import { proxyResources } from './enrolment/proxy-resources';
import { proxyUser } from './enrolment/proxy-user';
import { servicePortsConflict } from './enrolment/service-ports-conflict';
import { webhookAddress } from './enrolment/webhook-address';
import { webhookAddressIp } from './enrolment/webhook-address-ip';
import { webhooksOverlap } from './enrolment/webhooks-overlap';
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
import { internalGateway } from './references/internal-gateway';
import { networkGatewayMissing } from './references/network-gateway-missing';
import { networkRegistryUnknown } from './references/network-registry-unknown';
import { networkUnknown } from './references/network-unknown';
import { networksOverlap } from './references/networks-overlap';
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
import { REFUSED } from './refused';
import { certificateTwice } from './routing/certificate-twice';
import { clustersDiffer } from './routing/clusters-differ';
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
import { envoyFilterOperation } from './telemetry/envoy-filter-operation';
import { envoyFilterProxyVersion } from './telemetry/envoy-filter-proxy-version';
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
import type { Rule } from './rule';

/** All rules, by their codes. */
export const RULES: readonly Rule[] = [
  ...REFUSED,
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
  networkRegistryUnknown,
  networkGatewayMissing,
  networkUnknown,
  internalGateway,
  networksOverlap,
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
  clustersDiffer,
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
  jwksAnywhere,
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
  annotationDeprecated,
  injectedByDefault,
  podSecurity,
  webhooksOverlap,
  webhookAddress,
  webhookAddressIp,
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
  envoyFilterProxyVersion,
  sidecarIgnored,
  ztunnelIgnores,
  selectorOnGateway,
  targetMissing,
];

/** The rule with this code, in whatever case it is written; a code of `istioctl analyze` finds the rule that stands for it. */
export function findRule(code: string): Rule | undefined {
  const wanted = code.toUpperCase();
  return (
    RULES.find((rule) => rule.code === wanted) ??
    RULES.find(({ istio, istioToo = [] }) => istio === wanted || istioToo.includes(wanted))
  );
}
