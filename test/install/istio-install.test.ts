import { Chart } from 'cdk8s';
import type { IstioInstallProps } from '../../lib';
import {
  Delivery,
  IstioAuthorizerProtocol,
  IstioGatewayRole,
  IstioInstall,
  IstioMesh,
  IstioPathNormalization,
  IstioProviderKind,
  Mesh,
  MeshApp,
  ZeroTrustNamespace,
} from '../../lib';
import { findObject, schemaProblems, synthesize } from '../../lib/testing';

const INGRESS = { name: 'istio-ingress', namespace: 'istio-ingress', role: IstioGatewayRole.INGRESS };

function install(props: Partial<IstioInstallProps> = {}) {
  const app = new MeshApp();
  const made = new IstioInstall(new Chart(app, 'istio'), 'Istio', {
    version: '1.30.3',
    delivery: Delivery.argoCd(),
    ...props,
  });
  return { app, made, objects: synthesize(app) };
}

interface Application {
  readonly metadata: { readonly name: string; readonly annotations: Record<string, string> };
  readonly spec: {
    readonly destination: object;
    readonly source: { readonly helm: { readonly valuesObject: Record<string, unknown> } };
  };
}

function valuesOf(objects: readonly object[], name: string): Record<string, unknown> {
  const found = (objects as readonly Application[]).find(({ metadata }) => metadata.name === name);
  return found?.spec.source.helm.valuesObject ?? {};
}

const EVERYTHING: Partial<IstioInstallProps> = {
  revision: '1-30-3',
  profile: 'platform-gke',
  cni: { binFolder: '/home/kubernetes/bin' },
  gateways: [{ ...INGRESS, preserveClientAddress: true, serviceAnnotations: { 'example.com/scheme': 'internal' } }],
  images: { hub: 'registry.example.com/istio', pullSecrets: ['pull'] },
  meshConfig: { trustDomain: 'prod.example.com', dnsProxying: true, accessLog: true, discoveryLabels: { mesh: 'on' } },
};

describe('by Argo CD', () => {
  test('each chart is an Application, in waves after what it needs', () => {
    const { objects } = install(EVERYTHING);
    const waves = (objects as unknown as readonly Application[]).map(({ metadata }) => [
      metadata.name,
      metadata.annotations['argocd.argoproj.io/sync-wave'],
    ]);
    expect(Object.fromEntries(waves)).toEqual({
      'istio-base': '0',
      'istio-cni': '1',
      'istiod-1-30-3': '2',
      'istio-ingress': '3',
    });
  });

  test('what istiod writes into its webhooks is left alone', () => {
    const { objects } = install();
    expect(objects[0]).toMatchObject({
      spec: {
        ignoreDifferences: [
          { kind: 'MutatingWebhookConfiguration', jqPathExpressions: ['.webhooks[]?.clientConfig.caBundle'] },
          { kind: 'ValidatingWebhookConfiguration', jqPathExpressions: ['.webhooks[]?.clientConfig.caBundle'] },
          { kind: 'ValidatingWebhookConfiguration', jqPathExpressions: ['.webhooks[]?.failurePolicy'] },
        ],
        syncPolicy: { syncOptions: expect.arrayContaining(['RespectIgnoreDifferences=true']) as unknown },
      },
    });
  });

  test('nothing is applied without people unless it is said, and nothing is ever deleted', () => {
    const automated = { automated: { prune: false, selfHeal: true } };
    expect(install().objects[0]).not.toMatchObject({ spec: { syncPolicy: automated } });
    expect(install({ delivery: Delivery.argoCd({ automated: true }) }).objects[0]).toMatchObject({
      spec: { syncPolicy: automated },
    });
  });

  test('one Argo CD installs in several clusters, whose releases are called the same', () => {
    const app = new MeshApp();
    for (const clusterName of ['west', 'east']) {
      const delivery = Delivery.argoCd({ clusterName, applicationPrefix: `${clusterName}-` });
      new IstioInstall(new Chart(app, clusterName), 'Istio', { version: '1.30.3', delivery });
    }
    const objects = synthesize(app);
    expect(objects.map(({ metadata }) => metadata?.name)).toEqual(
      expect.arrayContaining(['west-istiod', 'east-istiod', 'west-istio-base']),
    );
    expect(objects).toContainEqual(
      expect.objectContaining({
        metadata: expect.objectContaining({ name: 'west-istiod' }) as unknown,
        spec: expect.objectContaining({
          source: expect.objectContaining({
            helm: expect.objectContaining({ releaseName: 'istiod' }) as unknown,
          }) as unknown,
        }) as unknown,
      }),
    );
  });

  test('another cluster is meant by its name or its address', () => {
    const delivery = Delivery.argoCd({ clusterName: 'west' });
    expect(install({ delivery }).objects[0]).toMatchObject({ spec: { destination: { name: 'west' } } });
  });
});

