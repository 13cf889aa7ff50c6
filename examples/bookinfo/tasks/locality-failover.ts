import { Duration } from 'cdk8s';
import { Locality, MeshedService, OutlierDetection, Port } from 'cdk8s-mesh';
import type { Construct } from 'constructs';
import { client, version } from '../samples';

/** Requests stay in their region; when its pods fail, another region takes over. */
export function localityFailover(scope: Construct): void {
  const helloworld = new MeshedService(scope, 'helloworld', {
    name: 'helloworld',
    workload: version(scope, 'helloworld', 'v1', 'docker.io/istio/examples-helloworld-v1:1.0', 5000, { replicas: 2 }),
    ports: [Port.http(5000)],
    locality: Locality.failover([{ region: 'region1', failoverTo: 'region2' }]),
    outlierDetection: OutlierDetection.of({
      consecutive5xxErrors: 1,
      interval: Duration.seconds(1),
      baseEjectionTime: Duration.minutes(1),
      maxEjectionPercent: 100,
    }),
  });
  helloworld.access.allowFrom(client(scope, 'curl'));
}
