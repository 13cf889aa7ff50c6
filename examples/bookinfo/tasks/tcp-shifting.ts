import { CanaryRelease, IngressPort, IngressTls, MeshedService, Port } from 'cdk8s-mesh';
import type { Construct } from 'constructs';
import { client, version } from '../samples';

/** A fifth of the connections go to the second version, also of those that come in by a port of the gateway. */
export function tcpShifting(scope: Construct): void {
  const echo = (name: string) => version(scope, 'tcp-echo', name, 'docker.io/istio/tcp-echo-server:1.3', 9000);
  const tcpEcho = new MeshedService(scope, 'tcp-echo', {
    name: 'tcp-echo',
    workload: echo('v1'),
    ports: [Port.tcp(9000)],
  });
  tcpEcho.access.allowFrom(client(scope, 'curl'));
  new IngressPort(scope, 'tcp-echo-ingress', { gatewayPort: 31400, service: tcpEcho, tls: IngressTls.plaintext() });

  new CanaryRelease(scope, 'tcp-echo-release', {
    service: tcpEcho,
    stable: { version: 'v1' },
    candidate: { version: 'v2', workload: echo('v2'), weightPercent: 20 },
  });
}
