import { quoted } from '../../errors';
import { Kind } from '../../manifests/kinds';
import type { LocatedObject } from '../../manifests/located';
import { NETWORK_LABEL, meshNetworks, networksWithGateway } from '../../manifests/mesh/networks';
import { workloads } from '../../manifests/mesh/workloads';
import { stringMap, textAt } from '../../manifests/objects';
import type { ManifestView } from '../../manifests/view';
import { podTemplatePath } from '../../manifests/workload';
import type { Rule } from '../rule';
import { CLUSTERS, networksConfig, together } from '../samples';

export const networkUnknown: Rule = {
  code: 'MESH-CHK-224',
  severity: 'error',
  title: 'Something is in a network into which no gateway leads',
  why: 'Pods of the other networks know no gateway to it, and leave its endpoints out.',
  fix: 'correct the name of the network, or give it a gateway: in the MeshNetworks, or by a Service with the label `topology.istio.io/network`',
  examples: {
    bad: [
      together(
        CLUSTERS,
        networksConfig(`networks:
  east: { endpoints: [{ fromRegistry: Kubernetes }], gateways: [{ address: 192.0.2.1, port: 15443 }] }`),
        `apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: { name: vm, namespace: shop }
spec: { address: 10.1.2.3, network: est, labels: { app: cart } }
`,
      ),
      `apiVersion: v1
kind: Namespace
metadata: { name: istio-system, labels: { topology.istio.io/network: east1 } }
---
${networksConfig(`networks:
  east: { endpoints: [{ fromRegistry: Kubernetes }], gateways: [{ address: 192.0.2.1, port: 15443 }] }`)}`,
    ],
    good: [
      together(
        CLUSTERS,
        networksConfig(`networks:
  east: { endpoints: [{ fromRegistry: Kubernetes }], gateways: [{ address: 192.0.2.1, port: 15443 }] }`),
        `apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: { name: vm, namespace: shop }
spec: { address: 10.1.2.3, network: vms, labels: { app: cart } }
---
apiVersion: v1
kind: Service
metadata: { name: eastwest-vms, namespace: istio-system, labels: { topology.istio.io/network: vms } }
spec: { type: LoadBalancer, selector: { istio: eastwest }, ports: [{ name: tls, port: 15443 }] }
`,
      ),
      `apiVersion: v1
kind: Namespace
metadata: { name: istio-system, labels: { topology.istio.io/network: east } }
`,
    ],
  },
  check: (view) => {
    // Without networks of the mesh, gateways are found by labels alone, often in clusters that nobody sees here.
    if (meshNetworks(view) === undefined) return [];
    const known = networksWithGateway(view);
    return placed(view).flatMap(({ object, field, network }) =>
      known.has(network)
        ? []
        : [
            {
              object,
              field,
              message: `no gateway leads into the network \`${network}\`, only into ${quoted([...known])}`,
            },
          ],
    );
  },
};

interface Placed {
  readonly object: LocatedObject;
  readonly field: string;
  readonly network: string;
}

function placed(view: ManifestView): readonly Placed[] {
  const label = `["${NETWORK_LABEL}"]`;
  return [
    ...view
      .of(Kind.NAMESPACE)
      .map((object) => ({ object, field: `metadata.labels${label}`, network: labelOf(object) })),
    ...workloads(view).map(({ object, labels }) => ({
      object,
      field: `${[...podTemplatePath(object.object.kind), 'metadata', 'labels'].join('.')}${label}`,
      network: labels[NETWORK_LABEL],
    })),
    ...view
      .of(Kind.WORKLOAD_ENTRY)
      .map((object) => ({ object, field: 'spec.network', network: textAt(object.object, 'spec', 'network') })),
    ...view.of(Kind.WORKLOAD_GROUP).map((object) => ({
      object,
      field: 'spec.template.network',
      network: textAt(object.object, 'spec', 'template', 'network'),
    })),
  ].flatMap(({ network, ...place }) => (network === undefined || network === '' ? [] : [{ ...place, network }]));
}

function labelOf({ object }: LocatedObject): string | undefined {
  return stringMap(object.metadata?.labels)[NETWORK_LABEL];
}
