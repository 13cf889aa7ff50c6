import { Code, MeshError, quoted } from '../errors';
import { givenShape } from '../intent/given';
import type { EntranceTls, TerminatedTls } from '../intent/entrance';
import { TlsVersion } from '../intent/entrance';
import { requireDnsLabel } from '../intent/names';
import type { CertManagerOptions } from './certificate';
import { certificateIntent } from './certificate';

/** What may be said about the TLS of a host besides its certificate. */
export interface IngressTlsOptions {
  /**
   * The oldest version that clients may use.
   * @default TlsVersion.TLS_1_2
   */
  readonly minVersion?: TlsVersion;
  /**
   * Whether requests in plain HTTP, on port 80, are sent to HTTPS by an answer 301. Without it, port 80 does not know the host.
   * @default - true where the port of the gateway is 443
   */
  readonly redirectHttp?: boolean;
}

/** What may be said about TLS that the service itself terminates. */
export interface IngressPassthroughOptions {
  /**
   * Whether requests in plain HTTP, on port 80, are sent to HTTPS by an answer 301.
   * @default - true where the service's port is HTTPS and that of the gateway 443
   */
  readonly redirectHttp?: boolean;
}

/**
 * How clients reach a host at the gateway.
 *
 * @example
 * import { IngressTls, TlsVersion } from 'cdk8s-mesh';
 * const tls = IngressTls.credential('users-example-com');
 * const partners = IngressTls.mutual('partners-example-com', { minVersion: TlsVersion.TLS_1_3 });
 */
export class IngressTls {
  /** By TLS with the certificate of this Secret, which is in the gateway's namespace; plain HTTP is redirected. */
  static credential(credentialName: string, options: IngressTlsOptions = {}): IngressTls {
    return new IngressTls(terminated(credentialName, false, options));
  }

  /**
   * By TLS with a certificate on both sides: of this Secret, and of each client, signed by the `ca.crt` of the same Secret (or
   * of one with the same name and `-cacert`). The gateway checks who signed it; it does not tell the service who came.
   */
  static mutual(credentialName: string, options: IngressTlsOptions = {}): IngressTls {
    return new IngressTls(terminated(credentialName, true, options));
  }

  /**
   * By TLS with a certificate that cert-manager makes: a Certificate in the gateway's namespace, for the hosts.
   *
   * @example
   * import { CertificateIssuerKind, IngressTls } from 'cdk8s-mesh';
   * const tls = IngressTls.certManager({ issuer: 'letsencrypt', issuerKind: CertificateIssuerKind.CLUSTER_ISSUER });
   */
  static certManager(options: CertManagerOptions): IngressTls {
    const certificate = certificateIntent(options);
    // Only the Gateway has a name to derive one from.
    return options.credentialName === undefined
      ? new IngressTls({ ...terminated('unnamed', false, options), credentialName: '', certificate })
      : new IngressTls({ ...terminated(options.credentialName, false, options), certificate });
  }

  /**
   * By TLS that the service itself terminates, on a port that is HTTPS or TLS: the gateway sees the server name only, so there
   * are no paths, methods, timeouts or retries.
   */
  static passthrough(options: IngressPassthroughOptions = {}): IngressTls {
    const { redirectHttp } = givenShape('options of TLS', options, { redirectHttp: 'flag?' });
    return new IngressTls({ kind: 'passthrough', redirectHttp });
  }

  /** By plain HTTP: everybody on the way can read and change requests. */
  static plaintext(): IngressTls {
    return new IngressTls({ kind: 'plaintext' });
  }

  /**
   * The same as data.
   * @internal
   */
  readonly _intent: EntranceTls;

  private constructor(intent: EntranceTls) {
    this._intent = intent;
  }
}

function terminated(credentialName: string, clientCertificates: boolean, options: IngressTlsOptions): TerminatedTls {
  givenShape('options of TLS', options, { minVersion: 'text?', redirectHttp: 'flag?' });
  return {
    kind: 'terminated',
    credentialName: requireDnsLabel('credentialName', credentialName),
    clientCertificates,
    minVersion: requireVersion(options.minVersion ?? TlsVersion.TLS_1_2),
    redirectHttp: options.redirectHttp,
  };
}

/** Whoever writes JavaScript and misspells it must not get what gateways take without any. */
function requireVersion(version: TlsVersion): TlsVersion {
  const known = Object.values(TlsVersion);
  if (known.includes(version)) {
    return version;
  }
  throw new MeshError(
    Code.INGRESS,
    `\`minVersion\` is \`${version}\`, there are ${quoted(known)}`,
    'use a `TlsVersion`',
  );
}
