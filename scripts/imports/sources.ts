/** A published Go module that holds CustomResourceDefinitions. One line here imports one more project. */
export interface CrdSource {
  readonly module: string;
  readonly version: string;
  /** A file, or a folder whose CRDs are all taken, inside the module. */
  readonly path: string;
  /** Where the module keeps its stable channel, if it publishes two. */
  readonly standardPath?: string;
  /** The kinds to take; all of them where it is left out. */
  readonly kinds?: readonly string[];
  /** Copies of built-in types inside its schemas, by their path from the object: each becomes the built-in definition itself. */
  readonly builtIns?: Readonly<Record<string, string>>;
}

export const crdSources: readonly CrdSource[] = [
  { module: 'istio.io/api', version: 'v1.30.3', path: 'kubernetes/customresourcedefinitions.gen.yaml' },
  {
    module: 'sigs.k8s.io/gateway-api',
    version: 'v1.5.1',
    path: 'config/crd/experimental',
    standardPath: 'config/crd/standard',
  },
  {
    module: 'github.com/argoproj/argo-rollouts',
    version: 'v1.10.1',
    path: 'manifests/crds',
    kinds: ['AnalysisTemplate', 'Rollout'],
    builtIns: {
      'spec.template': 'io.k8s.api.core.v1.PodTemplateSpec',
      'spec.metrics[].provider.job.spec': 'io.k8s.api.batch.v1.JobSpec',
    },
  },
  {
    module: 'github.com/fluxcd/flagger',
    version: 'v1.43.0',
    path: 'artifacts/flagger/crd.yaml',
    kinds: ['Canary', 'MetricTemplate'],
  },
  {
    module: 'github.com/argoproj/argo-cd/v3',
    version: 'v3.1.9',
    path: 'manifests/crds/application-crd.yaml',
    kinds: ['Application'],
  },
  {
    module: 'github.com/fluxcd/helm-controller',
    version: 'v1.4.0',
    path: 'config/crd/bases',
    kinds: ['HelmRelease'],
  },
  {
    module: 'github.com/fluxcd/kustomize-controller',
    version: 'v1.7.3',
    path: 'config/crd/bases',
    kinds: ['Kustomization'],
  },
  {
    module: 'github.com/fluxcd/source-controller',
    version: 'v1.7.0',
    path: 'config/crd/bases',
    kinds: ['GitRepository', 'HelmRepository'],
  },
  {
    module: 'github.com/prometheus-operator/prometheus-operator',
    version: 'v0.85.0',
    path: 'example/prometheus-operator-crd',
    kinds: ['PodMonitor', 'PrometheusRule', 'ServiceMonitor'],
  },
  {
    module: 'github.com/cert-manager/cert-manager',
    version: 'v1.18.2',
    path: 'deploy/crds/crd-certificates.yaml',
    kinds: ['Certificate'],
  },
];

export const builtIns = { module: 'k8s.io/kubernetes', version: 'v1.36.3', path: 'api/openapi-spec/v3' };

/** The built-in kinds that the library emits, patches or reads, by the file of their API. */
export const builtInKinds: Readonly<Record<string, readonly string[]>> = {
  'api__v1_openapi.json': ['ConfigMap', 'Namespace', 'Pod', 'Secret', 'Service', 'ServiceAccount'],
  'apis__admissionregistration.k8s.io__v1_openapi.json': ['MutatingWebhookConfiguration'],
  'apis__apps__v1_openapi.json': ['DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'],
  'apis__batch__v1_openapi.json': ['CronJob', 'Job'],
  'apis__networking.k8s.io__v1_openapi.json': ['NetworkPolicy'],
};
