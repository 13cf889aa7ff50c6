import { Kind } from '../../manifests/kinds';
import type { LocatedObject } from '../../manifests/located';
import { byAge } from '../../manifests/mesh/age';
import { fieldAt, indexedRecords, stringMap, textAt } from '../../manifests/objects';
import { nameOf, namespaceOf } from '../../manifests/view';
import type { Rule } from '../rule';

export const certificateTwice: Rule = {
  code: 'MESH-CHK-312',
  istio: 'IST0138',
  severity: 'warning',
  title: 'One certificate in several Gateways of the same pods',
  why: "Browsers reuse a connection for hosts of one certificate: requests for the second host come over the first one's connection and get 404.",
  fix: 'list the hosts in one Gateway, or give each its own certificate',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: a, namespace: ingress }
spec:
  selector: { istio: ingress }
  servers: [{ hosts: [a.example.com], port: { number: 443, name: https-a, protocol: HTTPS }, tls: { mode: SIMPLE, credentialName: example-tls } }]
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: b, namespace: ingress }
spec:
  selector: { istio: ingress }
  servers: [{ hosts: [b.example.com], port: { number: 443, name: https-b, protocol: HTTPS }, tls: { mode: SIMPLE, credentialName: example-tls } }]
`,
      `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: a, namespace: shop }
spec:
  selector: { istio: ingress }
  servers: [{ hosts: [a.example.com], port: { number: 443, name: https, protocol: HTTPS }, tls: { mode: MUTUAL, credentialName: wildcard } }]
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: b, namespace: bank }
spec:
  selector: { istio: ingress }
  servers: [{ hosts: [b.example.com], port: { number: 443, name: https, protocol: HTTPS }, tls: { mode: MUTUAL, credentialName: wildcard } }]
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: a, namespace: ingress }
spec:
  selector: { istio: ingress }
  servers: [{ hosts: [a.example.com, b.example.com], port: { number: 443, name: https, protocol: HTTPS }, tls: { mode: SIMPLE, credentialName: example-tls } }]
`,
      `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: a, namespace: ingress }
spec:
  selector: { istio: ingress }
  servers: [{ hosts: [a.example.com], port: { number: 443, name: https, protocol: HTTPS }, tls: { mode: SIMPLE, credentialName: a-tls } }]
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: b, namespace: ingress }
spec:
  selector: { istio: ingress }
  servers: [{ hosts: [b.example.com], port: { number: 443, name: https, protocol: HTTPS }, tls: { mode: SIMPLE, credentialName: b-tls } }]
`,
    ],
  },
  check: (view) => {
    const first = new Map<string, LocatedObject>();
    return [...view.of(Kind.GATEWAY)].sort(byAge).flatMap((object) => {
      const selector = JSON.stringify(Object.entries(stringMap(fieldAt(object.object, 'spec', 'selector'))).sort());
      return indexedRecords(fieldAt(object.object, 'spec', 'servers')).flatMap(([server, index]) => {
        const name = textAt(server, 'tls', 'credentialName');
        if (name === undefined || name === '') return [];
        const key = `${selector} ${name}`;
        const other = first.get(key) ?? object;
        first.set(key, other);
        return other === object
          ? []
          : [
              {
                object,
                field: `spec.servers[${index}].tls.credentialName`,
                message: `\`${namespaceOf(other)}/${nameOf(other)}\` shows the certificate \`${name}\`, too`,
              },
            ];
      });
    });
  },
};
