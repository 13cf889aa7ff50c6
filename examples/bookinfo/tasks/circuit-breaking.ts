import { Duration } from 'cdk8s';
import { ConnectionPool, MeshedService, OutlierDetection, Port, Retries } from 'cdk8s-mesh';
import type { Construct } from 'constructs';
import { client, httpbinVersion } from '../samples';

/** One request at a time, one that waits; a pod that fails once is left alone for three minutes. */
export function circuitBreaking(scope: Construct): void {
  const httpbin = new MeshedService(scope, 'httpbin', {
    name: 'httpbin',
    workload: httpbinVersion(scope, 'v1'),
    ports: [Port.http(8000, { containerPort: 8080 })],
    connectionPool: ConnectionPool.of({ maxConnections: 1, maxPendingRequests: 1, maxRequestsPerConnection: 1 }),
    outlierDetection: OutlierDetection.of({
      consecutive5xxErrors: 1,
      interval: Duration.seconds(1),
      baseEjectionTime: Duration.minutes(3),
      maxEjectionPercent: 100,
    }),
    retries: Retries.off(),
  });
  httpbin.access.allowFrom(client(scope, 'fortio'));
}
