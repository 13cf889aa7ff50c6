import type { CertificateSpec } from '../../../imports/cert-manager.io';
import type { CertificateIntent, EntranceIntent } from '../../intent/entrance';
import type { ObjectPlan } from '../provider';
import { duration } from './format';
import type { IstioSettings } from './settings';

/** The Certificate of hosts, where cert-manager makes it: in the gateway's namespace, where it reads Secrets. */
export function certificatePlans(
  { ingressGateway }: IstioSettings,
  { tls, hosts, own }: EntranceIntent,
): readonly ObjectPlan[] {
  const gateway = own ?? ingressGateway;
  if (gateway === undefined || tls.kind !== 'terminated' || tls.certificate === undefined) {
    return [];
  }
  const { certificate, credentialName } = tls;
  return [
    {
      id: 'Certificate',
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      name: credentialName,
      namespace: gateway.namespace,
      spec: () => certificateSpec(credentialName, hosts, certificate),
    },
  ];
}

/** Spec of the Certificate by which cert-manager makes the Secret that the gateway reads. */
function certificateSpec(
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