describe('by Flux', () => {
  const { objects } = install({ ...EVERYTHING, delivery: Delivery.flux() });

  test('each chart is a HelmRelease that waits for those that it needs', () => {
    const needs = objects
      .filter(({ kind }) => kind === 'HelmRelease')
      .map(({ metadata, spec }) => [metadata?.name, (spec as { dependsOn?: { name: string }[] }).dependsOn]);
    expect(Object.fromEntries(needs)).toEqual({
      'istio-base': undefined,
      'istio-cni': [{ name: 'istio-base' }],
      'istiod-1-30-3': [{ name: 'istio-base' }, { name: 'istio-cni' }],
      'istio-ingress': [{ name: 'istiod-1-30-3' }],
    });
  });

  test('charts come from one repository, at the version of Istio', () => {
    expect(objects).toContainEqual(
      expect.objectContaining({
        kind: 'HelmRepository',
        spec: { url: 'https://istio-release.storage.googleapis.com/charts', interval: '1h' },
      }),
    );
    expect(objects.filter(({ kind }) => kind === 'HelmRelease')).toHaveLength(4);
    for (const { spec } of objects.filter(({ kind }) => kind === 'HelmRelease')) {
      expect(spec).toMatchObject({ chart: { spec: { version: '1.30.3', sourceRef: { name: 'istio' } } } });
    }
  });

  test('a repository of OCI artifacts is one', () => {
    const { objects: made } = install({
      delivery: Delivery.flux(),
      chartRepository: 'oci://registry.example.com/charts/',
    });
    expect(made).toContainEqual(
      expect.objectContaining({
        spec: expect.objectContaining({ type: 'oci', url: 'oci://registry.example.com/charts' }) as unknown,
      }),
    );
  });
});

test.each([
  ['argoCd', Delivery.argoCd({ automated: true })],
  ['flux', Delivery.flux({ repositorySecret: 'charts' })],
])('everything together is valid by the CRDs of its delivery: %s', (_, delivery) => {
  const { objects } = install({ ...EVERYTHING, delivery });
  expect(objects.length).toBeGreaterThan(3);
  expect(schemaProblems(objects)).toEqual([]);
});

test('every delivery carries the same values', () => {
  const byArgo = install(EVERYTHING).objects;
  const byFlux = install({ ...EVERYTHING, delivery: Delivery.flux() }).objects;
  const ofFlux = byFlux.filter(({ kind }) => kind === 'HelmRelease');
  expect(ofFlux).toHaveLength(4);
  for (const { metadata, spec } of ofFlux) {
    expect((spec as { values: object }).values).toEqual(valuesOf(byArgo, metadata?.name ?? ''));
  }
});

test('what holds for every proxy is written out', () => {
  expect(valuesOf(install().objects, 'istiod')).toMatchObject({
    global: {
      istioNamespace: 'istio-system',
      proxy: {
        clusterDomain: 'cluster.local',
        resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '2000m', memory: '1024Mi' } },
      },
    },
    meshConfig: {
      trustDomain: 'cluster.local',
      outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
      pathNormalization: { normalization: 'MERGE_SLASHES' },
    },
    pilot: { autoscaleMin: 2, cni: { enabled: false } },
  });
});

test('the CNI plugin is known to istiod, which would still inject an init container', () => {
  expect(valuesOf(install({ cni: {} }).objects, 'istiod')).toMatchObject({ pilot: { cni: { enabled: true } } });
});

test('a single pod has no disruption budget, which would stop nodes from being drained', () => {
  const gateways = (minReplicas: number) => install({ gateways: [{ ...INGRESS, minReplicas }] }).objects;
  expect(valuesOf(gateways(1), 'istio-ingress')).not.toHaveProperty('podDisruptionBudget');
  expect(valuesOf(gateways(2), 'istio-ingress')).toHaveProperty('podDisruptionBudget', { minAvailable: 1 });
});

test('providers are called by their kind, under their full names', () => {
  const at = { service: 'collector', namespace: 'observability', port: 4317 };
  const providers = [
    { name: 'spans', kind: IstioProviderKind.TRACING, ...at },
    { name: 'logs', kind: IstioProviderKind.ACCESS_LOG, ...at },
    { name: 'judge', kind: IstioProviderKind.EXT_AUTHZ, authorizerProtocol: IstioAuthorizerProtocol.GRPC, ...at },
    { name: 'jury', kind: IstioProviderKind.EXT_AUTHZ, authorizerProtocol: IstioAuthorizerProtocol.HTTP, ...at },
  ];
  const address = { service: 'collector.observability.svc.cluster.local', port: 4317 };
  expect(valuesOf(install({ meshConfig: { providers } }).objects, 'istiod')).toMatchObject({
    meshConfig: {
      extensionProviders: [
        { name: 'spans', opentelemetry: address },
        { name: 'logs', envoyOtelAls: address },
        { name: 'judge', envoyExtAuthzGrpc: address },
        { name: 'jury', envoyExtAuthzHttp: address },
      ],
    },
  });
});

