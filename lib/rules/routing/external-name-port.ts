import { services } from '../../manifests/mesh/services';
import type { Rule } from '../rule';

export const externalNamePort: Rule = {
  code: 'MESH-CHK-310',
  istio: 'IST0150',
  severity: 'warning',
  title: 'A port of an ExternalName Service that does not say its protocol',
  why: 'Istio takes such a port for TCP on all addresses, and it captures traffic of the same port to other hosts.',
  fix: "start the port's name with the protocol, such as `http-` or `tls-`, or use a ServiceEntry",
  examples: {
    bad: [
      `apiVersion: v1
kind: Service
metadata: { name: partner, namespace: shop }
spec: { type: ExternalName, externalName: api.partner.example, ports: [{ port: 443, name: api }] }
`,
      `apiVersion: v1
kind: Service
metadata: { name: partner, namespace: shop }
spec: { type: ExternalName, externalName: api.partner.example, ports: [{ port: 9000 }] }
`,
    ],
    good: [
      `apiVersion: v1
kind: Service
metadata: { name: partner, namespace: shop }
spec: { type: ExternalName, externalName: api.partner.example, ports: [{ port: 443, name: tls-api }] }
`,
      `apiVersion: v1
kind: Service
metadata: { name: partner, namespace: shop }
spec: { type: ExternalName, externalName: api.partner.example }
`,
    ],
  },
  check: (view) =>
    services(view).flatMap(({ object, type, ports }) =>
      type !== 'ExternalName'
        ? []
        : ports
            .filter(({ protocol }) => protocol === 'sniffed')
            .map(({ index, port }) => ({
              object,
              field: `spec.ports[${index}].name`,
              message: `port \`${port}\` declares no protocol`,
            })),
    ),
};
