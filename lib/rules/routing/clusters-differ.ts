import { meshNetworks } from '../../manifests/mesh/networks';
import { groupBy } from '../../manifests/mesh/groups';
import type { MeshService } from '../../manifests/mesh/services';
import { services } from '../../manifests/mesh/services';
import { registries } from '../../manifests/mesh/installation';
import type { ManifestView } from '../../manifests/view';
import type { Rule } from '../rule';
import { CART_SERVICE, CLUSTERS, networksConfig, together } from '../samples';

const NETWORKS = networksConfig(`networks:
  east: { endpoints: [{ fromRegistry: Kubernetes }], gateways: [{ address: 192.0.2.1, port: 15443 }] }
  west: { endpoints: [{ fromRegistry: west }], gateways: [{ address: 192.0.2.2, port: 15443 }] }`);

export const clustersDiffer: Rule = {
  code: 'MESH-CHK-314',
  istio: 'IST0170',
  severity: 'warning',
  title: 'One Service of two clusters that is not the same in both',
  why: 'Istio makes one service of the Services of a name in all clusters. What they disagree on is taken from one of them, and does not hold in the other.',
  fix: 'give the Service the same ports and the same form in all clusters',
  examples: {
    bad: [
      together(
        CLUSTERS,
        NETWORKS,
        CART_SERVICE,
        `apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 8080, targetPort: 8080, name: http }] }
`,
      ),
      together(
        CLUSTERS,
        CART_SERVICE,
        `apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { clusterIP: None, selector: { app: cart }, ports: [{ port: 80, targetPort: 8080, name: http }] }
`,
      ),
    ],
    good: [
      together(
        CLUSTERS,
        NETWORKS,
        CART_SERVICE,
        `apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart, tier: backend }, ports: [{ port: 80, targetPort: 9090, name: http }] }
`,
      ),
      together(
        CART_SERVICE,
        `apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 8080, targetPort: 8080, name: http }] }
`,
      ),
    ],
  },
  check: (view) =>
    // In one cluster it is the same object twice, or an older state of it.
    !isOverClusters(view)
      ? []
      : [...groupBy(services(view), ({ host }) => host).values()].flatMap(([first, ...others]) =>
          others.flatMap((other) => {
            const difference = first === undefined ? undefined : differenceOf(first, other);
            if (first === undefined || difference === undefined) return [];
            const judged = view.isJudged(other.object) ? other : first;
            return [
              { object: judged.object, field: difference.field, message: `\`${other.host}\` ${difference.message}` },
            ];
          }),
        ),
};

/** Manifests of other clusters are usually given as context. */
function isOverClusters(view: ManifestView): boolean {
  return registries(view).size > 1 || (meshNetworks(view)?.networks.length ?? 0) > 1;
}

function differenceOf(
  a: MeshService,
  b: MeshService,
): { readonly field: string; readonly message: string } | undefined {
  if (a.isHeadless !== b.isHeadless) return { field: 'spec.clusterIP', message: 'is headless in one cluster only' };
  if (portsOf(a) === portsOf(b)) return undefined;
  return {
    field: 'spec.ports',
    message: `has the ports \`${portsOf(a)}\` in one cluster and \`${portsOf(b)}\` in another`,
  };
}

function portsOf({ ports }: MeshService): string {
  return ports
    .map(({ port, protocol }) => `${port} (${protocol})`)
    .sort()
    .join(', ');
}
