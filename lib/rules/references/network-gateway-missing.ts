import { meshNetworks } from '../../manifests/mesh/networks';
import { findHost, seesHost, targetPorts } from '../../manifests/mesh/registry';
import type { NetworkGateway } from '../../manifests/mesh/networks';
import type { ManifestView } from '../../manifests/view';
import type { Rule } from '../rule';
import { CLUSTERS, networksConfig, together } from '../samples';

export const networkGatewayMissing: Rule = {
  code: 'MESH-CHK-223',
  severity: 'error',
  title: 'A network whose gateway is no Service, or does not have the port',
  why: 'Istio finds no address for the gateway: pods of other networks cannot call pods of this one.',
  fix: 'write `registryServiceName` as the full host of the Service, and `port` as one of its ports',
  examples: {
    bad: [
      together(
        CLUSTERS,
        networksConfig(`networks:
  east: { endpoints: [{ fromRegistry: Kubernetes }], gateways: [{ registryServiceName: eastwest.istio-system.svc.cluster.local, port: 15443 }] }`),
      ),
      together(
        CLUSTERS,
        networksConfig(`networks:
  east: { endpoints: [{ fromRegistry: Kubernetes }], gateways: [{ registryServiceName: eastwest.istio-system.svc.cluster.local, port: 443 }] }`),
        `apiVersion: v1
kind: Service
metadata: { name: eastwest, namespace: istio-system }
spec: { type: LoadBalancer, selector: { istio: eastwest }, ports: [{ name: tls, port: 15443 }] }
`,
      ),
    ],
    good: [
      together(
        CLUSTERS,
        networksConfig(`networks:
  east: { endpoints: [{ fromRegistry: Kubernetes }], gateways: [{ registryServiceName: eastwest.istio-system.svc.cluster.local, port: 15443 }] }`),
        `apiVersion: v1
kind: Service
metadata: { name: eastwest, namespace: istio-system }
spec: { type: LoadBalancer, selector: { istio: eastwest }, ports: [{ name: tls, port: 15443 }] }
`,
      ),
      together(
        CLUSTERS,
        networksConfig(`networks:
  west: { endpoints: [{ fromRegistry: west }], gateways: [{ address: gateway.west.example.com, port: 15443 }] }`),
      ),
    ],
  },
  check: (view) => {
    const found = meshNetworks(view);
    if (found === undefined) return [];
    return found.networks.flatMap(({ name, gateways }) =>
      gateways.flatMap((gateway) => {
        const problem = problemOf(view, gateway);
        return problem === undefined
          ? []
          : [
              {
                object: found.object,
                field: gateway.field,
                message: `the gateway of the network \`${name}\`: ${problem}`,
              },
            ];
      }),
    );
  },
};

function problemOf(view: ManifestView, { service, port }: NetworkGateway): string | undefined {
  if (service === undefined) return undefined;
  const host = service.toLowerCase();
  const target = findHost(view, host, view.mesh.rootNamespace);
  if (target !== undefined) {
    const ports = targetPorts(target);
    return ports.includes(port) ? undefined : `\`${service}\` has the ports \`${ports.join(', ')}\`, not \`${port}\``;
  }
  return seesHost(view, host) ? `there is no Service \`${service}\`` : undefined;
}
