import { Duration } from 'cdk8s';
import { MeshedNamespace, MetricsScrape } from '../../lib';
import { validateObject } from '../../lib/schemas';
import { MeshApp, at } from '../support/mesh-app';

test('collects from proxies on ports that the namespace lets Prometheus in to', () => {
  const app = new MeshApp();
  app.service('cart');
  new MetricsScrape(app.chart, 'Scrape', {
    applicationMetrics: true,
    interval: Duration.seconds(30),
    labels: { release: 'prometheus' },
  });
  const monitor = app.find('PodMonitor', 'mesh-proxies');
  expect(monitor.metadata).toMatchObject({ namespace: 'shop', labels: { release: 'prometheus' } });
  const endpoints = JSON.stringify(at(monitor, 'spec', 'podMetricsEndpoints'));
  expect(endpoints).toContain('"interval":"30s"');
  const baseline = app.find('NetworkPolicy', 'mesh-baseline');
  const [rule] = at(baseline, 'spec', 'ingress') as readonly { readonly ports: readonly { readonly port: number }[] }[];
  expect(rule?.ports.map(({ port }) => port)).toContain(15020);
  expect(endpoints).toContain('$1:15020');
  expect(app.objects().flatMap((object) => validateObject(object))).toEqual([]);
});

test('the gateway and the control plane are collected from by name, where they are', () => {
  const app = new MeshApp();
  MetricsScrape.ingressGateway(app.chart, 'Gateway');
  MetricsScrape.controlPlane(app.chart, 'ControlPlane', { labels: { release: 'prometheus' } });
  expect(app.objects()).toMatchObject([
    { kind: 'PodMonitor', metadata: { namespace: 'istio-ingress' } },
    { kind: 'ServiceMonitor', metadata: { namespace: 'istio-system', labels: { release: 'prometheus' } } },
  ]);
  expect(app.objects().flatMap((object) => validateObject(object))).toEqual([]);
});

test('a namespace that is not locked lets everybody collect', () => {
  const app = new MeshApp({ monitoringNamespace: undefined });
  const namespace = new MeshedNamespace(app.chart, 'Open', { name: 'shop' });
  new MetricsScrape(app.chart, 'Scrape', { namespace });
  expect(app.find('PodMonitor', 'mesh-proxies').spec).toMatchObject({ selector: {} });
});
