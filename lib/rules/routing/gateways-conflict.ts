import { Kind } from '../../manifests/kinds';
import type { LocatedObject } from '../../manifests/located';
import { byAge } from '../../manifests/mesh/age';
import { fieldAt, indexedRecords, stringMap, textAt, textList } from '../../manifests/objects';
import { nameOf, namespaceOf } from '../../manifests/view';
import type { Rule } from '../rule';
import { PUBLIC_GATEWAY, together } from '../samples';

export const gatewaysConflict: Rule = {
  code: 'MESH-CHK-311',
  istio: 'IST0145',
  severity: 'error',
  title: 'Two Gateways open one port of the same pods for one host',
  why: 'Only one of them decides, so that routes of the other one get 404, or its certificate is not shown.',
  fix: 'give the Gateways other hosts, or make one of them',
  examples: {
    bad: [
      together(
        PUBLIC_GATEWAY,
        `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec:
  selector: { istio: ingress }
  servers: [{ hosts: [shop.example.com], port: { number: 80, name: http, protocol: HTTP } }]
`,
      ),
      `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: a, namespace: ingress }
spec:
  selector: { istio: ingress }
  servers: [{ hosts: ['shop/*'], port: { number: 80, name: http, protocol: HTTP } }]
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: b, namespace: ingress }
spec:
  selector: { istio: ingress }
  servers: [{ hosts: ['*/*'], port: { number: 80, name: http, protocol: HTTP } }]
`,
    ],
    good: [
      together(
        PUBLIC_GATEWAY,
        `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: shop }
spec:
  selector: { istio: ingress }
  servers: [{ hosts: [cart.example.com], port: { number: 80, name: http, protocol: HTTP } }]
`,
      ),
      together(
        PUBLIC_GATEWAY,
        `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: internal, namespace: shop }
spec:
  selector: { istio: internal }
  servers: [{ hosts: [shop.example.com], port: { number: 80, name: http, protocol: HTTP } }]
`,
      ),
    ],
  },
  check: (view) => {
    const first = new Map<
      string,
      { readonly object: LocatedObject; readonly namespaces: Map<string, LocatedObject> }
    >();
    return [...view.of(Kind.GATEWAY)].sort(byAge).flatMap((object) => {
      const selector = JSON.stringify(Object.entries(stringMap(fieldAt(object.object, 'spec', 'selector'))).sort());
      return indexedRecords(fieldAt(object.object, 'spec', 'servers')).flatMap(([server, index]) =>
        textList(server['hosts']).flatMap((text, at) => {
          const slash = text.indexOf('/');
          const place = slash < 0 ? '*' : text.slice(0, slash) === '.' ? namespaceOf(object) : text.slice(0, slash);
          const host = text.slice(slash + 1).toLowerCase();
          const key = JSON.stringify([selector, fieldAt(server, 'port', 'number'), textAt(server, 'bind') ?? '', host]);
          const known = first.get(key) ?? { object, namespaces: new Map<string, LocatedObject>() };
          const rival = [
            ...(place === '*' ? known.namespaces.values() : [known.namespaces.get(place), known.namespaces.get('*')]),
          ].find((other) => other !== undefined && other !== object);
          first.set(key, known);
          if (!known.namespaces.has(place)) known.namespaces.set(place, object);
          return rival === undefined
            ? []
            : [
                {
                  object,
                  field: `spec.servers[${index}].hosts[${at}]`,
                  message: `\`${namespaceOf(rival)}/${nameOf(rival)}\` opens the port \`${String(fieldAt(server, 'port', 'number'))}\` for \`${host}\`, too`,
                },
              ];
        }),
      );
    });
  },
};
