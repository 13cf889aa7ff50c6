import type { MeshService } from '../../manifests/mesh/services';
import { containerPort, servicesOf } from '../../manifests/mesh/services';
import { workloads } from '../../manifests/mesh/workloads';
import type { Rule } from '../rule';
import { CART_PODS, CART_SERVICE, SHOP, together } from '../samples';

export const servicePortsConflict: Rule = {
  code: 'MESH-CHK-510',
  istio: 'IST0137',
  severity: 'warning',
  title: 'Services that lead to one port of the same pods by different ports',
  why: 'The proxy of the pods has one listener for the port, and takes the settings of one of the Services for both.',
  fix: 'use the same `port` in each Service of the pods, or another `targetPort`',
  examples: {
    bad: [
      together(
        SHOP,
        CART_PODS,
        CART_SERVICE,
        `apiVersion: v1
kind: Service
metadata: { name: cart-internal, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 81, targetPort: 8080, name: http }] }
`,
      ),
      together(
        SHOP,
        CART_PODS,
        CART_SERVICE,
        `apiVersion: v1
kind: Service
metadata: { name: cart-v1, namespace: shop }
spec: { selector: { app: cart, version: v1 }, ports: [{ port: 8080, name: http }] }
`,
      ),
    ],
    good: [
      together(
        SHOP,
        CART_PODS,
        CART_SERVICE,
        `apiVersion: v1
kind: Service
metadata: { name: cart-v1, namespace: shop }
spec: { selector: { app: cart, version: v1 }, ports: [{ port: 80, targetPort: 8080, name: http }] }
`,
      ),
      together(
        SHOP,
        CART_PODS,
        CART_SERVICE,
        `apiVersion: v1
kind: Service
metadata: { name: cart-admin, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 81, targetPort: 9090, name: http }] }
`,
      ),
    ],
  },
  check: (view) =>
    workloads(view).flatMap((workload) => {
      if (workload.dataPlane === 'none' || workload.isGateway) return [];
      const first = new Map<number, { readonly port: number; readonly service: MeshService }>();
      return servicesOf(view, workload).flatMap((service) =>
        service.ports.flatMap((port) => {
          const number = containerPort(port, workload);
          if (number === undefined || port.protocol === 'udp' || service.isHeadless) return [];
          const known = first.get(number) ?? { port: port.port, service };
          first.set(number, known);
          return known.port === port.port || known.service === service
            ? []
            : [
                {
                  object: workload.object,
                  message: `port \`${number}\` is \`${known.port}\` of the Service \`${known.service.name}\`, and \`${port.port}\` of \`${service.name}\``,
                },
              ];
        }),
      );
    }),
};
