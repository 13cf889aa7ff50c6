import { ApiObject, Chart } from 'cdk8s';
import type { App } from 'cdk8s';
import { MeshedService, Port, Workload, ZeroTrustNamespace } from 'cdk8s-mesh';

/** One service in a namespace of its own. */
export function shop(app: App, namespace: string): void {
  const chart = new Chart(app, namespace, { namespace });
  const labels = { app: 'cart' };
  const containers = [
    { name: 'server', image: 'docker.io/mccutchen/go-httpbin:v2.15.0', ports: [{ containerPort: 8080 }] },
  ];
  new MeshedService(chart, 'Cart', {
    name: 'cart',
    namespace: new ZeroTrustNamespace(chart, 'Namespace', { name: namespace }),
    ports: [Port.http(80, { containerPort: 8080 })],
    workload: Workload.of(
      new ApiObject(chart, 'Deployment', {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'cart' },
        spec: {
          replicas: 2,
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { containers } },
        },
      }),
    ),
  });
}
