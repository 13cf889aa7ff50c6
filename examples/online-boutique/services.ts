import { InitContainers, MeshedService, Port } from 'cdk8s-mesh';
import type { Construct } from 'constructs';
import { deployment } from './deployment';
import { protections } from './protections';
import { frontendCheck, workloads } from './workloads';

/** The eleven services of the shop and its Redis, none of which may call another yet. */
export function shop(scope: Construct) {
  const service = (name: keyof typeof protections, port: Port, version?: string) =>
    new MeshedService(scope, name, {
      name,
      workload: deployment(scope, { app: name, main: workloads[name], ...(version === undefined ? {} : { version }) }),
      ports: [port],
      ...protections[name],
    });

  return {
    frontend: service('frontend', Port.http(80, { containerPort: 8080 })),
    adservice: service('adservice', Port.grpc(9555)),
    cartservice: service('cartservice', Port.grpc(7070)),
    checkoutservice: service('checkoutservice', Port.grpc(5050)),
    currencyservice: service('currencyservice', Port.grpc(7000)),
    emailservice: service('emailservice', Port.grpc(5000, { containerPort: 8080 })),
    paymentservice: service('paymentservice', Port.grpc(50051)),
    productcatalogservice: service('productcatalogservice', Port.grpc(3550)),
    recommendationservice: service('recommendationservice', Port.grpc(8080), 'v1'),
    shippingservice: service('shippingservice', Port.grpc(50051)),
    redisCart: service('redis-cart', Port.tcp(6379, { name: 'redis' })),
    loadgenerator: new MeshedService(scope, 'loadgenerator', {
      name: 'loadgenerator',
      workload: deployment(scope, {
        app: 'loadgenerator',
        main: workloads.loadgenerator,
        initContainers: [frontendCheck],
      }),
      initContainers: InitContainers.CALL_OTHERS,
    }),
  };
}

/** A further version of the recommendations. */
export function recommendations(scope: Construct, version: string) {
  return deployment(scope, { app: 'recommendationservice', version, main: workloads.recommendationservice });
}
