import { Yaml } from 'cdk8s';
import { AccessLog, MeshTelemetry, MetricTag, Tracing } from '../../lib';
import { validateObject } from '../../lib/schemas';
import { MeshApp, PROVIDERS, at, names } from '../support/mesh-app';

function telemetryApp(): MeshApp {
  const app = new MeshApp({ providers: PROVIDERS });
  app.service('cart');
  return app;
}

test('a namespace tells what this YAML says', () => {
  const app = telemetryApp();
  new MeshTelemetry(app.chart, 'Telemetry', {
    accessLog: AccessLog.errors(),
    tracing: Tracing.sampled(5),
    metricTags: [MetricTag.fixed('team', 'shop'), MetricTag.requestMethod()],
  });
  expect(Yaml.stringify(app.find('Telemetry', 'default'))).toMatchSnapshot();
  expect(app.objects().flatMap((object) => validateObject(object))).toEqual([]);
});

test('a service says something of its own', () => {
  const app = telemetryApp();
  new MeshTelemetry(app.chart, 'Telemetry', { tracing: Tracing.sampled(1) });
  const users = app.service('users');
  users.observe({ tracing: Tracing.sampled(100, { tags: { tier: 'gold' } }), accessLog: AccessLog.off() });
  expect(app.find('Telemetry', 'users')).toMatchObject({
    spec: {
      selector: { matchLabels: { app: 'users' } },
      accessLogging: [{ disabled: true }],
      tracing: [{ randomSamplingPercentage: 100, customTags: { tier: { literal: { value: 'gold' } } } }],
    },
  });
  expect(at(app.find('Telemetry', 'default'), 'spec', 'tracing', '0', 'randomSamplingPercentage')).toBeUndefined();
});

test('the whole mesh is told by an object in its root namespace', () => {
  const app = new MeshApp({ providers: PROVIDERS, rootNamespace: 'mesh-root' });
  MeshTelemetry.forWholeMesh(app.chart, 'Telemetry', { accessLog: AccessLog.all({ provider: 'als' }) });
  expect(app.objects()).toMatchObject([
    {
      kind: 'Telemetry',
      metadata: { name: 'mesh-default', namespace: 'mesh-root' },
      spec: { accessLogging: [{ providers: [{ name: 'als' }] }] },
    },
  ]);
});

test('unbounded tags are there only by that name', () => {
  const unbounded = [
    MetricTag.unboundedRequestPath(),
    MetricTag.unboundedRequestHost(),
    MetricTag.unboundedHeader('tenant', 'x-tenant'),
  ];
  expect(unbounded.map(({ _intent: { name } }) => name)).toEqual(['request_path', 'request_host', 'tenant']);
  const own = Object.getOwnPropertyNames(MetricTag).filter((name) => /path|host|header/i.test(name));
  expect(own.filter((name) => !name.startsWith('unbounded'))).toEqual([]);
});

test('without telemetry there is none', () => {
  expect(names(telemetryApp().objects()).filter((name) => name.startsWith('Telemetry'))).toEqual([]);
});
