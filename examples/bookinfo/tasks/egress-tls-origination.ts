import { ExternalHost, Port, TlsOrigination } from 'cdk8s-mesh';
import type { Construct } from 'constructs';
import { client } from '../samples';

/** The application speaks HTTP in clear text, and its proxy TLS. */
export function egressTlsOrigination(scope: Construct): void {
  const cnn = new ExternalHost(scope, 'cnn', {
    host: 'edition.cnn.com',
    ports: [Port.http(80)],
    originateTls: TlsOrigination.simple(),
  });
  cnn.access.allowFrom(client(scope, 'curl'));
}
