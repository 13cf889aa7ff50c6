import type { Include } from 'cdk8s';
import { MeshedService, Port, Workload } from 'cdk8s-mesh';
import type { Construct } from 'constructs';
import { include } from './manifests';

/** The services of the depot: each file stays as it is, and only says here what it leaves open. */
export function depot(scope: Construct) {
  const storefront = include(scope, 'storefront.yaml');
  const orders = include(scope, 'orders.yaml');
  const delivery = include(scope, 'delivery.yaml');
  const data = include(scope, 'data.yaml');

  const service = (file: Include, name: string, ...ports: Port[]) =>
    new MeshedService(scope, name, { name, workload: Workload.fromManifest(file, 'Deployment', name), ports });

  return {
    web: service(storefront, 'web', Port.http(80, { containerPort: 8080 })),
    search: service(storefront, 'search', Port.http(9200)),
    auth: new MeshedService(scope, 'auth', {
      name: 'auth',
      workload: Workload.fromManifest(storefront, 'Deployment', 'auth-v3'),
      ports: [Port.http(80, { name: 'public', containerPort: 3000 }), Port.http(3001, { name: 'admin' })],
    }),
    orders: service(orders, 'orders', Port.http(80, { containerPort: 8080 })),
    pricing: service(orders, 'pricing', Port.grpc(6565)),
    inventory: service(orders, 'inventory', Port.http(80, { containerPort: 8000 }), Port.grpc(9000)),
    labels: service(delivery, 'labels', Port.http(80, { containerPort: 5000 })),
    shippingWorker: service(delivery, 'shipping-worker'),
    notifications: service(delivery, 'notifications', Port.http(8080)),
    rabbitmq: service(data, 'rabbitmq', Port.tcp(5672, { name: 'amqp' }), Port.http(15672, { name: 'management' })),
    postgres: new MeshedService(scope, 'postgres', {
      name: 'postgres',
      workload: Workload.fromManifest(data, 'StatefulSet', 'postgres'),
      ports: [Port.tcp(5432)],
      headless: true,
    }),
  };
}
