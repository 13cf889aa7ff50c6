import { virtualServices } from '../../manifests/mesh/virtual-services';
import { textAt } from '../../manifests/objects';
import type { Rule } from '../rule';

export const prefixInsideSegment: Rule = {
  code: 'MESH-CHK-313',
  severity: 'warning',
  title: 'A prefix that also takes the path of another route',
  why: 'A `prefix` is compared as text: `/admin` also takes `/administrator`, for which there is a route of its own.',
  fix: 'match `/admin` exactly and `/admin/` as a prefix, or put the longer path first',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart]
  http:
    - match: [{ uri: { prefix: /admin } }]
      route: [{ destination: { host: admin } }]
    - match: [{ uri: { prefix: /administrator }, headers: { x-a: { exact: b } } }]
      route: [{ destination: { host: old } }]
    - route: [{ destination: { host: cart } }]
`,
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart]
  http:
    - match: [{ uri: { prefix: /api } }]
      route: [{ destination: { host: api } }]
    - match: [{ uri: { exact: /api-docs } }]
      route: [{ destination: { host: docs } }]
    - route: [{ destination: { host: cart } }]
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart]
  http:
    - match: [{ uri: { exact: /api } }, { uri: { prefix: /api/ } }]
      route: [{ destination: { host: api } }]
    - match: [{ uri: { exact: /api-docs } }]
      route: [{ destination: { host: docs } }]
    - route: [{ destination: { host: cart } }]
`,
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec:
  hosts: [cart]
  http:
    - match: [{ uri: { exact: /api-docs } }]
      route: [{ destination: { host: docs } }]
    - match: [{ uri: { prefix: /api } }]
      route: [{ destination: { host: api } }]
    - route: [{ destination: { host: cart } }]
`,
    ],
  },
  check: (view) =>
    virtualServices(view).flatMap(({ object, routes }) => {
      const before: { readonly path: string; readonly prefix: string }[] = [];
      return routes
        .filter(({ type }) => type === 'http')
        .flatMap(({ path, matches }) => {
          const found = matches.flatMap(([match, index]) => {
            const text = textAt(match, 'uri', 'prefix') ?? textAt(match, 'uri', 'exact');
            const wide =
              text === undefined
                ? undefined
                : before.slice(0, MOST_COMPARED).find(({ prefix }) => cutsSegment(prefix, text));
            return wide === undefined
              ? []
              : [
                  {
                    object,
                    field: `${path}.match[${index}].uri`,
                    message: `\`${wide.path}\` with the prefix \`${wide.prefix}\` takes \`${text}\`, too`,
                  },
                ];
          });
          for (const [match, index] of matches) {
            const prefix = textAt(match, 'uri', 'prefix');
            if (prefix !== undefined && Object.keys(match).length === 1)
              before.push({ path: `${path}.match[${index}]`, prefix });
          }
          return found;
        });
    }),
};

const MOST_COMPARED = 200;

function cutsSegment(prefix: string, text: string): boolean {
  return (
    text.startsWith(prefix) &&
    text.length > prefix.length &&
    !prefix.endsWith('/') &&
    !'/?'.includes(text.charAt(prefix.length))
  );
}
