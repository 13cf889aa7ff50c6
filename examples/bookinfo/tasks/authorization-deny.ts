import { MeshedService, Operation, Port } from 'cdk8s-mesh';
import type { Construct } from 'constructs';
import { client, httpbinVersion } from '../samples';

/** Both callers were granted everything, and yet only one may delete: a denial is asked first. */
export function authorizationDeny(scope: Construct): void {
  const httpbin = new MeshedService(scope, 'httpbin', {
    name: 'httpbin',
    workload: httpbinVersion(scope, 'v1'),
    ports: [Port.http(8000, { containerPort: 8080 })],
  });
  const admin = client(scope, 'admin');
  httpbin.access.allowFrom(client(scope, 'curl'));
  httpbin.access.allowFrom(admin);
  // Istio's task excepts whoever sends a certain header. Everybody can send it; identities cannot be made up.
  httpbin.access.denyFromAllBut([admin], { operations: [Operation.http({ methods: ['DELETE'] })] });
}
