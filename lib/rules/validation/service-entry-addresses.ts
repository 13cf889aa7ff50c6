import { serviceEntries } from '../../manifests/mesh/service-entries';
import { fieldAt } from '../../manifests/objects';
import type { ManifestView } from '../../manifests/view';
import type { Rule } from '../rule';

export const serviceEntryAddresses: Rule = {
  code: 'MESH-CHK-132',
  istio: 'IST0134',
  severity: 'warning',
  title: 'A ServiceEntry for TCP without addresses',
  why: 'The proxy can tell TCP connections apart by address only: without `addresses` the entry takes all traffic of the port, whatever its destination.',
  fix: 'write `addresses`, or enable DNS capture with address allocation, or use the protocol TLS',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: db, namespace: shop }
spec: { hosts: [db.example.com], resolution: STATIC, ports: [{ number: 5432, name: tcp, protocol: TCP }], endpoints: [{ address: 10.0.0.1 }] }
`,
      `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: mongo, namespace: shop }
spec: { hosts: [mongo.example.com], ports: [{ number: 27017, name: mongo, protocol: MONGO }] }
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: db, namespace: shop }
spec: { hosts: [db.example.com], addresses: [10.0.0.1], resolution: STATIC, ports: [{ number: 5432, name: tcp, protocol: TCP }], endpoints: [{ address: 10.0.0.1 }] }
`,
      `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: db, namespace: shop }
spec: { hosts: [db.example.com], resolution: DNS, ports: [{ number: 443, name: tls, protocol: TLS }] }
`,
    ],
  },
  check: (view) =>
    serviceEntries(view).flatMap(({ object, ports, addresses, resolution }) => {
      const port =
        addresses.length > 0 || isAllocated(view) || resolution === 'DYNAMIC_DNS'
          ? undefined
          : ports.find(({ protocol }) => protocol === 'tcp');
      return port === undefined
        ? []
        : [
            {
              object,
              field: `spec.ports[${port.index}].protocol`,
              message: `port \`${port.number}\` is plain TCP, and the entry has no \`addresses\``,
            },
          ];
    }),
};

/** Proxies that answer DNS themselves give each entry an address. */
function isAllocated(view: ManifestView): boolean {
  return fieldAt(view.mesh.config['defaultConfig'], 'proxyMetadata', 'ISTIO_META_DNS_CAPTURE') === 'true';
}