test('gateways are spread over zones where it is said', () => {
  const gateways = (spreadOverZones: boolean) => install({ gateways: [{ ...INGRESS, spreadOverZones }] }).objects;
  expect(valuesOf(gateways(false), 'istio-ingress')).not.toHaveProperty('topologySpreadConstraints');
  expect(valuesOf(gateways(true), 'istio-ingress')).toMatchObject({
    topologySpreadConstraints: [
      {
        topologyKey: 'topology.kubernetes.io/zone',
        labelSelector: { matchLabels: { app: 'istio-ingress', istio: 'ingress' } },
      },
    ],
  });
});

test('a single pod of istiod has none either', () => {
  const values = (minReplicas: number) => valuesOf(install({ controlPlane: { minReplicas } }).objects, 'istiod');
  expect(values(1)).toMatchObject({ global: { defaultPodDisruptionBudget: { enabled: false } } });
  expect(values(2)).not.toHaveProperty(['global', 'defaultPodDisruptionBudget']);
});

test('more pods than five at least are five at most of nothing', () => {
  expect(valuesOf(install({ controlPlane: { minReplicas: 8 } }).objects, 'istiod')).toMatchObject({
    pilot: { autoscaleMin: 8, autoscaleMax: 8 },
  });
});

test.each(['default', 'minimal'])('profile `%s` of istioctl is none of the charts', (profile) => {
  expect(install({ profile, cni: {} }).objects).toEqual(install({ cni: {} }).objects);
});

test('what is off is said to the charts, which may have it on by a profile', () => {
  const meshConfig = { accessLog: false, dnsProxying: false };
  expect(valuesOf(install({ profile: 'demo', meshConfig }).objects, 'istiod')).toMatchObject({
    meshConfig: { accessLogFile: '', defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'false' } } },
  });
});

test('values at the top of a chart are fine where no option says them, and may repeat one', () => {
  const values = { istiod: { env: { A: 'b' }, autoscaleMin: 2, resources: { limits: { cpu: '2' } } } };
  const made = install({ values, controlPlane: { cpuRequest: '1' } });
  expect(valuesOf(made.objects, 'istiod')).toMatchObject({ ...values.istiod, pilot: { autoscaleMin: 2 } });
});

test('names that every JavaScript object has are values as others', () => {
  const values = { istiod: { pilot: { env: { constructor: 'a', toString: 'b' } } } };
  expect(valuesOf(install({ values }).objects, 'istiod')).toMatchObject(values.istiod);
});

test('props that cannot be changed are taken as they are', () => {
  const frozen = Object.freeze({ ...EVERYTHING, gateways: Object.freeze([Object.freeze({ ...INGRESS })]) });
  expect(() => install(frozen as unknown as Partial<IstioInstallProps>)).not.toThrow();
});

test('namespaces of the mesh have the labels by which istiod sees them', () => {
  const app = new MeshApp();
  const made = new IstioInstall(new Chart(app, 'istio'), 'Istio', {
    version: '1.30.3',
    delivery: Delivery.argoCd(),
    meshConfig: { discoveryLabels: { mesh: 'on' } },
  });
  Mesh.use(app, IstioMesh.fromInstall(made));
  new ZeroTrustNamespace(new Chart(app, 'shop'), 'Namespace', { name: 'shop' });
  expect(findObject(synthesize(app), 'Namespace', 'shop').metadata?.labels).toMatchObject({
    mesh: 'on',
    'istio-injection': 'enabled',
  });
});

test('own values stand beside those of options, and may repeat them', () => {
  const values = { istiod: { pilot: { env: { A: 'b' }, autoscaleMin: 2 }, global: { logAsJson: true } } };
  expect(valuesOf(install({ values }).objects, 'istiod')).toMatchObject({
    pilot: { env: { A: 'b' }, autoscaleMin: 2, autoscaleMax: 5 },
    global: { logAsJson: true, istioNamespace: 'istio-system' },
  });
});

test('the rest of the app knows what is installed', () => {
  const { made } = install(EVERYTHING);
  expect(made.meshProps).toMatchObject({
    version: '1.30.3',
    revision: '1-30-3',
    trustDomain: 'prod.example.com',
    cni: true,
    pathNormalization: IstioPathNormalization.MERGE_SLASHES,
    ingressGateway: {
      namespace: 'istio-ingress',
      serviceAccount: 'istio-ingress',
      podLabels: { app: 'istio-ingress', istio: 'ingress' },
      trustedProxies: 0,
    },
  });
  const app = new MeshApp();
  expect(() => Mesh.use(app, IstioMesh.fromInstall(made))).not.toThrow();
});

test('two installs of different revisions share a cluster, and equal ones do not stand in different clusters’ way', () => {
  const app = new MeshApp();
  const chart = new Chart(app, 'istio');
  const at = (id: string, revision: string | undefined, delivery: Delivery) =>
    new IstioInstall(chart, id, { version: '1.30.3', delivery, revision });
  at('A', undefined, Delivery.flux());
  at('B', undefined, Delivery.argoCd({ clusterName: 'west' }));
  expect(() => synthesize(app)).not.toThrow();
});
