import { findHost, targetPorts } from '../../manifests/mesh/registry';
import { virtualServices } from '../../manifests/mesh/virtual-services';
import { quoted } from '../../errors';
import type { Rule } from '../rule';

export const portMissing: Rule = {
  code: 'MESH-CHK-203',
  istio: 'IST0101',
  severity: 'error',
  title: 'A route leads to a port that the host does not have',
  why: 'The proxy has no cluster for the port, so that requests of this route get 503.',
  fix: 'name a port of the Service, not of the container, in `port.number`',
  examples: {
    bad: [
      `apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 80, targetPort: 8080, name: http }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ route: [{ destination: { host: cart, port: { number: 8080 } } }] }] }
`,
      `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: partner, namespace: web }
spec:
  hosts: [api.partner.example]
  resolution: DNS
  ports: [{ number: 443, name: tls, protocol: TLS }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: partner, namespace: web }
spec:
  hosts: [api.partner.example]
  http: [{ route: [{ destination: { host: api.partner.example, port: { number: 80 } } }] }]
`,
    ],
    good: [
      `apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 80, targetPort: 8080, name: http }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ route: [{ destination: { host: cart, port: { number: 80 } } }] }] }
`,
      `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: partner, namespace: web }
spec:
  hosts: [api.partner.example]
  resolution: DNS
  ports: [{ number: 80, name: http, protocol: HTTP }, { number: 443, name: tls, protocol: TLS }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: partner, namespace: web }
spec:
  hosts: [api.partner.example]
  http: [{ route: [{ destination: { host: api.partner.example, port: { number: 80 } } }] }]
`,
    ],
  },
  check: (view) =>
    virtualServices(view).flatMap(({ object, namespace, routes }) =>
      routes.flatMap(({ destinations }) =>
        destinations.flatMap(({ path, host, port }) => {
          const target = port === undefined ? undefined : findHost(view, host, namespace);
          if (port === undefined || target === undefined) return [];
          const ports = targetPorts(target);
          return ports.includes(port)
            ? []
            : [
                {
                  object,
                  field: `${path}.port.number`,
                  message: `\`${host}\` has no port \`${port}\`, it has ${ports.length === 0 ? 'none' : quoted(ports)}`,
                },
              ];
        }),
      ),
    ),
};
