import type { CertificateSpec } from '../../../imports/cert-manager.io';
import type { CertificateIntent } from '../../intent/entrance';
import { duration } from './format';

/** Spec of the Certificate by which cert-manager makes the Secret that the gateway reads. */
export function certificateSpec(
  credentialName: string,
  hosts: readonly string[],
  { issuer, issuerKind, durationMillis, renewBeforeMillis }: CertificateIntent,
): CertificateSpec {
  return {
    secretName: credentialName,
    dnsNames: hosts,
    issuerRef: { group: 'cert-manager.io', kind: issuerKind, name: issuer },
    ...(durationMillis === undefined ? {} : { duration: duration(durationMillis) }),
    ...(renewBeforeMillis === undefined ? {} : { renewBefore: duration(renewBeforeMillis) }),
    // Before 1.18, cert-manager kept the key for ever unless told otherwise.
    privateKey: { rotationPolicy: 'Always' },
  };
}
