/** A published Go module that holds CustomResourceDefinitions. One line here imports one more project. */
export interface CrdSource {
  readonly module: string;
  readonly version: string;
  /** A file, or a folder whose CRDs are all taken, inside the module. */
  readonly path: string;
  /** Where the module keeps its stable channel, if it publishes two. */
  readonly standardPath?: string;
}

export const crdSources: readonly CrdSource[] = [
  { module: 'istio.io/api', version: 'v1.30.3', path: 'kubernetes/customresourcedefinitions.gen.yaml' },
  {
    module: 'sigs.k8s.io/gateway-api',
    version: 'v1.5.1',
    path: 'config/crd/experimental',
    standardPath: 'config/crd/standard',
  },
];

export const builtIns = { module: 'k8s.io/kubernetes', version: 'v1.36.3', path: 'api/openapi-spec/v3' };

/** The built-in kinds that the library emits, patches or reads, by the file of their API. */
export const builtInKinds: Readonly<Record<string, readonly string[]>> = {
  'api__v1_openapi.json': ['ConfigMap', 'Namespace', 'Pod', 'Secret', 'Service', 'ServiceAccount'],
  'apis__apps__v1_openapi.json': ['DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'],
  'apis__batch__v1_openapi.json': ['CronJob', 'Job'],
  'apis__networking.k8s.io__v1_openapi.json': ['NetworkPolicy'],
};
