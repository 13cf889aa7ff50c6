import { byAge } from '../../manifests/mesh/age';
import { destinationRules } from '../../manifests/mesh/destination-rules';
import { groupBy } from '../../manifests/mesh/groups';
import type { Rule } from '../rule';

export const subsetTwice: Rule = {
  code: 'MESH-CHK-120',
  istio: 'IST0106',
  severity: 'error',
  title: 'A subset that stands twice or has no name',
  why: "Istio refuses the DestinationRule; of two rules for one host, the older one's subset counts.",
  fix: 'give each subset a name of its own',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, subsets: [{ name: v1, labels: { version: v1 } }, { name: v1, labels: { version: v2 } }] }
`,
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart-a, namespace: shop }
spec: { host: cart, subsets: [{ name: v1, labels: { version: v1 } }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart-b, namespace: shop }
spec: { host: cart, subsets: [{ name: v1, labels: { version: v1-fixed } }] }
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, subsets: [{ name: v1, labels: { version: v1 } }, { name: v2, labels: { version: v2 } }] }
`,
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, subsets: [{ name: v1, labels: { version: v1 } }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: basket, namespace: shop }
spec: { host: basket, subsets: [{ name: v1, labels: { version: v1 } }] }
`,
    ],
  },
  check: (view) =>
    [
      ...groupBy(destinationRules(view), ({ namespace, host, exportTo, selector }) =>
        JSON.stringify([namespace, host, exportTo, selector]),
      ).values(),
    ].flatMap((rules) => {
      const seen = new Set<string>();
      return [...rules]
        .sort((a, b) => byAge(a.object, b.object))
        .flatMap(({ object, subsets }) =>
          subsets.flatMap(({ name, index }) => {
            const isKnown = seen.has(name);
            seen.add(name);
            return isKnown
              ? [
                  {
                    object,
                    field: `spec.subsets[${index}].name`,
                    message: `there is another subset \`${name}\` of this host`,
                  },
                ]
              : [];
          }),
        );
    }),
};
