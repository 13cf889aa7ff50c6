import { Chart } from 'cdk8s';
import { Testing as TerraformTesting } from 'cdktf';
import { parse } from 'yaml';
import type { IstioInstallProps, PrometheusInstallProps } from '../../lib';
import {
  CompanionStorage,
  Delivery,
  GrafanaInstall,
  IstioInstall,
  IstioMesh,
  IstioUpgradeStage,
  JaegerInstall,
  JaegerStorage,
  KialiInstall,
  KialiLogin,
  Mesh,
  MeshApp,
  MeshTelemetry,
  MeshedService,
  MetricsScrape,
  OpenTelemetryCollectorInstall,
  Port,
  PrometheusInstall,
  Tracing,
  Workload,
  ZeroTrustNamespace,
} from '../../lib';
import { withCompanions } from '../../lib/install/istio/companions';
import { TerraformDelivery } from '../../lib/terraform';
import { schemaProblems, synthesize } from '../../lib/testing';
import { FAKE_HELM, terraformStack } from '../support/install/emitted';

const delivery = Delivery.argoCd();
const COMMON = { chartVersion: '99.0.0', delivery };
const STORAGE = CompanionStorage.volume('50Gi');

function prometheus(chart: Chart, props: Partial<PrometheusInstallProps> = {}) {
  return new PrometheusInstall(chart, 'Prometheus', { ...COMMON, storage: STORAGE, ...props });
}

function jaeger(chart: Chart, storage: JaegerStorage = JaegerStorage.memory()) {
  return new JaegerInstall(chart, 'Jaeger', { ...COMMON, storage, publicUrl: 'https://jaeger.example.com/' });
}

interface Emitted {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec: {
    readonly destination: { readonly namespace: string };
    readonly source: { readonly helm: { readonly valuesObject: Record<string, unknown> } };
    readonly values: unknown;
  };
  readonly data: { readonly text: string };
}

/** What one thing in an app becomes. */
function made(make: (chart: Chart) => unknown): readonly Emitted[] {
  const app = new MeshApp();
  make(new Chart(app, 'companions'));
  return synthesize(app) as unknown as readonly Emitted[];
}

function valuesOf(make: (chart: Chart) => unknown): Record<string, unknown> {
  return made(make)[0]?.spec.source.helm.valuesObject ?? {};
}

/** A service of a zero-trust namespace on an Istio with companions, where metrics and traces are wanted. */
function meshed(companions: (chart: Chart) => NonNullable<IstioInstallProps['companions']>) {
  const app = new MeshApp();
  const install = new IstioInstall(new Chart(app, 'istio'), 'Istio', {
    version: '1.30.3',
    delivery,
    companions: companions(new Chart(app, 'companions')),
  });
  Mesh.use(app, IstioMesh.fromInstall(install));
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  new ZeroTrustNamespace(chart, 'Namespace', { name: 'shop' });
  new MeshedService(chart, 'Cart', {
    name: 'cart',
    workload: Workload.external({
      kind: 'Deployment',
      name: 'cart',
      labels: { app: 'cart' },
      serviceAccount: 'cart',
      containerPorts: [8080],
    }),
    ports: [Port.http(80, { containerPort: 8080 })],
  });
  new MeshTelemetry(chart, 'Telemetry', { tracing: Tracing.sampled(1) });
  new MetricsScrape(chart, 'Scrape', {});
  return synthesize(app);
}

describe('Prometheus', () => {
  test('finds monitors and rules of every namespace, and leaves Grafana to others', () => {
    const values = valuesOf((chart) => prometheus(chart, { retentionDays: 30, replicas: 2 }));
    expect(values).toMatchObject({
      fullnameOverride: 'prometheus',
      grafana: { enabled: false, forceDeployDashboards: true },
      prometheus: {
        prometheusSpec: {
          replicas: 2,
          retention: '30d',
          podMonitorSelectorNilUsesHelmValues: false,
          serviceMonitorSelectorNilUsesHelmValues: false,
          ruleSelectorNilUsesHelmValues: false,
          storageSpec: { volumeClaimTemplate: { spec: { resources: { requests: { storage: '50Gi' } } } } },
        },
      },
    });
  });

  test('temporary storage claims no volume', () => {
    const values = valuesOf((chart) => prometheus(chart, { storage: CompanionStorage.temporary() }));
    expect(JSON.stringify(values)).not.toContain('storageSpec');
  });

  test('what its job writes into webhooks is left alone', () => {
    expect(made((chart) => prometheus(chart))[0]).toMatchObject({
      metadata: { name: 'prometheus' },
      spec: {
        destination: { namespace: 'monitoring' },
        ignoreDifferences: expect.arrayContaining([
          expect.objectContaining({ jqPathExpressions: ['.webhooks[]?.failurePolicy'] }),
        ]) as unknown,
      },
    });
  });

  test('resources, and values that contradict nothing, are added', () => {
    const values = valuesOf((chart) =>
      prometheus(chart, {
        resources: { cpuRequest: '1', memoryRequest: '2Gi', memoryLimit: '4Gi' },
        values: { alertmanager: { enabled: false }, prometheus: { prometheusSpec: { shards: 2 } } },
      }),
    );
    expect(values).toMatchObject({
      alertmanager: { enabled: false },
      prometheus: {
        prometheusSpec: {
          shards: 2,
          resources: { requests: { cpu: '1', memory: '2Gi' }, limits: { memory: '4Gi' } },
        },
      },
    });
  });
});

