import { byAge } from '../../manifests/mesh/age';
import type { ServiceEntry } from '../../manifests/mesh/service-entries';
import { serviceEntries } from '../../manifests/mesh/service-entries';
import { nameOf } from '../../manifests/view';
import type { Rule } from '../rule';

export const entriesShareListener: Rule = {
  code: 'MESH-CHK-701',
  severity: 'error',
  title: "TCP ServiceEntries that take each other's traffic",
  why: 'On one port, TCP connections are told apart by address only: without `addresses` both entries share a listener, and one gets the traffic of the other.',
  fix: 'write the `addresses` of each entry, or use the protocol TLS',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: a, namespace: shop }
spec: { hosts: [a.example.com], resolution: DNS, ports: [{ number: 5432, name: tcp, protocol: TCP }] }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: b, namespace: shop }
spec: { hosts: [b.example.com], resolution: DNS, ports: [{ number: 5432, name: tcp, protocol: TCP }] }
`,
      `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: a, namespace: shop }
spec: { hosts: [a.example.com], resolution: DNS, ports: [{ number: 27017, name: mongo, protocol: MONGO }] }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: b, namespace: web }
spec: { hosts: [b.example.com], resolution: NONE, ports: [{ number: 27017, name: tcp, protocol: TCP }] }
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: a, namespace: shop }
spec: { hosts: [a.example.com], addresses: [10.0.0.1], resolution: DNS, ports: [{ number: 5432, name: tcp, protocol: TCP }] }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: b, namespace: shop }
spec: { hosts: [b.example.com], addresses: [10.0.0.2], resolution: DNS, ports: [{ number: 5432, name: tcp, protocol: TCP }] }
`,
      `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: a, namespace: shop }
spec: { hosts: [a.example.com], exportTo: ['.'], resolution: DNS, ports: [{ number: 5432, name: tcp, protocol: TCP }] }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: b, namespace: web }
spec: { hosts: [b.example.com], exportTo: ['.'], resolution: DNS, ports: [{ number: 5432, name: tcp, protocol: TCP }] }
`,
    ],
  },
  check: (view) => {
    const first = new Map<string, { readonly entry: ServiceEntry; readonly spaces: ReadonlySet<string> }>();
    return [...serviceEntries(view)]
      .sort((a, b) => byAge(a.object, b.object))
      .flatMap((entry) => {
        if (entry.addresses.length > 0) return [];
        const list = entry.exportTo.length === 0 ? view.mesh.defaultExports.service : entry.exportTo;
        const spaces = list.map((space) => (space === '.' ? entry.namespace : space));
        return entry.ports.flatMap(({ number, protocol, index }) => {
          if (protocol !== 'tcp') return [];
          const rivals = (spaces.includes('*') ? ['*', entry.namespace] : [...spaces, '*']).map((space) =>
            first.get(`${space} ${number}`),
          );
          const rival = rivals.find((other) => other !== undefined && other.entry !== entry);
          for (const space of spaces)
            if (!first.has(`${space} ${number}`)) first.set(`${space} ${number}`, { entry, spaces: new Set(spaces) });
          return rival === undefined
            ? []
            : [
                {
                  object: entry.object,
                  field: `spec.ports[${index}]`,
                  message: `\`${rival.entry.namespace}/${nameOf(rival.entry.object)}\` has the TCP port \`${number}\` without addresses, too`,
                },
              ];
        });
      });
  },
};
