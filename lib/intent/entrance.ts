import { Code, MeshError } from '../errors';
import { isAddressName, isDnsName } from './names';
import type { IngressGatewayRef, OwnGateway } from './peer';

/** The kinds of objects by which hosts are opened to clients. */
export enum IngressApi {
  /** The mesh's own kinds, at the ingress gateway that is installed. */
  MESH = 'mesh',
  /** Gateway API, the standard of Kubernetes: the mesh deploys a gateway of its own for each Gateway. */
  STANDARD = 'standard',
}

/** Oldest version of TLS that a gateway speaks with clients. */
export enum TlsVersion {
  /** Refuses TLS 1.1 and older, which browsers have given up. */
  TLS_1_2 = '1.2',
  /** Refuses TLS 1.2, too. */
  TLS_1_3 = '1.3',
}

/** Where a cert-manager issuer is. */
export enum CertificateIssuerKind {
  /** In the gateway's namespace. */
  ISSUER = 'Issuer',
  /** Of the whole cluster. */
  CLUSTER_ISSUER = 'ClusterIssuer',
}

/** A certificate that cert-manager makes. */
export interface CertificateIntent {
  readonly issuer: string;
  readonly issuerKind: CertificateIssuerKind;
  readonly durationMillis: number | undefined;
  readonly renewBeforeMillis: number | undefined;
}

/** TLS that the gateway terminates. */
export type TerminatedTls = Extract<EntranceTls, { readonly kind: 'terminated' }>;

/** How clients reach hosts at the gateway. */
export type EntranceTls =
  | { readonly kind: 'plaintext' }
  | {
      readonly kind: 'terminated';
      /** Name of the Secret with the certificate, in the gateway's namespace. */
      readonly credentialName: string;
      /** Whether clients have to show a certificate. */
      readonly clientCertificates: boolean;
      readonly minVersion: TlsVersion;
      readonly redirectHttp: boolean | undefined;
      /** Who makes the Secret; undefined is the user. */
      readonly certificate?: CertificateIntent;
    }
  | { readonly kind: 'passthrough'; readonly redirectHttp: boolean | undefined };

/** Hosts that a gateway opens in one way; routes lead on from there. */
export interface EntranceIntent {
  readonly namespace: string;
  readonly name: string;
  readonly hosts: readonly string[];
  readonly tls: EntranceTls;
  /** Port of the gateway that clients reach. */
  readonly port: number;
  /** Whether it takes connections as they come, without looking for requests in them. */
  readonly connections: boolean;
  /** The gateway that is deployed for these hosts alone; undefined is the mesh's ingress gateway. */
  readonly own?: OwnGateway;
}

/** Who calls services when clients come in there. */
export function gatewayOf({ own }: Pick<EntranceIntent, 'own'>): IngressGatewayRef {
  return { kind: 'ingressGateway', ...(own === undefined ? {} : { own }) };
}

/** The port of plain HTTP, and that of HTTPS, where nobody says another. */
export const HTTP_PORT = 80;
export const HTTPS_PORT = 443;

/** Whether plain HTTP is answered by a redirect; what passes through is where it is known to be HTTPS. */
export function redirectsHttp({ tls, port, connections }: EntranceIntent, isWeb: boolean): boolean {
  if (tls.kind === 'plaintext' || connections || port !== HTTPS_PORT) {
    return false;
  }
  return tls.redirectHttp ?? (tls.kind === 'terminated' || isWeb);
}

/** What a gateway listens to on a port: the first bytes tell requests with TLS from each other, and nothing else. */
export type PortUse = 'HTTP' | 'TLS' | 'TCP';

/** The ports of the gateway that an entrance takes. */
export function portsTaken(entrance: EntranceIntent): readonly { readonly port: number; readonly use: PortUse }[] {
  const { tls, port, connections } = entrance;
  const use = tls.kind === 'plaintext' ? (connections ? 'TCP' : 'HTTP') : 'TLS';
  return [{ port, use }, ...(redirectsHttp(entrance, true) ? [{ port: HTTP_PORT, use: 'HTTP' as const }] : [])];
}

/** Whether clients reach both at one gateway. */
export function sharesGateway({ own }: EntranceIntent, other: EntranceIntent): boolean {
  return own === undefined && other.own === undefined;
}

/** Refuses what is no API of ingresses. */
export function requireIngressApi(api: IngressApi): IngressApi {
  if (!Object.values(IngressApi).includes(api)) {
    throw new MeshError(Code.INGRESS, `\`${String(api)}\` is no API for ingresses`, 'use a value of `IngressApi`');
  }
  return api;
}

/** Refuses hosts that are no full DNS names, that are named twice, and wildcards that nobody asked for. */
export function requireHosts(hosts: readonly string[], wildcard: boolean): readonly string[] {
  if (hosts.length === 0) {
    throw new MeshError(Code.INGRESS, '`hosts` is empty', 'name at least one host');
  }
  hosts.forEach((host) => requireHost(host, wildcard));
  const twice = hosts.find((host, index) => hosts.indexOf(host) !== index);
  if (twice !== undefined) {
    throw new MeshError(Code.INGRESS, `\`hosts\` names \`${twice}\` twice`, 'name each host once');
  }
  return hosts;
}

/** Refuses hosts of one route of which one is part of another. */
export function requireApart(hosts: readonly string[]): readonly string[] {
  for (const host of hosts) {
    const wide = hosts.find((other) => covers(other, host));
    if (wide !== undefined) {
      throw new MeshError(
        Code.INGRESS,
        `the host \`${wide}\` of a route covers \`${host}\` of the same one`,
        `leave \`${host}\` out, or give it a route of its own`,
      );
    }
  }
  return hosts;
}

function requireHost(host: string, wildcard: boolean): void {
  const domain = host.startsWith('*.') ? host.slice(2) : host;
  if (host !== '*' && (!isDnsName(domain) || !domain.includes('.') || isAddressName(domain))) {
    throw new MeshError(
      Code.INGRESS,
      `\`${host}\` is not the full DNS name of a host`,
      'write it in lower case with its domain, for example `users.example.com`',
    );
  }
  if (host.startsWith('*') && !wildcard) {
    throw new MeshError(
      Code.INGRESS,
      `\`${host}\` lets in requests for hosts that nobody named`,
      'name each host, or say `wildcard: true`',
    );
  }
}

/** Whether a wildcard stands for a host, too. */
export function covers(wide: string, host: string): boolean {
  return wide !== host && (wide === '*' || (wide.startsWith('*.') && host.endsWith(wide.slice(1))));
}
