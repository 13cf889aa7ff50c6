import type { App } from 'cdk8s';
import { Chart } from 'cdk8s';
import type { CompanionAddress, Delivery, IMeshCompanion, IstioMesh } from 'cdk8s-mesh';
import {
  CompanionStorage,
  GrafanaInstall,
  JaegerInstall,
  JaegerStorage,
  KialiInstall,
  PrometheusInstall,
} from 'cdk8s-mesh';

/** What shows what happens in the mesh, and where one finds the other. */
export interface Companions {
  /** Those that the mesh has to know. */
  readonly ofMesh: IMeshCompanion[];
  readonly prometheus: CompanionAddress;
  readonly grafana: CompanionAddress;
  readonly jaeger: CompanionAddress;
}

/** Prometheus, Grafana and Jaeger, by what installs the mesh. */
export function companions(app: App, delivery: Delivery): Companions {
  const chart = new Chart(app, 'companions');
  const prometheus = new PrometheusInstall(chart, 'Prometheus', {
    chartVersion: '81.4.5',
    delivery,
    storage: CompanionStorage.volume('50Gi'),
    retentionDays: 30,
  });
  const jaeger = new JaegerInstall(chart, 'Jaeger', {
    chartVersion: '4.4.8',
    delivery,
    storage: JaegerStorage.memory(),
    publicUrl: 'https://jaeger.example.com',
    resources: { memoryRequest: '1Gi', memoryLimit: '1Gi' },
  });
  const grafana = new GrafanaInstall(chart, 'Grafana', {
    chartVersion: '13.1.0',
    delivery,
    prometheus: prometheus.address,
    jaeger: jaeger.address,
    adminSecret: 'grafana-admin',
    publicUrl: 'https://grafana.example.com',
  });
  return {
    ofMesh: [prometheus, jaeger],
    prometheus: prometheus.address,
    grafana: grafana.address,
    jaeger: jaeger.address,
  };
}

/** Kiali, which shows the mesh with what they collect. */
export function kiali(
  app: App,
  delivery: Delivery,
  mesh: IstioMesh,
  { prometheus, grafana, jaeger }: Companions,
): void {
  new KialiInstall(new Chart(app, 'kiali'), 'Kiali', {
    chartVersion: '2.31.0',
    delivery,
    mesh,
    prometheus,
    grafana,
    jaeger,
    secret: 'kiali',
  });
}