describe('companions of a mesh', () => {
  const emitted = meshed((chart) => [prometheus(chart), jaeger(chart)]);
  const objects = emitted as unknown as readonly Emitted[];

  test('the collector of spans is in the mesh configuration', () => {
    const istiod = objects.find(({ metadata }) => metadata.name === 'istiod');
    expect(istiod?.spec.source.helm.valuesObject).toMatchObject({
      meshConfig: {
        extensionProviders: [
          { name: 'jaeger', opentelemetry: { service: 'jaeger.observability.svc.cluster.local', port: 4317 } },
        ],
      },
    });
  });

  test('proxies send it spans, and get there and nowhere else in its namespace', () => {
    expect(objects).toContainEqual(
      expect.objectContaining({
        kind: 'Telemetry',
        spec: { tracing: [expect.objectContaining({ providers: [{ name: 'jaeger' }] })] },
      }),
    );
    const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy');
    expect(policies).toContainEqual(
      expect.objectContaining({
        spec: expect.objectContaining({
          egress: expect.arrayContaining([
            {
              to: [
                {
                  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'observability' } },
                  podSelector: {
                    matchLabels: { 'app.kubernetes.io/instance': 'jaeger', 'app.kubernetes.io/name': 'jaeger' },
                  },
                },
              ],
              ports: [{ port: 4317, protocol: 'TCP' }],
            },
          ]) as unknown,
        }) as unknown,
      }),
    );
    const sidecars = objects.filter(({ kind }) => kind === 'Sidecar');
    expect(JSON.stringify(sidecars)).toContain('observability/jaeger.observability.svc.cluster.local');
  });

  test('Prometheus is let in to the metrics of proxies', () => {
    const policies = JSON.stringify(objects.filter(({ kind }) => kind === 'NetworkPolicy'));
    expect(policies).toContain('"kubernetes.io/metadata.name":"monitoring"');
    expect(objects.map(({ kind }) => kind)).toContain('PodMonitor');
  });

  test('all of it is valid', () => {
    expect(schemaProblems(emitted)).toEqual([]);
  });

  test('without Prometheus, collecting from a zero-trust namespace stays an error', () => {
    expect(() => meshed((chart) => [jaeger(chart)])).toThrow('MESH-API-');
  });

  test('the mesh configuration of an upgrade has the collector, too', () => {
    const upgrade = { version: '1.30.3', revision: '1-30-3', stage: IstioUpgradeStage.BASE };
    const { meshFacts } = jaeger(new Chart(new MeshApp(), 'companions'));
    const props = { version: '1.29.5', delivery, companions: [{ meshFacts }] };
    const own = withCompanions({ ...props, upgrade: { ...upgrade, meshConfig: { accessLog: true } } });
    expect(own.upgrade?.meshConfig).toEqual({ accessLog: true, providers: [meshFacts.provider] });
    const inherited = withCompanions({ ...props, upgrade });
    expect(inherited).toMatchObject({ meshConfig: { providers: [meshFacts.provider] }, upgrade });
    expect(inherited.upgrade).not.toHaveProperty('meshConfig');
  });
});

describe('Jaeger', () => {
  test('keeps spans in memory with nothing but the names that the mesh relies on', () => {
    expect(valuesOf((chart) => jaeger(chart))).toEqual({ fullnameOverride: 'jaeger', nameOverride: 'jaeger' });
  });

  test('keeps spans in an Elasticsearch, with a password that is in no manifest', () => {
    const storage = JaegerStorage.elasticsearch({
      urls: ['https://es.logging:9200'],
      secret: 'es',
      indexPrefix: 'prod',
    });
    expect(valuesOf((chart) => jaeger(chart, storage))).toMatchObject({
      jaeger: {
        extraEnv: [
          { name: 'ES_USERNAME', valueFrom: { secretKeyRef: { name: 'es', key: 'username' } } },
          { name: 'ES_PASSWORD', valueFrom: { secretKeyRef: { name: 'es', key: 'password' } } },
        ],
      },
      userconfig: {
        extensions: {
          jaeger_query: { storage: { traces: 'main' } },
          jaeger_storage: {
            backends: {
              main: {
                elasticsearch: {
                  server_urls: ['https://es.logging:9200'],
                  auth: { basic: { username: '${env:ES_USERNAME}', password: '${env:ES_PASSWORD}' } },
                  indices: { index_prefix: 'prod' },
                },
              },
            },
          },
        },
        exporters: { jaeger_storage_exporter: { trace_storage: 'main' } },
        receivers: { otlp: { protocols: { grpc: { endpoint: '0.0.0.0:4317' } } } },
      },
    });
  });
});

