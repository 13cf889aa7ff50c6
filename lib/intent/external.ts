import type { Port } from './port';
import type { Resilience } from './resilience';

/** How the addresses of an external host are found. */
export type Resolution =
  | { readonly kind: 'dns' }
  | { readonly kind: 'dynamicDns' }
  | { readonly kind: 'static'; readonly addresses: readonly string[] }
  | { readonly kind: 'addresses'; readonly addresses: readonly string[] };

/** A host or addresses outside the mesh that declared services may call. */
export interface ExternalIntent {
  readonly namespace: string;
  /** Name of the objects that describe it. */
  readonly name: string;
  readonly host: string;
  readonly resolution: Resolution;
  readonly ports: readonly Port[];
  readonly resilience: Resilience;
}
