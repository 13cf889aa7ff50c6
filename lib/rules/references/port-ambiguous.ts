import { quoted } from '../../errors';
import { findHost, targetPorts } from '../../manifests/mesh/registry';
import { virtualServices } from '../../manifests/mesh/virtual-services';
import type { Rule } from '../rule';

export const portAmbiguous: Rule = {
  code: 'MESH-CHK-204',
  istio: 'IST0112',
  severity: 'warning',
  title: 'A route does not say which port of a host with several',
  why: 'The proxy takes the port by which the request came; where the destination has no such port, requests get 503.',
  fix: 'name the port in `destination.port.number`',
  examples: {
    bad: [
      `apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 80, name: http }, { port: 9000, name: grpc }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: public, namespace: shop }
spec: { hosts: [shop.example.com], gateways: [ingress/public], http: [{ route: [{ destination: { host: cart } }] }] }
`,
      `apiVersion: v1
kind: Service
metadata: { name: legacy, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 8080, name: http }, { port: 8081, name: http-admin }] }
---
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 80, name: http }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ route: [{ destination: { host: legacy } }] }] }
`,
    ],
    good: [
      `apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 80, name: http }, { port: 9000, name: grpc }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: public, namespace: shop }
spec:
  hosts: [shop.example.com]
  gateways: [ingress/public]
  http: [{ route: [{ destination: { host: cart, port: { number: 80 } } }] }]
`,
      `apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 80, name: http }, { port: 9000, name: grpc }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ timeout: 5s, route: [{ destination: { host: cart, subset: v1 } }] }] }
`,
    ],
  },
  // A route of the mesh to the host itself, or to one with the same ports, keeps the port of the request.
  check: (view) =>
    virtualServices(view).flatMap(({ object, namespace, hosts, gateways, routes }) => {
      const own = hosts.map((host) => findHost(view, host, namespace));
      const kept = gateways.every((gateway) => gateway === 'mesh')
        ? own.map((target) => (target === undefined ? [] : targetPorts(target)))
        : [];
      return routes
        .flatMap(({ destinations }) => destinations)
        .flatMap(({ path, host, port, isMirror }) => {
          const target = port !== undefined || isMirror ? undefined : findHost(view, host, namespace);
          const ports = target === undefined ? [] : targetPorts(target);
          const isKept = kept.length > 0 && kept.every((mine) => mine.every((number) => ports.includes(number)));
          return ports.length < 2 || isKept
            ? []
            : [{ object, field: path, message: `\`${host}\` has the ports ${quoted(ports)}, and none is named` }];
        });
    }),
};