describe('the OpenTelemetry collector', () => {
  test('takes spans as gRPC, and sends them to Jaeger in plain text', () => {
    const values = made((chart) => {
      const { otlpUrl: exportUrl } = jaeger(chart);
      new OpenTelemetryCollectorInstall(chart, 'Collector', { ...COMMON, exportUrl });
    })[1]?.spec.source.helm.valuesObject;
    expect(values).toMatchObject({
      mode: 'deployment',
      replicaCount: 2,
      podDisruptionBudget: { enabled: true, minAvailable: 1 },
      image: { repository: 'otel/opentelemetry-collector-k8s' },
      ports: { otlp: { servicePort: 4317, appProtocol: 'grpc' }, zipkin: { enabled: false } },
      config: {
        exporters: { otlp: { endpoint: 'jaeger.observability:4317', tls: { insecure: true } } },
        service: { pipelines: { traces: { receivers: ['otlp'], exporters: ['otlp'] } } },
      },
    });
  });

  test('speaks TLS to an address that begins with https', () => {
    const values = valuesOf(
      (chart) =>
        new OpenTelemetryCollectorInstall(chart, 'Collector', {
          ...COMMON,
          exportUrl: 'https://traces.example.com:4317',
          replicas: 1,
        }),
    );
    expect(values).toMatchObject({
      config: { exporters: { otlp: { endpoint: 'traces.example.com:4317', tls: { insecure: false } } } },
    });
    expect(values).not.toHaveProperty('podDisruptionBudget');
  });

  test('is what proxies send spans to', () => {
    const objects = meshed((chart) => [
      prometheus(chart),
      new OpenTelemetryCollectorInstall(chart, 'Collector', { ...COMMON, exportUrl: 'http://tempo.tracing:4317' }),
    ]);
    expect(JSON.stringify(objects)).toContain('"app.kubernetes.io/name":"opentelemetry-collector"');
    expect(JSON.stringify(objects)).toContain('observability/otel-collector.observability.svc.cluster.local');
  });
});

describe('Grafana', () => {
  const values = valuesOf((chart) => {
    new GrafanaInstall(chart, 'Grafana', {
      ...COMMON,
      prometheus: { url: 'http://prometheus-prometheus.monitoring:9090' },
      jaeger: { url: 'http://jaeger.observability:16686' },
      adminSecret: 'grafana-admin',
      publicUrl: 'https://grafana.example.com/',
      storage: CompanionStorage.volume('10Gi', 'fast'),
    });
  });

  test('asks Prometheus first, and Jaeger', () => {
    expect(values).toMatchObject({
      datasources: {
        'datasources.yaml': {
          datasources: [
            { type: 'prometheus', url: 'http://prometheus-prometheus.monitoring:9090', isDefault: true },
            { type: 'jaeger', url: 'http://jaeger.observability:16686' },
          ],
        },
      },
    });
  });

  test('looks for the dashboards of all namespaces', () => {
    expect(values).toMatchObject({
      sidecar: { dashboards: { enabled: true, label: 'grafana_dashboard', labelValue: '1', searchNamespace: 'ALL' } },
    });
  });

  test('has no password in its values', () => {
    expect(values).toMatchObject({ admin: { existingSecret: 'grafana-admin' } });
    expect(JSON.stringify(values)).not.toContain('adminPassword');
  });

  test('waits for its volume', () => {
    expect(values).toMatchObject({
      persistence: { enabled: true, size: '10Gi', storageClassName: 'fast' },
      deploymentStrategy: { type: 'Recreate' },
    });
  });
});

