import type { Duration } from 'cdk8s';
import { Code, MeshError } from '../errors';
import { givenOptions } from '../intent/given';
import type { CertificateIntent } from '../intent/entrance';
import { CertificateIssuerKind } from '../intent/entrance';
import { requireDnsLabel } from '../intent/names';
import type { IngressTlsOptions } from './ingress-tls';
import { positiveMillis } from './numbers';

/** A certificate that cert-manager makes. */
export interface CertManagerOptions extends IngressTlsOptions {
  /** Name of the cert-manager issuer. */
  readonly issuer: string;
  /** Whether the issuer is of the cluster, or of the gateway's namespace. */
  readonly issuerKind: CertificateIssuerKind;
  /**
   * How long a certificate is asked to be good for, an hour at least.
   * @default - what cert-manager asks for
   */
  readonly duration?: Duration;
  /**
   * How long before its end it is replaced, five minutes at least.
   * @default - what cert-manager does
   */
  readonly renewBefore?: Duration;
  /**
   * Name of the Certificate and of its Secret, in the gateway's namespace.
   * @default - the namespace and the name of the Gateway
   */
  readonly credentialName?: string;
}

/** Refuses what cert-manager refuses: times that are too short, or a renewal before the start. */
export function certificateIntent(options: CertManagerOptions): CertificateIntent {
  givenOptions('options of cert-manager', options);
  if (!Object.values(CertificateIssuerKind).includes(options.issuerKind)) {
    throw new MeshError(
      Code.INGRESS,
      `\`issuerKind\` is \`${String(options.issuerKind)}\``,
      'use a `CertificateIssuerKind`',
    );
  }
  const durationMillis = atLeast('duration', options.duration, 60);
  const renewBeforeMillis = atLeast('renewBefore', options.renewBefore, 5);
  if (durationMillis !== undefined && renewBeforeMillis !== undefined && renewBeforeMillis >= durationMillis) {
    throw new MeshError(
      Code.INGRESS,
      `\`renewBefore\` is \`${renewBeforeMillis / 60000}\` minutes, and \`duration\` is no longer`,
      'renew later, or ask for a longer `duration`',
    );
  }
  return {
    issuer: requireDnsLabel('issuer', options.issuer),
    issuerKind: options.issuerKind,
    durationMillis,
    renewBeforeMillis,
  };
}

function atLeast(field: string, duration: Duration | undefined, minutes: number): number | undefined {
  const millis = duration === undefined ? undefined : positiveMillis(field, duration);
  if (millis !== undefined && millis < minutes * 60000) {
    throw new MeshError(
      Code.INGRESS,
      `\`${field}\` of a certificate is \`${millis / 60000}\` minutes`,
      `give at least ${minutes} minutes`,
    );
  }
  return millis;
}
