import { Enforcement, MeshedService, Operation, Port } from 'cdk8s-mesh';
import type { Construct } from 'constructs';
import { client, httpbinVersion } from '../samples';

/** A denial and a grant that are rehearsed: proxies count whom they would refuse, and refuse nobody. */
export function authorizationDryRun(scope: Construct): void {
  const httpbin = new MeshedService(scope, 'httpbin', {
    name: 'httpbin',
    workload: httpbinVersion(scope, 'v1'),
    ports: [Port.http(8000, { containerPort: 8080 })],
    enforcement: Enforcement.dryRun({ reason: 'its callers are being collected', until: '2099-12-31' }),
  });
  client(scope, 'stranger').access.allowTo(httpbin, { operations: [Operation.http({ methods: ['POST'] })] });
  httpbin.access.allowFrom(client(scope, 'curl'));
  httpbin.access.denyFromAll({ operations: [Operation.http({ methods: ['DELETE'] })] });
}
