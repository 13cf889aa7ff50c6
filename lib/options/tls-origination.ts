import { Code, MeshError } from '../errors';
import { givenOptions } from '../intent/given';
import { isDnsName, requireDnsLabel } from '../intent/names';
import type { OriginatedTls } from '../intent/egress';
import type { Port } from '../intent/port';
import { requirePortNumber } from '../intent/port';

/** What may be said about TLS that the mesh starts. */
export interface TlsOriginationOptions {
  /**
   * Port of the host that speaks TLS.
   * @default 443
   */
  readonly port?: number;
  /**
   * Server name that the host is asked for.
   * @default - the host
   */
  readonly serverName?: string;
  /**
   * Names of which the certificate of the host must have one.
   * @default - the server name
   */
  readonly certificateNames?: string[];
}

/** What may be said about TLS that the mesh starts with certificates of the system. */
export interface SimpleTlsOptions extends TlsOriginationOptions {
  /**
   * Name of a Secret in the egress gateway's namespace whose `ca.crt` says who signs the certificate of the host. Only for hosts
   * that are called through an egress gateway.
   * @default - whom the proxy's system trusts
   */
  readonly caCredential?: string;
}

/** TLS as it was said, before the host is known. */
export interface SaidTls {
  readonly port: number;
  readonly serverName: string | undefined;
  readonly certificateNames: readonly string[] | undefined;
  readonly credentialName: string | undefined;
  readonly showsCertificate: boolean;
}

/**
 * TLS that the mesh starts for callers that speak HTTP in clear text. The name in the certificate of the host is always checked,
 * and who signed it.
 *
 * @example
 * import { TlsOrigination } from 'cdk8s-mesh';
 * const tls = TlsOrigination.simple();
 * const partner = TlsOrigination.mutual('partner-client', { port: 8443 });
 */
export class TlsOrigination {
  /** The host shows its certificate. */
  static simple(options: SimpleTlsOptions = {}): TlsOrigination {
    return new TlsOrigination(said(options, givenOptions('options of TLS', options).caCredential, false));
  }

  /**
   * Both sides show a certificate: ours is that of this Secret (`tls.crt`, `tls.key`, and `ca.crt` for who signs the host's), in
   * the egress gateway's namespace. Only for hosts that are called through an egress gateway.
   */
  static mutual(credentialName: string, options: TlsOriginationOptions = {}): TlsOrigination {
    return new TlsOrigination(said(givenOptions('options of TLS', options), credentialName, true));
  }

  /**
   * The same as data.
   * @internal
   */
  readonly _said: SaidTls;

  private constructor(tls: SaidTls) {
    this._said = tls;
  }
}

/** The TLS on the way to a host. */
export function originatedTls(host: string, ports: readonly Port[], { _said }: TlsOrigination): OriginatedTls {
  const { port, serverName = host, certificateNames = [serverName], credentialName, showsCertificate } = _said;
  if (!ports.some(({ carriesRequests }) => carriesRequests)) {
    throw new MeshError(
      Code.EXTERNAL_TLS,
      `\`${host}\` has \`originateTls\` and no port where callers speak in clear text`,
      'declare the port that callers use with `Port.http` or `Port.grpc`, or leave `originateTls` out where they encrypt',
    );
  }
  return {
    port,
    serverName,
    certificateNames,
    ...(credentialName === undefined ? {} : { credentialName }),
    showsCertificate,
  };
}

function said(
  { port, serverName, certificateNames }: TlsOriginationOptions,
  credentialName: string | undefined,
  showsCertificate: boolean,
): SaidTls {
  if (certificateNames !== undefined && certificateNames.length === 0) {
    throw new MeshError(
      Code.EXTERNAL_TLS,
      '`certificateNames` is empty, so that every certificate would do',
      'name what the certificate of the host must have, or leave it out',
    );
  }
  return {
    port: requirePortNumber('port of TLS', port ?? 443),
    serverName: serverName === undefined ? undefined : requireName('serverName', serverName),
    certificateNames: certificateNames?.map((name) => requireName('certificateNames', name)),
    credentialName: credentialName === undefined ? undefined : requireDnsLabel('credentialName', credentialName),
    showsCertificate,
  };
}

function requireName(field: string, name: string): string {
  if (isDnsName(name)) {
    return name;
  }
  throw new MeshError(
    Code.EXTERNAL_TLS,
    `${field} \`${name}\` is not a DNS name`,
    'write it in full and in lower case, for example `api.example.com`',
  );
}
