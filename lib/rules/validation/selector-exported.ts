import { destinationRules } from '../../manifests/mesh/destination-rules';
import type { Rule } from '../rule';

export const selectorExported: Rule = {
  code: 'MESH-CHK-124',
  istio: 'IST0106',
  severity: 'error',
  title: 'A DestinationRule for some workloads that is exported to other namespaces',
  why: 'A rule with `workloadSelector` holds in its own namespace only: Istio refuses any other `exportTo`.',
  fix: "set `exportTo: ['.']` or leave it out, and repeat the rule in the other namespaces",
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: web }
spec: { host: cart.shop.svc.cluster.local, exportTo: ['*'], workloadSelector: { matchLabels: { app: web } }, trafficPolicy: { loadBalancer: { simple: RANDOM } } }
`,
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: web }
spec: { host: cart.shop.svc.cluster.local, exportTo: ['.', bank], workloadSelector: { matchLabels: { app: web } }, trafficPolicy: { loadBalancer: { simple: RANDOM } } }
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: web }
spec: { host: cart.shop.svc.cluster.local, exportTo: ['.'], workloadSelector: { matchLabels: { app: web } }, trafficPolicy: { loadBalancer: { simple: RANDOM } } }
`,
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: web }
spec: { host: cart.shop.svc.cluster.local, exportTo: ['*'], trafficPolicy: { loadBalancer: { simple: RANDOM } } }
`,
    ],
  },
  check: (view) =>
    destinationRules(view).flatMap(({ object, namespace, selector, exportTo }) => {
      const others = selector === undefined ? [] : exportTo.filter((entry) => entry !== '.' && entry !== namespace);
      return others.length === 0
        ? []
        : [
            {
              object,
              field: 'spec.exportTo',
              message: `\`${others.join(', ')}\` is exported to, although the rule is for workloads of \`${namespace}\` only`,
            },
          ];
    }),
};
