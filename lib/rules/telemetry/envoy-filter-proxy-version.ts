import { Kind } from '../../manifests/kinds';
import { policies } from '../../manifests/mesh/policies';
import { indexedRecords, textAt } from '../../manifests/objects';
import type { Rule } from '../rule';

export const envoyFilterProxyVersion: Rule = {
  code: 'MESH-CHK-804',
  istio: 'IST0155',
  severity: 'warning',
  title: 'An EnvoyFilter for a version of the proxy that depends on the order of others',
  why: 'While Istio is upgraded, a filter beside which the patch is put may be missing in proxies of the new version, and the patch is not applied.',
  fix: 'set `priority`, or use `INSERT_FIRST` or `ADD`',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: cart, namespace: shop }
spec: { configPatches: [{ applyTo: HTTP_FILTER, match: { proxy: { proxyVersion: '^1\\.30.*' } }, patch: { operation: INSERT_BEFORE, value: { name: x } } }] }
`,
      `apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: cart, namespace: shop }
spec: { priority: 0, configPatches: [{ applyTo: NETWORK_FILTER, match: { proxy: { proxyVersion: '^1\\.31.*' } }, patch: { operation: REPLACE, value: { name: x } } }] }
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: cart, namespace: shop }
spec: { priority: 10, configPatches: [{ applyTo: HTTP_FILTER, match: { proxy: { proxyVersion: '^1\\.30.*' } }, patch: { operation: INSERT_BEFORE, value: { name: x } } }] }
`,
      `apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: cart, namespace: shop }
spec: { configPatches: [{ applyTo: HTTP_FILTER, match: { proxy: { proxyVersion: '^1\\.30.*' } }, patch: { operation: INSERT_FIRST, value: { name: x } } }] }
`,
    ],
  },
  check: (view) =>
    policies(view, Kind.ENVOY_FILTER).flatMap(({ object, spec }) =>
      (spec['priority'] ?? 0) !== 0
        ? []
        : indexedRecords(spec['configPatches']).flatMap(([patch, index]) => {
            const operation = textAt(patch, 'patch', 'operation') ?? '';
            const version = textAt(patch, 'match', 'proxy', 'proxyVersion');
            return version === undefined || !RELATIVE.includes(operation)
              ? []
              : [
                  {
                    object,
                    field: `spec.configPatches[${index}].patch.operation`,
                    message: `\`${operation}\` for proxies of \`${version}\` without a \`priority\``,
                  },
                ];
          }),
    ),
};

const RELATIVE: readonly string[] = ['INSERT_BEFORE', 'INSERT_AFTER', 'REPLACE'];
