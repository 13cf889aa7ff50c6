import { App, Chart } from 'cdk8s';
import type { IstioMeshProps, MeshedServiceProps } from '../../lib';
import {
  CanaryRelease,
  IstioMesh,
  Mesh,
  MeshAlerts,
  MeshDashboards,
  MeshedNamespace,
  MeshedService,
  OutlierDetection,
  Peer,
  Port,
  Workload,
  ZeroTrustNamespace,
} from '../../lib';
import type { Manifest } from './mesh-app';
import { FULL_MESH, at, deployment, find, objects } from './mesh-app';

/** A namespace with a service of each kind that metrics tell apart, watched by alerts and dashboards. */
export interface WatchedShop {
  readonly chart: Chart;
  readonly alerts: MeshAlerts;
  readonly services: Readonly<Record<ServiceName, MeshedService>>;
}

export type ServiceName = 'web' | 'cart' | 'redis' | 'chat' | 'release' | 'hooks' | 'batch';

const PROPS: Readonly<Record<ServiceName, Partial<MeshedServiceProps>>> = {
  web: { ports: [Port.http(80, { containerPort: 8080 })] },
  cart: { ports: [Port.grpc(7070)] },
  redis: { ports: [Port.tcp(6379)], outlierDetection: OutlierDetection.off() },
  chat: { ports: [Port.http(80, { containerPort: 8080, streaming: true }), Port.tcp(9000)] },
  release: { ports: [Port.http(80, { containerPort: 8080 })] },
  hooks: { ports: [Port.https(443, { containerPort: 8443 })] },
  batch: {},
};

/** Declares it: `web` is called by the gateway and calls `cart`, `batch` calls all. */
export function watchedShop(
  options: { readonly locked?: boolean; readonly mesh?: Partial<IstioMeshProps> } = {},
): WatchedShop {
  const app = new App();
  Mesh.use(app, new IstioMesh({ ...FULL_MESH, ...options.mesh }));
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  const namespace =
    options.locked === false
      ? new MeshedNamespace(chart, 'Namespace', { name: 'shop' })
      : new ZeroTrustNamespace(chart, 'Namespace', { name: 'shop' });
  const workload = (name: string, version?: string) =>
    Workload.of(
      deployment(chart, version === undefined ? name : `${name}-${version}`, {
        labels: { app: name, ...(version === undefined ? {} : { version }) },
        ports: [8080, 7070, 6379, 9000, 8443],
      }),
    );
  const service = (name: ServiceName) =>
    new MeshedService(chart, name, {
      name,
      namespace,
      ...(name === 'release' ? {} : { workload: workload(name) }),
      ...PROPS[name],
    });
  const services = {
    web: service('web'),
    cart: service('cart'),
    redis: service('redis'),
    chat: service('chat'),
    release: service('release'),
    hooks: service('hooks'),
    batch: service('batch'),
  };
  const { web, cart, redis, chat, release, hooks, batch } = services;
  new CanaryRelease(chart, 'Release', {
    service: release,
    stable: { version: 'v1', workload: workload('release', 'v1') },
    candidate: { version: 'v2', workload: workload('release', 'v2'), weightPercent: 10 },
  });
  web.access.allowFrom(Peer.ingressGateway());
  cart.access.allowFrom(web);
  [redis, chat, release].forEach((callee) => callee.access.allowFrom(batch));
  cart.access.allowFrom(Peer.namespace('jobs'));
  hooks.access.allowFrom(Peer.kubernetesApi(), { ports: ['https'] });
  const alerts = new MeshAlerts(chart, 'Alerts', {});
  new MeshDashboards(chart, 'Dashboards', {});
  return { chart, alerts, services };
}

/** An alert as it is emitted. */
export interface EmittedAlert {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The alerts of one service. */
export function alertsOf(chart: Chart, service: string): readonly EmittedAlert[] {
  const groups = at(find(objects(chart), 'PrometheusRule', 'mesh-alerts'), 'spec', 'groups') as readonly {
    readonly name: string;
    readonly rules: readonly EmittedAlert[];
  }[];
  return groups.find(({ name }) => name === `mesh shop/${service}`)?.rules ?? [];
}

/** A panel of a dashboard. */
export interface EmittedPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly refId: string; readonly legendFormat: string }[];
}

/** A dashboard as Grafana reads it. */
export interface EmittedDashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly EmittedPanel[];
  readonly links: readonly { readonly title: string; readonly url: string }[];
}

/** The one dashboard in a ConfigMap. */
export function dashboardOf(among: readonly Manifest[], kind: 'services' | 'edges' | 'releases'): EmittedDashboard {
  const data = at(find(among, 'ConfigMap', `mesh-dashboard-${kind}`), 'data') as Readonly<Record<string, string>>;
  const [json, ...others] = Object.values(data);
  if (json === undefined || others.length > 0) throw new Error(`not one dashboard but ${Object.keys(data).join()}`);
  return JSON.parse(json) as EmittedDashboard;
}

/** The panels under the heading of a service. */
export function panelsOf({ panels }: EmittedDashboard, service: string): readonly EmittedPanel[] {
  const start = panels.findIndex(({ type, title }) => type === 'row' && title === service);
  const rest = start < 0 ? [] : panels.slice(start + 1);
  const end = rest.findIndex(({ type }) => type === 'row');
  return end < 0 ? rest : rest.slice(0, end);
}
