import { byAge } from '../../manifests/mesh/age';
import type { ServiceEntry } from '../../manifests/mesh/service-entries';
import { serviceEntries } from '../../manifests/mesh/service-entries';
import { nameOf } from '../../manifests/view';
import type { Rule } from '../rule';

export const protocolsConflict: Rule = {
  code: 'MESH-CHK-706',
  istio: 'IST0177',
  severity: 'warning',
  title: "ServiceEntries that disagree on the protocol of a host's port",
  why: 'One listener serves the port: the protocol of one of the entries is taken for both.',
  fix: 'declare the same protocol in each, or make one entry',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: a, namespace: shop }
spec: { hosts: [api.example.com], resolution: DNS, ports: [{ number: 443, name: tls, protocol: TLS }] }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: b, namespace: web }
spec: { hosts: [api.example.com], resolution: DNS, ports: [{ number: 443, name: http, protocol: HTTP }] }
`,
      `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: a, namespace: shop }
spec: { hosts: [a.example.com, b.example.com], resolution: DNS, ports: [{ number: 8080, name: http, protocol: HTTP }] }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: b, namespace: shop }
spec: { hosts: [b.example.com], resolution: DNS, ports: [{ number: 8080, name: tcp, protocol: TCP }] }
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: a, namespace: shop }
spec: { hosts: [api.example.com], resolution: DNS, ports: [{ number: 443, name: tls, protocol: TLS }] }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: b, namespace: web }
spec: { hosts: [api.example.com], resolution: DNS, ports: [{ number: 443, name: https, protocol: HTTPS }] }
`,
      `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: a, namespace: shop }
spec: { hosts: [api.example.com], exportTo: ['.'], resolution: DNS, ports: [{ number: 443, name: tls, protocol: TLS }] }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: b, namespace: web }
spec: { hosts: [api.example.com], exportTo: ['.'], resolution: DNS, ports: [{ number: 443, name: http, protocol: HTTP }] }
`,
    ],
  },
  check: (view) => {
    const first = new Map<string, { readonly entry: ServiceEntry; readonly protocol: string }>();
    return [...serviceEntries(view)]
      .sort((a, b) => byAge(a.object, b.object))
      .flatMap((entry) => {
        const list = entry.exportTo.length === 0 ? view.mesh.defaultExports.service : entry.exportTo;
        const spaces = list.map((space) => (space === '.' ? entry.namespace : space));
        return entry.ports.flatMap(({ number, protocol, index }) =>
          entry.hosts.flatMap((host) => {
            const seen = [...spaces, '*'].map((space) => first.get(`${space} ${host} ${number}`));
            const rival = seen.find((other) => other !== undefined && other.protocol !== protocol);
            for (const space of spaces)
              if (!first.has(`${space} ${host} ${number}`))
                first.set(`${space} ${host} ${number}`, { entry, protocol });
            return rival === undefined
              ? []
              : [
                  {
                    object: entry.object,
                    field: `spec.ports[${index}].protocol`,
                    message: `\`${rival.entry.namespace}/${nameOf(rival.entry.object)}\` says \`${rival.protocol}\` for \`${host}:${number}\``,
                  },
                ];
          }),
        );
      });
  },
};
