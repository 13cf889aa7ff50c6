import type { Chart } from 'cdk8s';
import { ApiObject } from 'cdk8s';
import type { ZeroTrustNamespace } from 'cdk8s-mesh';
import { MeshedService, Operation, PathMatch, Port, Workload } from 'cdk8s-mesh';

/** Four services and who calls whom; people reach `web` only. */
export function shop(chart: Chart, namespace: ZeroTrustNamespace): MeshedService {
  const service = (name: string, replicas: number) =>
    new MeshedService(chart, name, {
      name,
      namespace,
      workload: deployment(chart, name, replicas),
      ports: [Port.http(80, { containerPort: 8080 })],
    });
  const web = service('web', 3);
  const catalog = service('catalog', 3);
  const orders = service('orders', 2);
  const payments = service('payments', 2);

  catalog.access.allowFrom(web, { operations: [Operation.http({ methods: ['GET'] })] });
  orders.access.allowFrom(web, {
    operations: [Operation.http({ methods: ['GET', 'POST'], paths: [PathMatch.prefix('/orders')] })],
  });
  payments.access.allowFrom(orders, {
    operations: [Operation.http({ methods: ['POST'], paths: [PathMatch.exact('/charges')] })],
  });
  return web;
}

function deployment(chart: Chart, name: string, replicas: number): Workload {
  const labels = { app: name };
  const containers = [
    { name: 'server', image: 'docker.io/mccutchen/go-httpbin:v2.15.0', ports: [{ containerPort: 8080 }] },
  ];
  return Workload.of(
    new ApiObject(chart, `${name}-deployment`, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name },
      spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
    }),
  );
}
