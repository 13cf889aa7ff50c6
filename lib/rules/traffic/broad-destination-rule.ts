import type { DestinationRule } from '../../manifests/mesh/destination-rules';
import { destinationRules } from '../../manifests/mesh/destination-rules';
import { groupBy } from '../../manifests/mesh/groups';
import { hostKeys, serviceOfHost } from '../../manifests/mesh/hosts';
import type { ManifestView } from '../../manifests/view';
import { nameOf } from '../../manifests/view';
import type { Rule } from '../rule';
import { CART_SERVICE, together } from '../samples';

export const broadDestinationRule: Rule = {
  code: 'MESH-CHK-607',
  severity: 'warning',
  title: 'A wide DestinationRule that hides those of the owners',
  why: "The client's namespace is asked first, and the first one with any rule for the host decides alone: subsets and limits in the owner's namespace do not hold for its calls.",
  fix: 'put the rule for many hosts into the root namespace, or name the host and repeat what the owner wrote',
  examples: {
    bad: [
      together(
        CART_SERVICE,
        `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, trafficPolicy: { connectionPool: { tcp: { maxConnections: 10 } } } }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: all, namespace: web }
spec: { host: '*.local', trafficPolicy: { loadBalancer: { simple: RANDOM } } }
`,
      ),
      together(
        CART_SERVICE,
        `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, subsets: [{ name: v1, labels: { version: v1 } }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: web }
spec: { host: cart.shop.svc.cluster.local, trafficPolicy: { loadBalancer: { simple: RANDOM } } }
`,
      ),
    ],
    good: [
      together(
        CART_SERVICE,
        `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, trafficPolicy: { connectionPool: { tcp: { maxConnections: 10 } } } }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: all, namespace: istio-system }
spec: { host: '*.local', trafficPolicy: { loadBalancer: { simple: RANDOM } } }
`,
      ),
      together(
        CART_SERVICE,
        `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart, exportTo: ['.'], trafficPolicy: { connectionPool: { tcp: { maxConnections: 10 } } } }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: web }
spec: { host: cart.shop.svc.cluster.local, trafficPolicy: { loadBalancer: { simple: RANDOM } } }
`,
      ),
    ],
  },
  check: (view) => {
    const owners = view.fact(exportedByOwners);
    return destinationRules(view).flatMap(({ object, namespace, host, selector }) => {
      if (selector !== undefined || namespace === view.mesh.rootNamespace) return [];
      const hidden = (owners.get(host) ?? []).find((owner) => owner.namespace !== namespace);
      return hidden === undefined
        ? []
        : [
            {
              object,
              field: 'spec.host',
              message: `for calls from \`${namespace}\`, \`${hidden.namespace}/${nameOf(hidden.object)}\` for \`${hidden.host}\` does not hold`,
            },
          ];
    });
  },
};

/** Rules of the owners of hosts that clients elsewhere would use, by the host and the wildcards over it. */
function exportedByOwners(view: ManifestView): ReadonlyMap<string, readonly DestinationRule[]> {
  const entries = destinationRules(view)
    .filter(({ namespace, host, exportTo }) => {
      const list = exportTo.length === 0 ? view.mesh.defaultExports.destinationRule : exportTo;
      return (
        serviceOfHost(host)?.namespace === namespace &&
        !(list.length === 1 && (list[0] === '.' || list[0] === namespace))
      );
    })
    .flatMap((rule) => hostKeys(rule.host).map((key) => ({ key, rule })));
  return new Map([...groupBy(entries, ({ key }) => key)].map(([key, group]) => [key, group.map(({ rule }) => rule)]));
}