describe('Kiali', () => {
  const kiali = (props: object = {}, mesh = new IstioMesh({ version: '1.30.3', rootNamespace: 'mesh' })) =>
    valuesOf((chart) => {
      new KialiInstall(chart, 'Kiali', {
        ...COMMON,
        mesh,
        prometheus: { url: 'http://prometheus-prometheus.monitoring:9090' },
        secret: 'kiali',
        ...props,
      });
    });

  test('knows the control plane and what it asks', () => {
    expect(
      kiali({
        grafana: { url: 'http://grafana.monitoring', publicUrl: 'https://grafana.example.com' },
        jaeger: { url: 'http://jaeger.observability:16686' },
      }),
    ).toMatchObject({
      istio_namespace: 'mesh',
      external_services: {
        istio: { root_namespace: 'mesh' },
        prometheus: { url: 'http://prometheus-prometheus.monitoring:9090' },
        grafana: {
          enabled: true,
          internal_url: 'http://grafana.monitoring',
          external_url: 'https://grafana.example.com',
        },
        tracing: { enabled: true, provider: 'jaeger', internal_url: 'http://jaeger.observability:16686' },
      },
    });
  });

  test('lets nobody in without a login, and changes nothing', () => {
    expect(kiali()).toMatchObject({
      auth: { strategy: 'token' },
      deployment: { view_only_mode: true },
      external_services: { grafana: { enabled: false }, tracing: { enabled: false } },
    });
  });

  test('signs sessions with a key that is in no manifest', () => {
    expect(kiali()).toMatchObject({
      login_token: { signing_key: 'secret:kiali:signing-key' },
      deployment: { secret_name: 'kiali' },
    });
  });

  test('other ways to log in are chosen by name', () => {
    const openId = KialiLogin.openId({ issuerUrl: 'https://login.example.com', clientId: 'kiali' });
    expect(kiali({ login: openId })).toMatchObject({
      auth: { strategy: 'openid', openid: { client_id: 'kiali', issuer_uri: 'https://login.example.com' } },
    });
    expect(kiali({ login: KialiLogin.openShift('https://kiali.apps.example.com') })).toMatchObject({
      auth: { strategy: 'openshift' },
      kiali_route_url: 'https://kiali.apps.example.com',
    });
    expect(kiali({ login: KialiLogin.unsafeAnonymous(), canEdit: true })).toMatchObject({
      auth: { strategy: 'anonymous' },
      deployment: { view_only_mode: false },
    });
  });
});

describe('by other deliveries', () => {
  const expected = valuesOf((chart) => prometheus(chart));

  test('Flux gets a repository for it, and the same values', () => {
    const objects = made((chart) => prometheus(chart, { delivery: Delivery.flux() }));
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'HelmRelease prometheus',
      'HelmRepository prometheus',
    ]);
    expect(objects[0]?.spec.values).toEqual(expected);
  });

  test('Helm gets the same values', () => {
    const rendered = Delivery.rendered({ helm: FAKE_HELM, kubernetesVersion: '1.33' });
    const objects = made((chart) => prometheus(chart, { delivery: rendered }));
    const shown = objects.find(({ kind }) => kind === 'ConfigMap');
    const { values } = JSON.parse(shown?.data.text ?? '{}') as { values: string };
    expect(parse(values)).toEqual(expected);
  });

  test('Terraform gets the same values', () => {
    const stack = terraformStack();
    made((chart) => prometheus(chart, { delivery: TerraformDelivery.helm(stack) }));
    const { resource } = JSON.parse(TerraformTesting.synth(stack)) as {
      resource: { helm_release: Record<string, { chart: string; values: string[] }> };
    };
    const release = resource.helm_release['prometheus'];
    expect(release?.chart).toBe('kube-prometheus-stack');
    expect(parse(release?.values[0] ?? '')).toEqual(expected);
  });

  test('a mirror of the company takes the place of the repository', () => {
    const objects = made((chart) =>
      prometheus(chart, { delivery: Delivery.flux(), chartRepository: 'oci://registry.example.com/charts/' }),
    );
    expect(objects[1]?.spec).toMatchObject({ type: 'oci', url: 'oci://registry.example.com/charts' });
  });
});

describe('versions of charts', () => {
  const jaegerOf = (chartVersion: string) => () =>
    made((chart) => new JaegerInstall(chart, 'Jaeger', { ...COMMON, chartVersion, storage: JaegerStorage.memory() }));

  test.each(['4', '4.4', 'v4.4.8', 'latest'])('`%s` is none', (version) => {
    expect(jaegerOf(version)).toThrow(`\`${version}\` is no version of the chart \`jaeger\``);
  });

  test.each(['3.9.9', '4.3.9'])('`%s` had other values', (version) => {
    expect(jaegerOf(version)).toThrow('take version `4.4` or later');
  });

  test.each(['4.4.0', '4.10.1', '5.0.0', '4.5.0-rc.1', '4.5.0+build.1'])('`%s` is installed', (version) => {
    expect(jaegerOf(version)()[0]?.spec.source).toMatchObject({ targetRevision: version });
  });
});

test('companions of several clusters do not collide', () => {
  const objects = made((chart) => {
    prometheus(chart);
    new PrometheusInstall(chart, 'West', {
      ...COMMON,
      storage: STORAGE,
      name: 'prometheus-west',
      delivery: Delivery.argoCd({ clusterName: 'west' }),
    });
  });
  expect(objects.map(({ metadata }) => metadata.name)).toEqual(['prometheus', 'prometheus-west']);
});
