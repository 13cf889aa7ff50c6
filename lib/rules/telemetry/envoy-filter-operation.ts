import { Kind } from '../../manifests/kinds';
import { policies } from '../../manifests/mesh/policies';
import { indexedRecords, textAt } from '../../manifests/objects';
import type { Rule } from '../rule';

export const envoyFilterOperation: Rule = {
  code: 'MESH-CHK-803',
  istio: 'IST0152',
  istioToo: ['IST0153', 'IST0154'],
  severity: 'error',
  title: 'An EnvoyFilter whose operation does not fit what it is applied to',
  why: 'Envoy gets no such patch: Istio ignores it without a word.',
  fix: 'use `REPLACE` for HTTP_FILTER, NETWORK_FILTER and VIRTUAL_HOST only, and `ADD`, `MERGE` or `REMOVE` where they exist',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: cart, namespace: shop }
spec: { configPatches: [{ applyTo: CLUSTER, patch: { operation: REPLACE, value: { name: x } } }] }
`,
      `apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: cart, namespace: shop }
spec: { configPatches: [{ applyTo: ROUTE_CONFIGURATION, patch: { operation: ADD, value: { name: x } } }] }
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: cart, namespace: shop }
spec: { configPatches: [{ applyTo: HTTP_FILTER, patch: { operation: REPLACE, value: { name: x } } }] }
`,
      `apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: cart, namespace: shop }
spec: { configPatches: [{ applyTo: VIRTUAL_HOST, patch: { operation: REPLACE, value: { name: x } } }, { applyTo: CLUSTER, patch: { operation: MERGE, value: { name: x } } }] }
`,
    ],
  },
  check: (view) =>
    policies(view, Kind.ENVOY_FILTER).flatMap(({ object, spec }) =>
      indexedRecords(spec['configPatches']).flatMap(([patch, index]) => {
        const [operation, target] = [textAt(patch, 'patch', 'operation') ?? '', textAt(patch, 'applyTo') ?? ''];
        const isWrong =
          (operation === 'REPLACE' && !REPLACED.includes(target)) ||
          (operation === 'ADD' && NOT_ADDED.includes(target)) ||
          (operation === 'REMOVE' && NOT_REMOVED.includes(target));
        return isWrong
          ? [
              {
                object,
                field: `spec.configPatches[${index}].patch.operation`,
                message: `\`${operation}\` does nothing for \`${target}\``,
              },
            ]
          : [];
      }),
    ),
};

const REPLACED: readonly string[] = ['HTTP_FILTER', 'NETWORK_FILTER', 'VIRTUAL_HOST'];
const NOT_ADDED: readonly string[] = ['ROUTE_CONFIGURATION', 'HTTP_ROUTE'];
const NOT_REMOVED: readonly string[] = ['ROUTE_CONFIGURATION', 'HTTP_ROUTE'];
