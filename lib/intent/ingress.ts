import type { PathMatch } from './path-match';
import type { Port } from './port';
import type { ServiceRef } from './peer';

/** A host at the mesh's ingress gateway whose requests go to a service. */
export interface IngressIntent {
  readonly namespace: string;
  readonly name: string;
  readonly host: string;
  readonly service: ServiceRef;
  readonly port: Port;
  readonly paths: readonly PathMatch[];
  /** Name of the Secret with the certificate, in the gateway's namespace; undefined is plain text, chosen by name. */
  readonly credentialName?: string;
}
