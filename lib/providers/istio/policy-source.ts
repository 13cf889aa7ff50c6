import type { AuthorizationPolicySpecRulesFromSource } from '../../../imports/security.istio.io';
import type { AddressCondition } from '../../intent/grant-conditions';
import type { MeshIntent } from '../../intent/mesh';
import type { CallerRef } from '../../intent/peer';
import type { IstioSettings } from './settings';

/** Who a caller is to the callee's proxy; undefined is a caller without an identity of the mesh. */
export function principal(settings: IstioSettings, caller: CallerRef, mesh: MeshIntent): string | undefined {
  const identity = (namespace: string, serviceAccount: string, trustDomain = settings.trustDomain) =>
    `${trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
  switch (caller.kind) {
    case 'service':
      return identity(caller.namespace, mesh.service(caller).serviceAccount);
    case 'serviceAccount':
      return identity(caller.namespace, caller.serviceAccount, caller.foreign?.trustDomain);
    case 'namespace':
      return identity(caller.namespace, '*');
    case 'ingressGateway': {
      const gateway = caller.own ?? settings.ingressGateway;
      return gateway === undefined ? undefined : identity(gateway.namespace, gateway.serviceAccount);
    }
    case 'kubernetesApi':
      return undefined;
  }
}

/** Addresses as a source of a rule: of the peer of the connection, or of the client in `X-Forwarded-For`. */
export function addressSource({ of, cidrs }: AddressCondition): AuthorizationPolicySpecRulesFromSource {
  return of === 'peer' ? { ipBlocks: cidrs } : { remoteIpBlocks: cidrs };
}
