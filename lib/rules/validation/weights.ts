import { virtualServices } from '../../manifests/mesh/virtual-services';
import { indexedRecords } from '../../manifests/objects';
import type { Rule } from '../rule';

export const weights: Rule = {
  code: 'MESH-CHK-112',
  istio: 'IST0106',
  severity: 'error',
  title: 'Weights that send nothing anywhere',
  why: 'With several destinations whose weights are all 0, Istio refuses the VirtualService; with weights on some only, the others get nothing.',
  fix: 'write a `weight` at each destination',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ route: [{ destination: { host: cart, subset: v1 } }, { destination: { host: cart, subset: v2 } }] }] }
`,
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ route: [{ destination: { host: cart, subset: v1 }, weight: 90 }, { destination: { host: cart, subset: v2 } }] }] }
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ route: [{ destination: { host: cart, subset: v1 }, weight: 90 }, { destination: { host: cart, subset: v2 }, weight: 0 }] }] }
`,
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ route: [{ destination: { host: cart } }] }] }
`,
    ],
  },
  check: (view) =>
    virtualServices(view).flatMap(({ object, routes }) =>
      routes.flatMap(({ path, fields }) => {
        const ends = indexedRecords(fields['route']);
        const total = ends.reduce((sum, [end]) => sum + (typeof end['weight'] === 'number' ? end['weight'] : 0), 0);
        if (ends.length > 1 && total === 0)
          return [{ object, field: `${path}.route`, message: 'the weights add up to `0`' }];
        return ends.length < 2
          ? []
          : ends
              .filter(([end]) => end['weight'] === undefined)
              .map(([, index]) => ({
                object,
                field: `${path}.route[${index}]`,
                message: 'it has no `weight` beside others that have one, and gets nothing',
              }));
      }),
    ),
};
