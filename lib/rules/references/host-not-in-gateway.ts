import { Kind } from '../../manifests/kinds';
import type { LocatedObject } from '../../manifests/located';
import { hostsMeet } from '../../manifests/mesh/hosts';
import { virtualServices } from '../../manifests/mesh/virtual-services';
import { fieldAt, indexedRecords, textList } from '../../manifests/objects';
import { namespaceOf } from '../../manifests/view';
import type { Rule } from '../rule';
import { PUBLIC_GATEWAY, together } from '../samples';

export const hostNotInGateway: Rule = {
  code: 'MESH-CHK-211',
  istio: 'IST0132',
  severity: 'warning',
  title: 'A VirtualService for a host that its Gateway does not take',
  why: 'The gateway answers requests for this host with 404, because none of its servers is for it.',
  fix: 'add the host to the `hosts` of a server of the Gateway, or correct it in the VirtualService',
  examples: {
    bad: [
      together(
        PUBLIC_GATEWAY,
        `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart.example.com]
  gateways: [ingress/public]
  http: [{ route: [{ destination: { host: cart } }] }]
`,
      ),
      `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: ingress }
spec:
  selector: { istio: ingress }
  servers: [{ hosts: ['bank/shop.example.com'], port: { number: 80, name: http, protocol: HTTP } }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [shop.example.com]
  gateways: [ingress/public]
  http: [{ route: [{ destination: { host: cart } }] }]
`,
    ],
    good: [
      together(
        PUBLIC_GATEWAY,
        `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [shop.example.com]
  gateways: [ingress/public]
  http: [{ route: [{ destination: { host: cart } }] }]
`,
      ),
      `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public, namespace: ingress }
spec:
  selector: { istio: ingress }
  servers: [{ hosts: ['shop/*.example.com'], port: { number: 80, name: http, protocol: HTTP } }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: ['*']
  gateways: [ingress/public]
  http: [{ route: [{ destination: { host: cart } }] }]
`,
    ],
  },
  check: (view) =>
    virtualServices(view).flatMap(({ object, namespace, names, gateways }) =>
      gateways.flatMap((gateway) => {
        const [place = '', name = ''] = gateway.split('/');
        const found = gateway === 'mesh' ? undefined : view.find(Kind.GATEWAY, place, name);
        if (found === undefined) return [];
        const taken = serverHosts(found, namespace);
        return names.flatMap((host, index) =>
          taken.some((wanted) => hostsMeet(wanted, host.toLowerCase()))
            ? []
            : [
                {
                  object,
                  field: `spec.hosts[${index}]`,
                  message: `the Gateway \`${gateway}\` has no server for \`${host}\` from the namespace \`${namespace}\``,
                },
              ],
        );
      }),
    ),
};

/** The hosts of the servers that take VirtualServices of a namespace. */
function serverHosts(gateway: LocatedObject, namespace: string): readonly string[] {
  return indexedRecords(fieldAt(gateway.object, 'spec', 'servers'))
    .flatMap(([server]) => textList(server['hosts']))
    .flatMap((text) => {
      const slash = text.indexOf('/');
      const place = slash < 0 ? '*' : text.slice(0, slash);
      const admits = place === '*' || place === namespace || (place === '.' && namespaceOf(gateway) === namespace);
      return admits ? [text.slice(slash + 1).toLowerCase()] : [];
    });
}
