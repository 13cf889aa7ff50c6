import { ExternalHost, ExternalService, Port } from 'cdk8s-mesh';
import type { Construct } from 'constructs';
import { client } from '../samples';

/** Hosts outside, by name and by address, for one caller; nothing else outside is known. */
export function egressHosts(scope: Construct): void {
  const curl = client(scope, 'curl');
  const httpbin = new ExternalHost(scope, 'httpbin', { host: 'httpbin.org', ports: [Port.http(80)] });
  const google = new ExternalHost(scope, 'google', { host: 'www.google.com', ports: [Port.https(443)] });
  const database = new ExternalService(scope, 'database', {
    name: 'ratings-db',
    addresses: ['203.0.113.16/28'],
    ports: [Port.tcp(5432)],
  });
  [httpbin, google, database].forEach((callee) => curl.access.allowTo(callee));
}
