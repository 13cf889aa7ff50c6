import { serviceEntries } from '../../manifests/mesh/service-entries';
import { imports, sidecarOf } from '../../manifests/mesh/sidecars';
import { selectedWorkloads } from '../../manifests/mesh/workloads';
import type { Rule } from '../rule';
import { CART_PODS, together } from '../samples';

export const nobodyImports: Rule = {
  code: 'MESH-CHK-702',
  severity: 'warning',
  title: 'A ServiceEntry that no proxy imports',
  why: 'Every Sidecar that could use it leaves its host out: with REGISTRY_ONLY the calls are cut, otherwise none of its settings holds.',
  fix: "add `NAMESPACE/HOST` to the `egress` of the callers' Sidecar, or export the entry to their namespace",
  examples: {
    bad: [
      together(
        CART_PODS,
        `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: partner, namespace: shop }
spec: { hosts: [api.partner.example], exportTo: ['.'], resolution: DNS, ports: [{ number: 443, name: tls, protocol: TLS }] }
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec: { egress: [{ hosts: ['istio-system/*'] }] }
`,
      ),
      together(
        CART_PODS,
        `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: partner, namespace: shop }
spec: { hosts: [api.partner.example], exportTo: ['~'], resolution: DNS, ports: [{ number: 443, name: tls, protocol: TLS }] }
`,
      ),
    ],
    good: [
      together(
        CART_PODS,
        `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: partner, namespace: shop }
spec: { hosts: [api.partner.example], exportTo: ['.'], resolution: DNS, ports: [{ number: 443, name: tls, protocol: TLS }] }
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec: { egress: [{ hosts: [./api.partner.example] }] }
`,
      ),
      together(
        CART_PODS,
        `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: partner, namespace: egress }
spec: { hosts: [api.partner.example], resolution: DNS, ports: [{ number: 443, name: tls, protocol: TLS }] }
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec: { egress: [{ hosts: ['egress/*'] }] }
`,
      ),
    ],
  },
  check: (view) =>
    serviceEntries(view).flatMap(({ object, namespace, hosts, exportTo }) => {
      const list = (exportTo.length === 0 ? view.mesh.defaultExports.service : exportTo).map((space) =>
        space === '.' ? namespace : space,
      );
      if (list.includes('*') || !list.every((space) => space === '~' || view.sees(space))) return [];
      const callers = list.flatMap((space) => (space === '~' ? [] : selectedWorkloads(view, space, {})));
      // Without any pod, the callers are elsewhere.
      if (callers.length === 0 && !list.includes('~')) return [];
      return hosts.flatMap((host, index) =>
        callers.some((caller) => {
          const sidecar = sidecarOf(view, caller);
          return sidecar === undefined || imports(sidecar, namespace, host);
        })
          ? []
          : [{ object, field: `spec.hosts[${index}]`, message: `no proxy imports \`${host}\`` }],
      );
    }),
};
