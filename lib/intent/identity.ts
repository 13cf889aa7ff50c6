import type { MeshIntent } from './mesh';
import type { CallerRef } from './peer';

/** Who a caller is to others: its account, not its pods. Undefined is nobody in particular. */
export type Identity = { readonly scope: string; readonly account?: string } | undefined;

/** The identity of a caller; services under one account have one identity. */
export function identity(intent: MeshIntent, caller: CallerRef): Identity {
  switch (caller.kind) {
    case 'service':
      return { scope: caller.namespace, account: intent.service(caller).serviceAccount };
    case 'serviceAccount':
      return {
        scope: caller.foreign === undefined ? caller.namespace : `${caller.foreign.trustDomain}/${caller.namespace}`,
        account: caller.serviceAccount,
      };
    case 'namespace':
      return { scope: caller.namespace };
    case 'ingressGateway': {
      const gateway = caller.own ?? intent.gateway;
      // No namespace has a slash in its name.
      return gateway === undefined
        ? { scope: '/gateway', account: '' }
        : { scope: gateway.namespace, account: gateway.serviceAccount };
    }
    case 'kubernetesApi':
      return undefined;
  }
}

/** Whether whoever has the identity `narrow` has `wide`, too. */
export function coversIdentity(wide: Identity, narrow: Identity): boolean {
  if (wide === undefined || narrow === undefined) {
    return wide === narrow;
  }
  return wide.scope === narrow.scope && (wide.account === undefined || wide.account === narrow.account);
}

/** Whether somebody can have both. */
export function sharesIdentity(a: Identity, b: Identity): boolean {
  return coversIdentity(a, b) || coversIdentity(b, a);
}
