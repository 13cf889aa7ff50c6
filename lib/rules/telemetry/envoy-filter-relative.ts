import { Kind } from '../../manifests/kinds';
import { policies } from '../../manifests/mesh/policies';
import { fieldAt, indexedRecords, textAt } from '../../manifests/objects';
import type { Rule } from '../rule';

export const envoyFilterRelative: Rule = {
  code: 'MESH-CHK-802',
  istio: 'IST0151',
  severity: 'warning',
  title: 'An EnvoyFilter that depends on the order of others',
  why: '`INSERT_BEFORE`, `INSERT_AFTER` and the like without a `priority` are applied in the order of creation: the result differs from cluster to cluster.',
  fix: 'set `priority`, or use `INSERT_FIRST`',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: cart, namespace: shop }
spec: { configPatches: [{ applyTo: HTTP_FILTER, match: { listener: { filterChain: { filter: { subFilter: { name: my.filter } } } } }, patch: { operation: INSERT_BEFORE, value: { name: x } } }] }
`,
      `apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: cart, namespace: shop }
spec: { configPatches: [{ applyTo: NETWORK_FILTER, patch: { operation: INSERT_AFTER, value: { name: x } } }] }
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: cart, namespace: shop }
spec: { configPatches: [{ applyTo: HTTP_FILTER, match: { listener: { filterChain: { filter: { subFilter: { name: envoy.filters.http.router } } } } }, patch: { operation: INSERT_BEFORE, value: { name: x } } }] }
`,
      `apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: cart, namespace: shop }
spec: { priority: 10, configPatches: [{ applyTo: HTTP_FILTER, match: { listener: { filterChain: { filter: { subFilter: { name: my.filter } } } } }, patch: { operation: INSERT_BEFORE, value: { name: x } } }] }
`,
    ],
  },
  check: (view) =>
    policies(view, Kind.ENVOY_FILTER).flatMap(({ object, spec }) =>
      spec['priority'] !== undefined && spec['priority'] !== 0
        ? []
        : indexedRecords(spec['configPatches']).flatMap(([patch, index]) => {
            const operation = textAt(patch, 'patch', 'operation') ?? '';
            const filter = fieldAt(patch, 'match', 'listener', 'filterChain', 'filter');
            const anchor = textAt(filter, 'subFilter', 'name') ?? textAt(filter, 'name') ?? '';
            return (operation === 'INSERT_BEFORE' || operation === 'INSERT_AFTER') && !ALWAYS_THERE.includes(anchor)
              ? [
                  {
                    object,
                    field: `spec.configPatches[${index}].patch.operation`,
                    message: `\`${operation}\` without a \`priority\``,
                  },
                ]
              : [];
          }),
    ),
};

/** Every listener has one of them, whatever other EnvoyFilters do; istioctl warns here, too. */
const ALWAYS_THERE: readonly string[] = [
  'envoy.filters.http.router',
  'envoy.filters.network.http_connection_manager',
  'envoy.filters.network.tcp_proxy',
];
