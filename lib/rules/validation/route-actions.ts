import { quoted } from '../../errors';
import { virtualServices } from '../../manifests/mesh/virtual-services';
import type { Rule } from '../rule';

export const routeActions: Rule = {
  code: 'MESH-CHK-111',
  istio: 'IST0106',
  severity: 'error',
  title: 'A route that does several things that exclude each other',
  why: 'Istio refuses the VirtualService: a request is routed, redirected or answered, and only what is routed can be rewritten, delayed or mirrored.',
  fix: 'keep one of `route`, `redirect`, `directResponse` and `delegate`, and `rewrite`, `fault` and `mirror` only beside `route`',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ redirect: { uri: /new }, route: [{ destination: { host: cart } }] }] }
`,
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ directResponse: { status: 503 }, fault: { delay: { fixedDelay: 1s, percentage: { value: 10 } } } }] }
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ match: [{ uri: { exact: /old } }], redirect: { uri: /new } }, { rewrite: { uri: / }, route: [{ destination: { host: cart } }] }] }
`,
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ directResponse: { status: 503 }, headers: { response: { set: { x: y } } } }] }
`,
    ],
  },
  check: (view) =>
    virtualServices(view).flatMap(({ object, routes }) =>
      routes
        .filter(({ type }) => type === 'http')
        .flatMap(({ path, fields }) => {
          const actions = ['route', 'redirect', 'directResponse'].filter((name) => fields[name] !== undefined);
          if (actions.length > 1) return [{ object, field: path, message: `${quoted(actions)} exclude each other` }];
          if (actions.length === 0 && fields['delegate'] === undefined)
            return [{ object, field: path, message: 'nothing is said of what happens to its requests' }];
          const beside = ['fault', 'rewrite', 'mirror', 'mirrors'].filter((name) => fields[name] !== undefined);
          if (actions[0] !== 'route' && beside.length > 0 && fields['delegate'] === undefined)
            return [
              {
                object,
                field: `${path}.${beside[0]}`,
                message: `${quoted(beside)} cannot stand beside \`${actions[0]}\``,
              },
            ];
          return fields['mirror'] !== undefined && fields['mirrors'] !== undefined
            ? [{ object, field: `${path}.mirror`, message: '`mirror` and `mirrors` exclude each other' }]
            : [];
        }),
    ),
};
