import { EgressGateway, ExternalHost, Operation, Port, TlsOrigination } from 'cdk8s-mesh';
import type { Construct } from 'constructs';
import { client } from '../samples';

/** Two hosts that are reached by a gateway alone, each for a caller of its own; for one of them, the gateway speaks TLS. */
export function egressGateway(scope: Construct): void {
  const through = new EgressGateway(scope, 'gateway', {
    name: 'istio-egressgateway',
    namespace: 'istio-egress',
    podLabels: { istio: 'egressgateway' },
  });
  const wikipedia = new ExternalHost(scope, 'wikipedia', {
    host: 'www.wikipedia.org',
    ports: [Port.https(443)],
    through,
  });
  const cnn = new ExternalHost(scope, 'cnn', {
    host: 'edition.cnn.com',
    ports: [Port.http(80)],
    originateTls: TlsOrigination.simple(),
    through,
  });
  wikipedia.access.allowFrom(client(scope, 'curl'));
  cnn.access.allowFrom(client(scope, 'reader'), { operations: [Operation.http({ methods: ['GET'] })] });
}
