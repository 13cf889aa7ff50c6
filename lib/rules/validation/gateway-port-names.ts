import { Kind } from '../../manifests/kinds';
import { fieldAt, indexedRecords, textAt } from '../../manifests/objects';
import type { Rule } from '../rule';

export const gatewayPortNames: Rule = {
  code: 'MESH-CHK-151',
  istio: 'IST0106',
  severity: 'error',
  title: 'Ports of a Gateway without a name of their own',
  why: 'Istio refuses the Gateway.',
  fix: "give each server's port another name",
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: ingress }
spec:
  selector: { istio: ingress }
  servers:
    - { hosts: [a.example.com], port: { number: 80, name: http, protocol: HTTP } }
    - { hosts: [b.example.com], port: { number: 8080, name: http, protocol: HTTP } }
`,
      `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: ingress }
spec:
  selector: { istio: ingress }
  servers:
    - { hosts: [a.example.com], port: { number: 80, name: '', protocol: HTTP } }
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: ingress }
spec:
  selector: { istio: ingress }
  servers:
    - { hosts: [a.example.com], port: { number: 80, name: http, protocol: HTTP } }
    - { hosts: [b.example.com], port: { number: 8080, name: http-b, protocol: HTTP } }
`,
      `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: a, namespace: ingress }
spec: { selector: { istio: a }, servers: [{ hosts: ['*'], port: { number: 80, name: http, protocol: HTTP } }] }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: b, namespace: ingress }
spec: { selector: { istio: b }, servers: [{ hosts: ['*'], port: { number: 80, name: http, protocol: HTTP } }] }
`,
    ],
  },
  check: (view) =>
    view.of(Kind.GATEWAY).flatMap((object) => {
      const seen = new Set<string>();
      return indexedRecords(fieldAt(object.object, 'spec', 'servers')).flatMap(([server, index]) => {
        const name = textAt(server, 'port', 'name') ?? '';
        const problem =
          name === '' ? 'the port has no name' : seen.has(name) ? `the name \`${name}\` stands twice` : undefined;
        seen.add(name);
        return problem === undefined ? [] : [{ object, field: `spec.servers[${index}].port.name`, message: problem }];
      });
    }),
};
