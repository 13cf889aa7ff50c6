import type {
  AuthorizationPolicySpec,
  AuthorizationPolicySpecRules,
  RequestAuthenticationSpec,
} from '../../../imports/security.istio.io';
import type { EdgeTokens } from '../../intent/edge-tokens';
import { issuersOf } from '../../intent/edge-tokens';
import type { EntranceIntent } from '../../intent/entrance';
import type { MeshIntent } from '../../intent/mesh';
import { policyPaths } from './format';
import { deniedPaths } from './policy-operation';
import { distinctRules } from './restrictions';
import type { IstioSettings } from './settings';
import { demandRules, jwtRule, requestPrincipals } from './tokens';

/** Spec of the object by which a gateway checks tokens, whatever host they come for; requests without one pass it. */
export function edgeAuthenticationSpec(
  settings: IstioSettings,
  entrance: EntranceIntent,
  mesh: MeshIntent,
): RequestAuthenticationSpec {
  return { ...gatewayPods(settings, entrance), jwtRules: issuersOf(mesh.tokensAtGateway(entrance)).map(jwtRule) };
}

/** Spec of the policy by which a gateway refuses requests for the hosts of an entrance. It only denies: what it does not is up to others. */
export function edgeTokenRequiredSpec(
  settings: IstioSettings,
  entrance: EntranceIntent,
  mesh: MeshIntent,
): AuthorizationPolicySpec {
  const rules = mesh.tokensAt(entrance).flatMap((tokens) => tokenRules(tokens, mesh));
  return { ...gatewayPods(settings, entrance), action: 'DENY', rules: distinctRules(rules) };
}

/** The part of a policy that selects the gateway. */
function gatewayPods(
  { ingressGateway }: IstioSettings,
  { own }: EntranceIntent,
): Pick<AuthorizationPolicySpec, 'selector' | 'targetRefs'> {
  return own === undefined
    ? { selector: { matchLabels: { ...ingressGateway?.podLabels } } }
    : { targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: own.name }] };
}

function tokenRules(tokens: EdgeTokens, mesh: MeshIntent): readonly AuthorizationPolicySpecRules[] {
  const { entrance, issuers, required, paths, exceptPaths, exceptPreflight } = tokens;
  const subjects = requestPrincipals(issuers.map(({ issuer }) => issuer));
  const all = issuersOf(mesh.tokensAtGateway(entrance)).length;
  const source = required
    ? // At a gateway that nobody else uses, any token that passed the check is one of these issuers.
      { notRequestPrincipals: entrance.own !== undefined && subjects.length === all ? ['*'] : subjects }
    : { requestPrincipals: ['*'], notRequestPrincipals: subjects };
  const operation = {
    ...policyHosts(tokens),
    ...(paths.length === 0 ? {} : { paths: [...deniedPaths(paths)] }),
    ...(exceptPaths.length === 0 ? {} : { notPaths: exceptPaths.flatMap(policyPaths) }),
  };
  return demandRules(source, operation, exceptPreflight);
}

/** Hosts as requests name them, alone and with a port; none where the gateway has no others. */
function policyHosts({ entrance, hosts }: EdgeTokens): { readonly hosts?: string[] } {
  return entrance.own !== undefined && entrance.hosts.every((host) => hosts.includes(host))
    ? {}
    : { hosts: hosts.flatMap((host) => [host, `${host}:*`]) };
}
