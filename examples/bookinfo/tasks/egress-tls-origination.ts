import { ExternalHost, Port, TlsOrigination } from 'cdk8s-mesh';
import type { Construct } from 'constructs';
import { client } from '../samples';

/** The application speaks HTTP in clear text, and its proxy TLS. */
export function egressTlsOrigination(scope: Construct): void {
  const mozilla = new ExternalHost(scope, 'mozilla', {
    host: 'developer.mozilla.org',
    ports: [Port.http(80)],
    originateTls: TlsOrigination.simple(),
  });
  mozilla.access.allowFrom(client(scope, 'curl'));
}
