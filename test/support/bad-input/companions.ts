import { App, Chart } from 'cdk8s';
import type { CompanionProps, IMeshCompanion, IstioInstallProps } from '../../../lib';
import {
  CompanionStorage,
  Delivery,
  GrafanaInstall,
  IstioInstall,
  IstioProviderKind,
  JaegerInstall,
  JaegerStorage,
  KialiInstall,
  OpenTelemetryCollectorInstall,
  PrometheusInstall,
} from '../../../lib';
import { Code } from '../../../lib/errors';
import type { Provocation } from './provocation';
import { untyped } from './provocation';

const storage = CompanionStorage.temporary();
const delivery = Delivery.argoCd();

interface Given extends Partial<CompanionProps> {
  readonly name?: string;
  readonly namespace?: string;
}

function chartIn(app: App): Chart {
  return new Chart(app, `c${app.node.children.length}`);
}

function prometheus(props: Given = {}, app: App = new App()): PrometheusInstall {
  return new PrometheusInstall(chartIn(app), 'Prometheus', { chartVersion: '81.4.5', delivery, storage, ...props });
}

function jaeger(props: Given = {}, app: App = new App()): JaegerInstall {
  const memory = JaegerStorage.memory();
  return new JaegerInstall(chartIn(app), 'Jaeger', { chartVersion: '4.4.8', delivery, storage: memory, ...props });
}

function install(companions: IMeshCompanion[], meshConfig: IstioInstallProps['meshConfig'] = {}): void {
  new IstioInstall(chartIn(new App()), 'Istio', { version: '1.30.3', delivery, companions, meshConfig });
}

const ANY = { chartVersion: '99.0.0', delivery };

const SPANS = { kind: IstioProviderKind.TRACING, service: 'otel', namespace: 'tracing', port: 4317 };

const refused = (input: string, value: string, provoke: () => unknown, code: Code = Code.COMPANION) => ({
  input,
  code,
  value,
  provoke,
});

export const COMPANIONS: readonly Provocation[] = [
  refused('a chart version that is none', '81', () => prometheus({ chartVersion: '81' })),
  refused('a chart that had other values', '3.4.1', () => jaeger({ chartVersion: '3.4.1' })),
  refused('a name that its chart would cut off', 'prometheus-of-the-whole-company', () =>
    prometheus({ name: 'prometheus-of-the-whole-company' }),
  ),
  refused('a companion without namespace', '', () => jaeger({ namespace: '' }), Code.NAME),
  refused('a size that is none', '50 GB', () => CompanionStorage.volume('50 GB'), Code.QUANTITY),
  refused('memory that is none', '2 GB', () => prometheus({ resources: { memoryLimit: '2 GB' } }), Code.QUANTITY),
  refused('an Elasticsearch nowhere', '[]', () => JaegerStorage.elasticsearch({ urls: [] })),
  refused(
    'a destination of spans without port',
    'https://traces.example.com',
    () =>
      new OpenTelemetryCollectorInstall(chartIn(new App()), 'Collector', {
        chartVersion: '0.173.0',
        delivery,
        exportUrl: 'https://traces.example.com',
      }),
  ),
  refused(
    'a Grafana without a password',
    'adminSecret',
    () => new GrafanaInstall(chartIn(new App()), 'Grafana', untyped({ ...ANY, prometheus: { url: 'http://metrics' } })),
    Code.TYPE,
  ),
  refused(
    'a Kiali without a mesh',
    'mesh',
    () => new KialiInstall(chartIn(new App()), 'Kiali', untyped({ ...ANY, prometheus: { url: 'http://metrics' } })),
    Code.TYPE,
  ),
  refused(
    'a Prometheus that keeps metrics nowhere',
    'storage',
    () => prometheus(untyped({ storage: '50Gi' })),
    Code.TYPE,
  ),
  refused('what is no companion of a mesh', 'companions[0]', () => install(untyped([{}])), Code.TYPE),
  refused(
    'values that contradict an option of a companion',
    'values.grafana.enabled',
    () => prometheus({ values: { grafana: { enabled: true } } }),
    Code.INSTALL,
  ),
  refused(
    'a companion by the Sail operator',
    'jaeger',
    () => jaeger({ delivery: Delivery.sail() }),
    Code.DELIVERY_LIMIT,
  ),
  refused(
    'a companion by istioctl',
    'kube-prometheus-stack',
    () => prometheus({ delivery: Delivery.istioctl() }),
    Code.DELIVERY_LIMIT,
  ),
  refused('two who collect metrics', 'metrics', () =>
    install([prometheus(), prometheus({ name: 'second', namespace: 'metrics' })]),
  ),
  refused('a provider that is there twice', 'jaeger', () =>
    install([jaeger()], { providers: [{ ...SPANS, name: 'jaeger' }] }),
  ),
  refused('two operators of Prometheus in one cluster', 'c1/Prometheus', () => {
    const app = new App();
    prometheus({}, app);
    prometheus({ name: 'second' }, app);
    app.synth();
  }),
  refused('two companions of one name', 'c1/Jaeger', () => {
    const app = new App();
    prometheus({ name: 'tracing' }, app);
    jaeger({ name: 'tracing' }, app);
    app.synth();
  }),
];
