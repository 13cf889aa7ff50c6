import { byAge } from '../../manifests/mesh/age';
import { groupBy } from '../../manifests/mesh/groups';
import type { VirtualService } from '../../manifests/mesh/virtual-services';
import { virtualServices } from '../../manifests/mesh/virtual-services';
import type { ManifestView } from '../../manifests/view';
import { nameOf, namespaceOf } from '../../manifests/view';
import type { Rule } from '../rule';

export const meshHostTwice: Rule = {
  code: 'MESH-CHK-301',
  istio: 'IST0109',
  severity: 'error',
  title: 'Two VirtualServices for one host of the mesh',
  why: 'Sidecars take one VirtualService for a host, the oldest; the others vanish without a word.',
  fix: 'put the routes into one VirtualService, or keep the others from these callers with `exportTo`',
  examples: {
    bad: [
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ route: [{ destination: { host: cart } }] }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart-retries, namespace: shop }
spec: { hosts: [cart.shop.svc.cluster.local], http: [{ timeout: 2s, route: [{ destination: { host: cart } }] }] }
`,
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart, basket], http: [{ route: [{ destination: { host: cart } }] }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: basket, namespace: web }
spec:
  hosts: [basket.shop.svc.cluster.local]
  gateways: [mesh, ingress/public]
  http: [{ route: [{ destination: { host: basket.shop.svc.cluster.local } }] }]
`,
    ],
    good: [
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], http: [{ route: [{ destination: { host: cart } }] }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart-public, namespace: shop }
spec: { hosts: [cart], gateways: [ingress/public], http: [{ route: [{ destination: { host: cart } }] }] }
`,
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart], exportTo: ['.'], http: [{ route: [{ destination: { host: cart } }] }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: web }
spec:
  hosts: [cart.shop.svc.cluster.local]
  exportTo: ['.']
  http: [{ route: [{ destination: { host: cart.shop.svc.cluster.local } }] }]
`,
    ],
  },
  check: (view) =>
    [...view.fact(byMeshHost)].flatMap(([host, all]) => {
      const sorted = [...all].sort((a, b) => byAge(a.object, b.object));
      return sorted.flatMap((loser, index) => {
        const winner = sorted.slice(0, Math.min(index, MOST_COMPARED)).find((other) => meet(view, other, loser));
        return winner === undefined
          ? []
          : [
              {
                object: loser.object,
                field: `spec.hosts[${loser.hosts.indexOf(host)}]`,
                message: `\`${namespaceOf(winner.object)}/${nameOf(winner.object)}\` is for \`${host}\`, too, and only one of them has an effect`,
              },
            ];
      });
    }),
};

/** A host with more VirtualServices than this is reported all the same. */
const MOST_COMPARED = 20;

function byMeshHost(view: ManifestView): ReadonlyMap<string, readonly VirtualService[]> {
  const entries = virtualServices(view)
    .filter(({ gateways }) => gateways.includes('mesh'))
    .flatMap((found) => [...new Set(found.hosts)].map((host) => ({ host, found })));
  const groups = groupBy(entries, ({ host }) => host);
  return new Map([...groups].map(([host, group]) => [host, group.map(({ found }) => found)]));
}

/** Whether there is a namespace that sees both. */
function meet(view: ManifestView, a: VirtualService, b: VirtualService): boolean {
  const [first, second] = [audience(view, a), audience(view, b)];
  return first.includes('*')
    ? second.some((entry) => entry !== '~')
    : first.some((entry) => second.includes(entry) || second.includes('*'));
}

function audience(view: ManifestView, { exportTo, namespace }: VirtualService): readonly string[] {
  const list = exportTo.length === 0 ? view.mesh.defaultExports.virtualService : exportTo;
  return list.map((entry) => (entry === '.' ? namespace : entry));
}
