import { App, Chart } from 'cdk8s';
import { IstioMesh, KialiSettings, Mesh, MeshDashboards, ZeroTrustNamespace } from '../../lib';
import { validateObject } from '../../lib/schemas';
import { MeshApp, at, objects } from '../support/mesh-app';
import { dashboardOf, panelsOf, watchedShop } from '../support/watched-shop';

const { chart } = watchedShop();
const synthesized = objects(chart);

test('dashboards are ConfigMaps that the sidecar of Grafana finds, in files of different names', () => {
  const maps = synthesized.filter(({ kind }) => kind === 'ConfigMap');
  expect(maps.map(({ metadata }) => metadata)).toEqual(
    ['services', 'edges', 'releases'].map((kind) => ({
      name: `mesh-dashboard-${kind}`,
      namespace: 'shop',
      labels: { grafana_dashboard: '1' },
    })),
  );
  expect(maps.flatMap((map) => Object.keys(at(map, 'data') as object))).toEqual([
    'mesh-shop-services.json',
    'mesh-shop-edges.json',
    'mesh-shop-releases.json',
  ]);
  expect(maps.flatMap((object) => validateObject(object))).toEqual([]);
});

test('a service has the panels that its ports give sense to', () => {
  const titles = (name: string) => panelsOf(dashboardOf(synthesized, 'services'), name).map(({ title }) => title);
  expect(titles('web')).toEqual(['Requests', 'Failures', 'Latency', 'Ejected pods']);
  expect(titles('redis')).toEqual(['Connections']);
  expect(titles('batch')).toEqual([]);
});

test('calls of declared callers and of others are told apart', () => {
  const [declared, undeclared] = panelsOf(dashboardOf(synthesized, 'edges'), 'cart').map(
    ({ targets }) => targets?.[0]?.expr ?? '',
  );
  const principals = 'spiffe://cluster[.]local/ns/jobs/sa/[^/]+|spiffe://cluster[.]local/ns/shop/sa/web';
  expect(declared).toContain(`source_principal=~"${principals}"`);
  expect(undeclared).toContain(`source_principal!~"${principals}"`);
});

test('only services with a release are compared by version', () => {
  const { panels } = dashboardOf(synthesized, 'releases');
  expect(panels.filter(({ type }) => type === 'row').map(({ title }) => title)).toEqual(['release']);
});

test('panels have ids of their own and do not lie upon each other', () => {
  for (const kind of ['services', 'edges', 'releases'] as const) {
    const { panels } = dashboardOf(synthesized, kind);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)}:${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(panels.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([]);
  }
});

test('dashboards link to each other, and to Kiali and Jaeger where people reach them', () => {
  const app = new MeshApp();
  app.service('cart');
  new MeshDashboards(app.chart, 'Dashboards', {
    kialiUrl: 'https://kiali.example.com/kiali/',
    jaegerUrl: 'https://jaeger.example.com',
    labels: { dashboards: 'yes' },
  });
  const links = dashboardOf(app.objects(), 'services').links.map(({ url }) => url);
  expect(links).toEqual([
    `/d/${dashboardOf(app.objects(), 'edges').uid}`,
    `/d/${dashboardOf(app.objects(), 'releases').uid}`,
    'https://kiali.example.com/kiali/console/graph/namespaces/?namespaces=shop',
    'https://jaeger.example.com/search',
  ]);
  expect(app.find('ConfigMap', 'mesh-dashboard-edges').metadata.labels).toEqual({ dashboards: 'yes' });
});

test('the longest namespace still gives names that Grafana takes, and that differ', () => {
  const uid = (namespace: string) => {
    const app = new App();
    Mesh.use(app, new IstioMesh({ version: '1.30.3' }));
    const own = new Chart(app, 'own', { namespace });
    new ZeroTrustNamespace(own, 'Namespace', { name: namespace });
    new MeshDashboards(own, 'Dashboards');
    return dashboardOf(objects(own), 'services').uid;
  };
  const [one, other] = [uid(`${'a'.repeat(62)}b`), uid('a'.repeat(63))];
  expect(Math.max(one.length, other.length)).toBeLessThanOrEqual(40);
  expect(one).not.toBe(other);
});

test('the same declarations give the same bytes', () => {
  const maps = (all: typeof synthesized) => JSON.stringify(all.filter(({ kind }) => kind === 'ConfigMap'));
  expect(maps(objects(watchedShop().chart))).toBe(maps(synthesized));
});

describe('settings of Kiali', () => {
  test('name the root namespace, the labels that pods have, and every address', () => {
    const app = new MeshApp({ rootNamespace: 'mesh-root' });
    expect(
      KialiSettings.of(app.chart, {
        prometheusUrl: 'http://prometheus.monitoring:9090',
        grafanaUrl: 'http://grafana.monitoring:3000/',
        grafanaPublicUrl: 'https://grafana.example.com',
        jaegerUrl: 'http://jaeger-query.observability:16686',
      }).toYaml(),
    ).toMatchSnapshot();
  });

  test('turn off what is not there', () => {
    const yaml = KialiSettings.of(new MeshApp().chart, { prometheusUrl: 'http://prometheus:9090' }).toYaml();
    expect(yaml).toMatch(/grafana:\n\s+enabled: false\n\s+tracing:\n\s+enabled: false/);
  });
});
