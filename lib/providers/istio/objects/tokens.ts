import type { EntranceIntent } from '../../../intent/entrance';
import type { MeshIntent } from '../../../intent/mesh';
import type { ObjectPlan } from '../../provider';
import { edgeAuthenticationSpec, edgeTokenRequiredSpec } from '../edge-tokens';
import type { IstioSettings } from '../settings';
import { SECURITY, planOf } from './plan';

/**
 * What a gateway does about tokens, in its own namespace. Its objects are called after the entrance: apps that do not see each
 * other share a gateway, and what is called after that would be overwritten.
 */
export function entranceTokens(
  settings: IstioSettings,
  entrance: EntranceIntent,
): { readonly checks: readonly ObjectPlan[]; readonly demands: readonly ObjectPlan[] } {
  const { own, namespace, name } = entrance;
  const owner = own === undefined ? `${namespace}-${name}` : name;
  const gatewayNamespace = (own ?? settings.ingressGateway)?.namespace ?? namespace;
  const plan = (kind: string, suffix: string, spec: (mesh: MeshIntent) => object) => [
    planOf(SECURITY, kind, { namespace: gatewayNamespace, name: `${owner}-${suffix}` }, spec),
  ];
  return {
    checks: plan('RequestAuthentication', 'tokens', (mesh) => edgeAuthenticationSpec(settings, entrance, mesh)),
    demands: plan('AuthorizationPolicy', 'token-required', (mesh) => edgeTokenRequiredSpec(settings, entrance, mesh)),
  };
}
