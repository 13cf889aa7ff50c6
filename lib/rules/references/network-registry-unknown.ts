import { registries } from '../../manifests/mesh/installation';
import { meshNetworks } from '../../manifests/mesh/networks';
import type { Rule } from '../rule';
import { CLUSTERS, networksConfig, together } from '../samples';

export const networkRegistryUnknown: Rule = {
  code: 'MESH-CHK-222',
  istio: 'IST0126',
  severity: 'error',
  title: 'A network of a cluster that istiod does not know',
  why: 'No endpoint is in this network: traffic to its pods goes directly to addresses that cannot be reached.',
  fix: 'write `fromRegistry` as the key of the Secret with the label `istio/multiCluster: "true"`, or as the name of the own cluster',
  examples: {
    bad: [
      together(
        CLUSTERS,
        networksConfig(`networks:
  west: { endpoints: [{ fromRegistry: weest }], gateways: [{ address: 192.0.2.1, port: 15443 }] }`),
      ),
      together(
        CLUSTERS,
        networksConfig(`networks:
  east: { endpoints: [{ fromRegistry: Kubernetes }], gateways: [{ address: 192.0.2.1, port: 15443 }] }`),
        `apiVersion: v1
kind: ConfigMap
metadata: { name: istio-sidecar-injector, namespace: istio-system }
data: { values: '{ "global": { "multiCluster": { "clusterName": "east" } } }' }
`,
      ),
    ],
    good: [
      together(
        CLUSTERS,
        networksConfig(`networks:
  east: { endpoints: [{ fromRegistry: Kubernetes }], gateways: [{ address: 192.0.2.1, port: 15443 }] }
  west: { endpoints: [{ fromRegistry: west }], gateways: [{ address: 192.0.2.2, port: 15443 }] }`),
      ),
      together(
        CLUSTERS,
        networksConfig(`networks:
  west: { endpoints: [{ fromCidr: 10.1.0.0/16 }], gateways: [{ address: 192.0.2.1, port: 15443 }] }`),
      ),
    ],
  },
  check: (view) => {
    const found = meshNetworks(view);
    if (found === undefined || !view.sees(view.mesh.rootNamespace)) return [];
    const known = view.fact(registries);
    return found.networks.flatMap(({ name, endpoints }) =>
      endpoints.flatMap(({ field, registry }) =>
        registry === undefined || known.has(registry)
          ? []
          : [
              {
                object: found.object,
                field,
                message: `the network \`${name}\` has the endpoints of \`${registry}\`, and istiod knows only \`${[...known].join(', ')}\``,
              },
            ],
      ),
    );
  },
};
