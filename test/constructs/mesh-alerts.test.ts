import { Duration } from 'cdk8s';
import { parse } from 'yaml';
import { MeshAlerts, OutlierDetection, Port, Workload } from '../../lib';
import { validateObject } from '../../lib/schemas';
import { MeshApp, at, deployment, objects, printed } from '../support/mesh-app';
import { alertsOf, watchedShop } from '../support/watched-shop';

function alertNames(service: Parameters<typeof alertsOf>[1], options: Parameters<typeof watchedShop>[0] = {}) {
  return alertsOf(watchedShop(options).chart, service).map(({ alert }) => alert);
}

function annotation(app: MeshApp, name: string): string {
  const annotations = at(app.find('Deployment', name), 'spec', 'template', 'metadata', 'annotations');
  return String(at(annotations, 'proxy.istio.io/config'));
}

const COUNTS = 'outlier_detection.ejections_active';

describe('alerts follow from what a service declares', () => {
  test('requests have all of them', () => {
    expect(alertNames('web')).toEqual([
      'MeshSuccessRateLow',
      'MeshLatencyHigh',
      'MeshEndpointsEjected',
      'MeshCallsDenied',
      'MeshPlaintextReceived',
    ]);
  });

  test('connections have no success and latency, and nothing is ejected that cannot be', () => {
    expect(alertNames('redis')).toEqual(['MeshPlaintextReceived']);
  });

  test('requests that may stay open have no latency', () => {
    expect(alertNames('chat')).not.toContain('MeshLatencyHigh');
    expect(alertNames('chat')).toContain('MeshSuccessRateLow');
  });

  test('what the Kubernetes API calls without mutual TLS is no alarm', () => {
    expect(alertNames('hooks')).toEqual(['MeshEndpointsEjected']);
  });

  test('nobody calls a service without ports', () => {
    expect(alertNames('batch')).toEqual([]);
  });

  test('a namespace that refuses nothing has no alarm about refusals and plain text', () => {
    expect(alertNames('web', { locked: false })).toEqual([
      'MeshSuccessRateLow',
      'MeshLatencyHigh',
      'MeshEndpointsEjected',
    ]);
  });
});

test('every alert says how urgent it is, what is wrong, and where to read on', () => {
  const { chart, services } = watchedShop();
  const alerts = Object.keys(services).flatMap((name) => alertsOf(chart, name));
  expect(alerts.length).toBeGreaterThan(15);
  for (const { alert, labels, annotations } of alerts) {
    expect(labels).toMatchObject({
      severity: expect.stringMatching(/^(critical|warning)$/) as string,
      namespace: 'shop',
    });
    expect(annotations.summary).toContain(`shop/${labels.service}`);
    expect(annotations.runbook_url).toMatch(new RegExp(`/docs/telemetry\\.md#${alert.toLowerCase()}$`));
  }
  expect(objects(chart).flatMap((object) => validateObject(object))).toEqual([]);
});

test('objectives of the namespace, and over them those of a service', () => {
  const app = new MeshApp();
  const [cart, users] = [app.service('cart'), app.service('users')];
  const alerts = new MeshAlerts(app.chart, 'Alerts', {
    objective: { successRatePercent: 99.9, latency: Duration.millis(250) },
    alertLabels: { team: 'shop' },
    labels: { release: 'prometheus' },
    runbookUrl: 'https://wiki.example.com/mesh',
  });
  alerts.addObjective(users, { latency: Duration.seconds(3), latencyPercentile: 95, minRequestsPerSecond: 2 });
  const [success, latency] = alertsOf(app.chart, cart.serviceName);
  expect(success?.expr).toMatch(/> 0\.001\nand\n.*> 0\.001\nand\n.*> 0\.1$/);
  expect(latency?.expr).toMatch(/^histogram_quantile\(0\.99,.*> 250\nand\n.*> 0\.1$/);
  const [ownSuccess, ownLatency] = alertsOf(app.chart, users.serviceName);
  expect(ownSuccess?.expr).toMatch(/> 0\.001\nand\n.*> 0\.001\nand\n.*> 2$/);
  expect(ownLatency?.expr).toMatch(/^histogram_quantile\(0\.95,.*> 3000\nand\n.*> 2$/);
  expect(latency?.labels).toMatchObject({ team: 'shop' });
  expect(latency?.annotations.runbook_url).toBe('https://wiki.example.com/mesh#meshlatencyhigh');
  expect(app.find('PrometheusRule', 'mesh-alerts').metadata.labels).toEqual({ release: 'prometheus' });
});

test('the file of rules has the same groups as the object', () => {
  const { chart, alerts } = watchedShop();
  const [rule] = objects(chart).filter(({ kind }) => kind === 'PrometheusRule');
  expect(rule?.spec).toEqual(parse(alerts.rulesFile()));
});

describe('callers count what they eject', () => {
  test('where somebody watches, and only those who may call', () => {
    const app = new MeshApp();
    const [cart, web] = [app.service('cart'), app.service('web')];
    const tcp = app.service('queue', { outlierDetection: OutlierDetection.off() });
    cart.access.allowFrom(web);
    tcp.access.allowFrom(cart);
    new MeshAlerts(app.chart, 'Alerts');
    app.objects();
    expect(annotation(app, 'web')).toContain(COUNTS);
    expect(annotation(app, 'cart')).not.toContain(COUNTS);
  });

  test('nowhere else', () => {
    const app = new MeshApp();
    app.service('cart').access.allowFrom(app.service('web'));
    expect(annotation(app, 'web')).not.toContain(COUNTS);
  });

  test('also beside proxy settings of their own, at every synth', () => {
    const app = new MeshApp();
    app.service('cart').access.allowFrom(app.service('web', { proxy: { concurrency: 4 } }));
    new MeshAlerts(app.chart, 'Alerts');
    app.app.synthYaml();
    expect(JSON.parse(annotation(app, 'web'))).toMatchObject({
      concurrency: 4,
      proxyStatsMatcher: { inclusionSuffixes: [COUNTS] },
    });
  });

  test.each([
    ['says something else', (app: MeshApp) => Workload.of(annotated(app))],
    ['is delivered by somebody else', () => Workload.external(EXTERNAL)],
  ])('with a warning where the pod %s', (_, workload) => {
    const app = new MeshApp();
    app.service('cart').access.allowFrom(app.service('web', { workload: workload(app), ports: [Port.http(8080)] }));
    new MeshAlerts(app.chart, 'Alerts');
    expect(printed(() => app.objects())).toContain('the pods of `Deployment web` do not count what they eject');
  });

  test('without a warning where they do', () => {
    const app = new MeshApp();
    app.service('cart').access.allowFrom(app.service('web'));
    new MeshAlerts(app.chart, 'Alerts');
    expect(printed(() => [app.objects(), app.objects()])).toBe('');
  });
});

const EXTERNAL = {
  kind: 'Deployment',
  name: 'web',
  labels: { app: 'web' },
  serviceAccount: 'web',
  containerPorts: [8080],
};

function annotated({ chart }: MeshApp) {
  return deployment(chart, 'web', { annotations: { 'proxy.istio.io/config': '{"concurrency":1}' } });
}
