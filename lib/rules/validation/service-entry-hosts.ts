import { serviceEntries } from '../../manifests/mesh/service-entries';
import { fieldAt, indexedRecords } from '../../manifests/objects';
import type { Rule } from '../rule';

export const serviceEntryHosts: Rule = {
  code: 'MESH-CHK-130',
  istio: 'IST0106',
  severity: 'error',
  title: 'Hosts of a ServiceEntry that Istio refuses',
  why: 'Istio refuses `*`, and a wildcard that must be looked up by DNS without endpoints.',
  fix: 'name the hosts, or use `resolution: NONE` or `DYNAMIC_DNS` for wildcards',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: all, namespace: shop }
spec: { hosts: ['*'], ports: [{ number: 443, name: tls, protocol: TLS }] }
`,
      `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: partners, namespace: shop }
spec: { hosts: ['*.partner.example'], resolution: DNS, ports: [{ number: 443, name: tls, protocol: TLS }] }
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: partners, namespace: shop }
spec: { hosts: ['*.partner.example'], resolution: NONE, ports: [{ number: 443, name: tls, protocol: TLS }] }
`,
      `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: partners, namespace: shop }
spec:
  hosts: ['*.partner.example']
  resolution: DNS
  ports: [{ number: 443, name: tls, protocol: TLS }]
  endpoints: [{ address: www.partner.example }]
`,
    ],
  },
  check: (view) =>
    serviceEntries(view).flatMap(({ object, hosts, resolution }) => {
      const endpoints = indexedRecords(fieldAt(object.object, 'spec', 'endpoints'));
      return hosts.flatMap((host, index) => {
        const field = `spec.hosts[${index}]`;
        if (host === '*') return [{ object, field, message: '`*` is no host' }];
        const isLookedUp = ['DNS', 'DNS_ROUND_ROBIN'].includes(resolution) && endpoints.length === 0;
        if (isLookedUp && host.includes('*'))
          return [{ object, field, message: `\`${host}\` cannot be looked up by DNS` }];
        return resolution === 'DYNAMIC_DNS' && !host.startsWith('*.')
          ? [{ object, field, message: `\`${host}\` is no wildcard, for which \`DYNAMIC_DNS\` is` }]
          : [];
      });
    }),
};
