import { CanaryRelease, MeshedService, Mirror, Port } from 'cdk8s-mesh';
import type { Construct } from 'constructs';
import { client, httpbinVersion } from '../samples';

/** The second version gets a copy of every request that is safe to repeat, and answers nobody. */
export function mirroring(scope: Construct): void {
  const httpbin = new MeshedService(scope, 'httpbin', {
    name: 'httpbin',
    workload: httpbinVersion(scope, 'v1'),
    ports: [Port.http(8000, { containerPort: 8080 })],
  });
  httpbin.access.allowFrom(client(scope, 'curl'));

  new CanaryRelease(scope, 'httpbin-release', {
    service: httpbin,
    stable: { version: 'v1' },
    mirror: Mirror.toVersion({ version: 'v2', workload: httpbinVersion(scope, 'v2'), percent: 100 }),
  });
}
