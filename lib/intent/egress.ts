import type { Labels } from './names';

/** A gateway through which calls leave the mesh. */
export interface EgressGatewayIntent {
  /** Namespace of its pods, its Service and the objects that are about it. */
  readonly namespace: string;
  /** Name of the objects that are about it. */
  readonly name: string;
  /** Name of its Service. */
  readonly service: string;
  readonly podLabels: Labels;
  /** Port of its Service that takes calls of the mesh. */
  readonly port: number;
  /** The port of its pods behind that. */
  readonly containerPort: number;
  /** Whether the mesh generates the NetworkPolicy of its pods. */
  readonly networkPolicy: boolean;
}

/** TLS that the mesh starts for callers that speak in clear text. */
export interface OriginatedTls {
  /** The port of the host that speaks TLS. */
  readonly port: number;
  /** What the host is asked for. */
  readonly serverName: string;
  /** Names of which its certificate must have one. */
  readonly certificateNames: readonly string[];
  /** Secret beside the egress gateway, with who signs the host's certificate, and maybe a certificate of our own. */
  readonly credentialName?: string;
  /** Whether that certificate is shown to the host. */
  readonly showsCertificate: boolean;
}

/** What a gateway calls something outside: its namespace and name, since hosts of several namespaces are behind one. */
export function gatewayName({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}-${name}`;
}
