import { ExternalHost, ExternalService, Port, WildcardResolution } from 'cdk8s-mesh';
import type { Construct } from 'constructs';

/** What the shop calls at Google. Nothing else outside the mesh can be reached. */
export function google(scope: Construct) {
  return {
    accounts: new ExternalHost(scope, 'Accounts', { host: 'accounts.google.com', ports: [Port.https(443)] }),
    apis: new ExternalHost(scope, 'Apis', {
      host: '*.googleapis.com',
      wildcard: WildcardResolution.DYNAMIC_DNS,
      ports: [Port.https(443)],
    }),
    metadata: new ExternalService(scope, 'Metadata', {
      name: 'google-metadata',
      host: 'metadata.google.internal',
      addresses: ['169.254.169.254'],
      ports: [Port.http(80), Port.https(443)],
    }),
  };
}
