import { Kind } from '../../manifests/kinds';
import { servicesOf } from '../../manifests/mesh/services';
import { selectedEverywhere } from '../../manifests/mesh/workloads';
import { fieldAt, indexedRecords, stringMap } from '../../manifests/objects';
import type { Rule } from '../rule';
import { INGRESS_PODS, PUBLIC_GATEWAY, together } from '../samples';

export const gatewayPortNotOnService: Rule = {
  code: 'MESH-CHK-217',
  istio: 'IST0162',
  severity: 'warning',
  title: 'A Gateway opens a port that no Service before its pods has',
  why: 'The gateway listens, but no request reaches the port through its Service.',
  fix: "add the port to the gateway's Service, or use a port that it has",
  examples: {
    bad: [
      together(
        INGRESS_PODS,
        PUBLIC_GATEWAY,
        `apiVersion: v1
kind: Service
metadata: { name: ingress, namespace: ingress }
spec: { type: LoadBalancer, selector: { istio: ingress }, ports: [{ port: 443, name: https }] }
`,
      ),
      together(
        INGRESS_PODS,
        `apiVersion: v1
kind: Service
metadata: { name: ingress, namespace: ingress }
spec: { type: LoadBalancer, selector: { istio: ingress }, ports: [{ port: 80, targetPort: 8080, name: http }] }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: ingress }
spec:
  selector: { istio: ingress }
  servers: [{ hosts: ['*'], port: { number: 8443, name: tls, protocol: TLS }, tls: { mode: PASSTHROUGH } }]
`,
      ),
    ],
    good: [
      together(
        INGRESS_PODS,
        PUBLIC_GATEWAY,
        `apiVersion: v1
kind: Service
metadata: { name: ingress, namespace: ingress }
spec: { type: LoadBalancer, selector: { istio: ingress }, ports: [{ port: 80, name: http }] }
`,
      ),
      together(
        INGRESS_PODS,
        `apiVersion: v1
kind: Service
metadata: { name: ingress, namespace: ingress }
spec: { type: LoadBalancer, selector: { istio: ingress }, ports: [{ port: 80, targetPort: 8080, name: http }] }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: ingress }
spec:
  selector: { istio: ingress }
  servers: [{ hosts: ['*'], port: { number: 8080, name: http, protocol: HTTP } }]
`,
      ),
    ],
  },
  check: (view) =>
    view.of(Kind.GATEWAY).flatMap((object) => {
      const selector = stringMap(fieldAt(object.object, 'spec', 'selector'));
      if (Object.keys(selector).length === 0) return [];
      const before = selectedEverywhere(view, selector).flatMap((workload) => servicesOf(view, workload));
      if (before.length === 0) return [];
      const open = new Set(before.flatMap(({ ports }) => ports.flatMap(({ port, targetPort }) => [port, targetPort])));
      return indexedRecords(fieldAt(object.object, 'spec', 'servers')).flatMap(([server, index]) => {
        const port = fieldAt(server, 'port', 'number');
        return typeof port !== 'number' || open.has(port)
          ? []
          : [
              {
                object,
                field: `spec.servers[${index}].port.number`,
                message: `no Service of the gateway's pods has the port \`${port}\``,
              },
            ];
      });
    }),
};
