import { quoted } from '../../errors';
import { serviceEntries } from '../../manifests/mesh/service-entries';
import { fieldAt, indexedRecords, isRecord } from '../../manifests/objects';
import type { Rule } from '../rule';

export const serviceEntryPorts: Rule = {
  code: 'MESH-CHK-131',
  istio: 'IST0106',
  severity: 'error',
  title: 'Ports of a ServiceEntry that Istio refuses',
  why: 'Istio refuses names and numbers that stand twice, and endpoints with ports that the entry does not have.',
  fix: 'give each port a name and number of its own, and name only them in `endpoints`',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: partner, namespace: shop }
spec: { hosts: [api.partner.example], resolution: DNS, ports: [{ number: 443, name: tls, protocol: TLS }, { number: 8443, name: tls, protocol: TLS }] }
`,
      `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: partner, namespace: shop }
spec:
  hosts: [api.partner.example]
  resolution: STATIC
  ports: [{ number: 443, name: tls, protocol: TLS }]
  endpoints: [{ address: 10.0.0.1, ports: { https: 8443 } }]
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: partner, namespace: shop }
spec: { hosts: [api.partner.example], resolution: DNS, ports: [{ number: 443, name: tls, protocol: TLS }, { number: 80, name: http, protocol: HTTP }] }
`,
      `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: partner, namespace: shop }
spec:
  hosts: [api.partner.example]
  resolution: STATIC
  ports: [{ number: 443, name: tls, protocol: TLS }]
  endpoints: [{ address: 10.0.0.1, ports: { tls: 8443 } }]
`,
    ],
  },
  check: (view) =>
    serviceEntries(view).flatMap(({ object, ports }) => {
      const names = ports.map(({ name }) => name);
      return [
        ...ports
          .filter(({ name }, index) => names.indexOf(name) < index)
          .map(({ index, name }) => ({
            object,
            field: `spec.ports[${index}].name`,
            message: `the name \`${name}\` stands twice`,
          })),
        ...indexedRecords(fieldAt(object.object, 'spec', 'endpoints')).flatMap(([endpoint, index]) =>
          Object.keys(isRecord(endpoint['ports']) ? endpoint['ports'] : {})
            .filter((name) => !names.includes(name))
            .map((name) => ({
              object,
              field: `spec.endpoints[${index}].ports`,
              message: `there is no port \`${name}\`, but ${quoted(names)}`,
            })),
        ),
      ];
    }),
};
