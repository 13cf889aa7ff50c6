import { policiesOf as trafficPolicies } from '../../manifests/mesh/destination-rules';
import { destinationRulesFor } from '../../manifests/mesh/destination-rules';
import { serviceEntries } from '../../manifests/mesh/service-entries';
import { fieldAt } from '../../manifests/objects';
import type { Rule } from '../rule';

export const outboundWithoutLimits: Rule = {
  code: 'MESH-CHK-608',
  severity: 'warning',
  title: 'A host outside of the mesh without a circuit breaker',
  why: 'When the host hangs, calls to it pile up without a limit until the caller has no resources left.',
  fix: 'add a DestinationRule with `connectionPool` and `outlierDetection` for the host',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: partner, namespace: shop }
spec: { hosts: [api.partner.example], location: MESH_EXTERNAL, resolution: DNS, ports: [{ number: 443, name: tls, protocol: TLS }] }
`,
      `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: partner, namespace: shop }
spec: { hosts: [api.partner.example], resolution: DNS, ports: [{ number: 443, name: tls, protocol: TLS }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: partner, namespace: shop }
spec: { host: api.partner.example, trafficPolicy: { loadBalancer: { simple: RANDOM } } }
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: partner, namespace: shop }
spec: { hosts: [api.partner.example], resolution: DNS, ports: [{ number: 443, name: tls, protocol: TLS }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: partner, namespace: shop }
spec: { host: api.partner.example, trafficPolicy: { connectionPool: { tcp: { maxConnections: 100 } } } }
`,
      `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: vm, namespace: shop }
spec: { hosts: [db.internal], location: MESH_INTERNAL, resolution: STATIC, addresses: [10.0.0.9], ports: [{ number: 5432, name: tcp, protocol: TCP }] }
`,
    ],
  },
  check: (view) =>
    serviceEntries(view).flatMap(({ object, namespace, hosts }) =>
      fieldAt(object.object, 'spec', 'location') === 'MESH_INTERNAL'
        ? []
        : hosts.flatMap((host, index) =>
            destinationRulesFor(view, host, namespace).some((rule) =>
              trafficPolicies(rule).some(
                ({ policy }) => policy['connectionPool'] !== undefined || policy['outlierDetection'] !== undefined,
              ),
            )
              ? []
              : [{ object, field: `spec.hosts[${index}]`, message: `no DestinationRule limits calls to \`${host}\`` }],
          ),
    ),
};
