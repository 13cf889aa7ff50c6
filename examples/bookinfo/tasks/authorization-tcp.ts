import { MeshedService, Port } from 'cdk8s-mesh';
import type { Construct } from 'constructs';
import { client, version } from '../samples';

/** One caller may connect to two ports, another to one of them; a third port that the pods listen on is open to nobody. */
export function authorizationTcp(scope: Construct): void {
  const tcpEcho = new MeshedService(scope, 'tcp-echo', {
    name: 'tcp-echo',
    workload: version(scope, 'tcp-echo', 'v1', 'docker.io/istio/tcp-echo-server:1.3', [9000, 9001, 9002]),
    ports: [Port.tcp(9000), Port.tcp(9001, { name: 'tcp-other' })],
  });
  tcpEcho.access.allowFrom(client(scope, 'curl'));
  tcpEcho.access.allowFrom(client(scope, 'reader'), { ports: ['tcp-other'] });
}
