import type { MeshService } from '../../manifests/mesh/services';
import { containerPort, servicesOf } from '../../manifests/mesh/services';
import { workloads } from '../../manifests/mesh/workloads';
import type { Rule } from '../rule';
import { CART_PODS, CART_SERVICE, SHOP, together } from '../samples';

export const portsConflict: Rule = {
  code: 'MESH-CHK-508',
  istio: 'IST0116',
  severity: 'warning',
  title: "A workload behind Services that disagree on a port's protocol",
  why: 'The proxy has one listener for a port of the pods, and takes the protocol that one of the Services says.',
  fix: 'declare the same protocol in each Service of the pods',
  examples: {
    bad: [
      together(
        SHOP,
        CART_PODS,
        CART_SERVICE,
        `apiVersion: v1
kind: Service
metadata: { name: cart-internal, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 81, targetPort: 8080, name: tcp }] }
`,
      ),
      together(
        SHOP,
        CART_PODS,
        CART_SERVICE,
        `apiVersion: v1
kind: Service
metadata: { name: cart-grpc, namespace: shop }
spec: { selector: { app: cart, version: v1 }, ports: [{ port: 443, targetPort: 8080, name: https }] }
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
metadata: { name: cart-internal, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 81, targetPort: 8080, name: http-internal }] }
`,
      ),
      together(
        SHOP,
        CART_PODS,
        CART_SERVICE,
        `apiVersion: v1
kind: Service
metadata: { name: cart-admin, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 81, targetPort: 9090, name: tcp }] }
`,
      ),
    ],
  },
  check: (view) =>
    workloads(view).flatMap((workload) => {
      if (workload.dataPlane === 'none') return [];
      const first = new Map<number, { readonly protocol: string; readonly service: MeshService }>();
      return servicesOf(view, workload).flatMap((service) =>
        service.ports.flatMap((port) => {
          const number = containerPort(port, workload);
          if (number === undefined || port.protocol === 'udp') return [];
          const known = first.get(number) ?? { protocol: port.protocol, service };
          first.set(number, known);
          return known.protocol === port.protocol
            ? []
            : [
                {
                  object: workload.object,
                  message: `port \`${number}\` is \`${known.protocol}\` by the Service \`${known.service.name}\`, and \`${port.protocol}\` by \`${service.name}\``,
                },
              ];
        }),
      );
    }),
};
