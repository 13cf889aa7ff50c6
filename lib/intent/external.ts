import type { EgressGatewayIntent, OriginatedTls } from './egress';
import type { Port } from './port';
import type { Resilience } from './resilience';

/** How the addresses of an external host are found. */
export type Resolution =
  | { readonly kind: 'dns' }
  | { readonly kind: 'dynamicDns' }
  /** Connections go where their callers sent them, whatever name they give. */
  | { readonly kind: 'unverified' }
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
  /** TLS on the way to ports whose callers speak in clear text. */
  readonly tls?: OriginatedTls;
  /** The gateway through which calls go there. */
  readonly through?: EgressGatewayIntent;
}

/** The port of the host that a connection arrives at. */
export function arrivalPort({ tls }: Pick<ExternalIntent, 'tls'>, port: Port): number {
  return tls !== undefined && port.carriesRequests ? tls.port : port.servicePort;
}
