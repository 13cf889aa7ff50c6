import { Duration } from 'cdk8s';
import {
  AccessLog,
  IstioProviderKind,
  KialiSettings,
  MeshAlerts,
  MeshDashboards,
  MeshTelemetry,
  MetricTag,
  MetricsScrape,
  Port,
  Tracing,
} from '../../../lib';
import { Code } from '../../../lib/errors';
import { MeshApp, PROVIDERS } from '../mesh-app';
import type { Provocation } from './provocation';
import { userObject } from './provocation';

const app = () => {
  const made = new MeshApp({ providers: PROVIDERS });
  made.service('cart');
  return made;
};

const telemetry = (input: string, value: string, provoke: () => unknown): Provocation => ({
  input,
  code: Code.TELEMETRY,
  value,
  provoke,
});

export const TELEMETRY: readonly Provocation[] = [
  {
    input: 'a tracing provider that the mesh does not define',
    code: Code.PROVIDER_UNKNOWN,
    value: 'jaeger',
    provoke: () => new MeshTelemetry(app().chart, 'T', { tracing: Tracing.sampled(1, { provider: 'jaeger' }) }),
  },
  {
    input: 'an access log provider as one for traces',
    code: Code.PROVIDER_UNKNOWN,
    value: 'als',
    provoke: () =>
      app()
        .service('users')
        .observe({ tracing: Tracing.sampled(1, { provider: 'als' }) }),
  },
  {
    input: 'an access log provider that the mesh does not define',
    code: Code.PROVIDER_UNKNOWN,
    value: 'otl',
    provoke: () => new MeshTelemetry(app().chart, 'T', { accessLog: AccessLog.all({ provider: 'otl' }) }),
  },
  {
    input: 'traces where the mesh has no provider for them',
    code: Code.PROVIDER_UNKNOWN,
    value: 'shop',
    provoke: () => {
      const bare = new MeshApp();
      new MeshTelemetry(bare.chart, 'T', { namespace: bare.shop, tracing: Tracing.sampled(1) });
    },
  },
  {
    input: 'traces that could go to two providers',
    code: Code.PROVIDER_UNKNOWN,
    value: 'zipkin',
    provoke: () => {
      const zipkin = { name: 'zipkin', kind: IstioProviderKind.TRACING, service: 'z', namespace: 'z', port: 9411 };
      const two = new MeshApp({ providers: [...(PROVIDERS ?? []), zipkin] });
      two.service('cart').observe({ tracing: Tracing.sampled(1) });
    },
  },
  telemetry('a share of more than everything', '101', () => Tracing.sampled(101)),
  telemetry('a share of less than nothing', '-1', () => Tracing.sampled(-1)),
  telemetry('a share that is no number', 'NaN', () => Tracing.sampled(NaN)),
  telemetry('a share that is finer than proxies count', '0.001', () => Tracing.sampled(0.001)),
  telemetry('a trace tag without text', 'tier', () => Tracing.sampled(1, { tags: { tier: '' } })),
  telemetry('telemetry that says nothing', 'shop/users', () => app().service('users').observe({})),
  telemetry('a metric tag given twice', 'team', () =>
    app()
      .service('users')
      .observe({ metricTags: [MetricTag.fixed('team', 'a'), MetricTag.fixed('team', 'b')] }),
  ),
  telemetry('a metric tag that Prometheus does not take', 'my-team', () => MetricTag.fixed('my-team', 'a')),
  telemetry('a metric tag in the place of one that alerts need', 'reporter', () => MetricTag.fixed('reporter', 'a')),
  telemetry('the loss of a metric tag that alerts need', 'response_code', () => MetricTag.without('response_code')),
  telemetry('a metric tag with a line break', 'a\nb', () => MetricTag.fixed('team', 'a\nb')),
  telemetry('a header in capitals', 'X-Tenant', () => MetricTag.unboundedHeader('tenant', 'X-Tenant')),
  telemetry('a success rate of everything', '100', () => alerts().objective({ successRatePercent: 100 })),
  telemetry('a success rate of the whole namespace that is none', '0', () => {
    new MeshAlerts(app().chart, 'A', { objective: { successRatePercent: 0 } });
  }),
  telemetry('a percentile that is none', '0', () => alerts().objective({ latencyPercentile: 0 })),
  telemetry('a traffic below none', '-1', () => alerts().objective({ minRequestsPerSecond: -1 })),
  {
    input: 'a latency of zero',
    code: Code.DURATION,
    value: '0',
    provoke: () => alerts().objective({ latency: Duration.millis(0) }),
  },
  telemetry('a latency of requests that stay open', 'shop/users', () =>
    alerts([Port.http(80, { containerPort: 8080, streaming: true })]).objective({ latency: Duration.seconds(1) }),
  ),
  telemetry('an objective of connections', 'shop/users', () =>
    alerts([Port.tcp(80, { containerPort: 8080 })]).objective({ successRatePercent: 90 }),
  ),
  telemetry('two objectives of one service', 'shop/users', () => {
    const { objective } = alerts();
    objective({ successRatePercent: 98 });
    objective({ successRatePercent: 99 });
  }),
  telemetry('a label of alerts that each alert sets itself', 'severity', () => {
    new MeshAlerts(app().chart, 'A', { alertLabels: { severity: 'low' } });
  }),
  telemetry('a label of alerts that Prometheus does not take', 'my-team', () => {
    new MeshAlerts(app().chart, 'A', { alertLabels: { 'my-team': 'low' } });
  }),
  telemetry('a page that is none', 'kiali.example.com', () => {
    new MeshDashboards(app().chart, 'D', { kialiUrl: 'kiali.example.com' });
  }),
  telemetry('an address with a query', 'http://prometheus:9090/?a=b', () =>
    KialiSettings.of(app().chart, { prometheusUrl: 'http://prometheus:9090/?a=b' }),
  ),
  {
    input: 'telemetry of a namespace given twice',
    code: Code.TELEMETRY_TWICE,
    value: 'shop',
    provoke: () => {
      const { chart } = app();
      new MeshTelemetry(chart, 'A', { accessLog: AccessLog.all() });
      new MeshTelemetry(chart, 'B', { tracing: Tracing.sampled(1) });
    },
  },
  {
    input: 'telemetry of a service given twice',
    code: Code.TELEMETRY_TWICE,
    value: 'shop/users',
    provoke: () => {
      const users = app().service('users');
      users.observe({ accessLog: AccessLog.all() });
      users.observe({ tracing: Tracing.sampled(1) });
    },
  },
  {
    input: 'Telemetry of the user’s own for the same namespace',
    code: Code.TELEMETRY_TWICE,
    value: 'shop',
    provoke: () => {
      const made = app();
      userObject(made, 'Telemetry', 'mine', { accessLogging: [] }, 'telemetry.istio.io/v1');
      new MeshTelemetry(made.chart, 'A', { accessLog: AccessLog.all() });
      made.objects();
    },
  },
  {
    input: 'collection where nobody is let in',
    code: Code.MONITORING_UNKNOWN,
    value: 'shop',
    provoke: () => {
      const closed = new MeshApp({ monitoringNamespace: undefined });
      new MetricsScrape(closed.chart, 'S', { namespace: closed.shop });
    },
  },
  {
    input: 'collection from a gateway that nobody knows',
    code: Code.GATEWAY_UNKNOWN,
    value: 'shop/S',
    provoke: () => MetricsScrape.ingressGateway(new MeshApp({ ingressGateway: undefined }).chart, 'S'),
  },
];

/** Alerts, and a way to give an objective to a service with these ports. */
function alerts(ports = [Port.http(80, { containerPort: 8080 })]) {
  const made = app();
  const users = made.service('users', { ports });
  const own = new MeshAlerts(made.chart, 'A');
  return { objective: (options: Parameters<MeshAlerts['addObjective']>[1]) => own.addObjective(users, options) };
}
