import { quoted } from '../../errors';
import { coversHost } from '../../manifests/mesh/hosts';
import { virtualServices } from '../../manifests/mesh/virtual-services';
import { textList } from '../../manifests/objects';
import type { Rule } from '../rule';

export const tlsRoute: Rule = {
  code: 'MESH-CHK-114',
  istio: 'IST0106',
  severity: 'error',
  title: 'A TLS route without the names that it is for',
  why: 'Istio refuses the VirtualService: the proxy decides by the name of the TLS handshake, which must be one of `hosts`.',
  fix: 'add a `match` with `sniHosts` that `hosts` cover',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart.example.com], gateways: [ingress/public], tls: [{ route: [{ destination: { host: cart } }] }] }
`,
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart.example.com], gateways: [ingress/public], tls: [{ match: [{ sniHosts: [shop.example.com] }], route: [{ destination: { host: cart } }] }] }
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart.example.com], gateways: [ingress/public], tls: [{ match: [{ sniHosts: [cart.example.com] }], route: [{ destination: { host: cart } }] }] }
`,
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: ['*.example.com'], gateways: [ingress/public], tls: [{ match: [{ port: 443, sniHosts: ['cart.example.com', '*.shop.example.com'] }], route: [{ destination: { host: cart } }] }] }
`,
    ],
  },
  check: (view) =>
    virtualServices(view).flatMap(({ object, names, routes }) =>
      routes
        .filter(({ type }) => type === 'tls')
        .flatMap(({ path, matches }) => {
          if (matches.length === 0) return [{ object, field: path, message: 'there is no `match`' }];
          return matches.flatMap(([match, index]) => {
            const field = `${path}.match[${index}].sniHosts`;
            const wanted = textList(match['sniHosts']);
            if (wanted.length === 0) return [{ object, field, message: 'there are no `sniHosts`' }];
            return wanted.flatMap((host, at) =>
              names.some((name) => coversHost(name, host))
                ? []
                : [
                    {
                      object,
                      field: `${field}[${at}]`,
                      message: `\`${host}\` is none of the \`hosts\`: ${quoted(names)}`,
                    },
                  ],
            );
          });
        }),
    ),
};
