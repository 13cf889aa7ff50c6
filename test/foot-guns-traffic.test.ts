import { ApiObject, Duration } from 'cdk8s';
import type { MeshedService } from '../lib';
import {
  ConnectionPool,
  ExternalHost,
  Locality,
  Operation,
  OutlierDetection,
  PathMatch,
  Peer,
  Port,
  Retries,
  RetryCondition,
  Timeout,
  Workload,
} from '../lib';
import { MeshApp, at, deployment, thrown } from './support/mesh-app';
import { settingsOfCalls } from './support/read-back/settings';

// Mistakes that Istio accepts and punishes later, by number: each is an error here, or cannot be written.

/** A service `cart` with an HTTP and a TCP port, and `web`, which calls it. */
function cartApp(): { readonly app: MeshApp; readonly cart: MeshedService; readonly web: MeshedService } {
  const app = new MeshApp();
  const web = app.service('web');
  const cart = app.service('cart', {
    ports: [Port.http(80, { containerPort: 8080 }), Port.http(81, { name: 'slow' }), Port.tcp(6379, { name: 'redis' })],
    workload: Workload.of(deployment(app.chart, 'cart', { ports: [8080, 81, 6379] })),
  });
  cart.access.allowFrom(web);
  return { app, cart, web };
}

test('5: what is not safe to repeat is repeated only where nothing was done, and all tries fit into the timeout', () => {
  const app = new MeshApp();
  const conditions = [RetryCondition.CONNECT_FAILURE, RetryCondition.GATEWAY_TIMEOUT];
  app.service('cart', { retries: Retries.of({ attempts: 2, conditions }) });
  const retries = (method: string) => settingsOfCalls(app.objects(), { service: 'cart', port: 80, method }).retries;
  expect(retries('POST')).toEqual({ attempts: 2, perTryTimeout: '15s', retryOn: 'connect-failure' });
  expect(retries('GET')).toEqual({ attempts: 2, perTryTimeout: '15s', retryOn: 'connect-failure,504' });
  const named = new MeshApp();
  named.service('cart', { retries: Retries.of({ repeatUnsafe: [Operation.http({ methods: ['PUT'] })] }) });
  const on = (method: string) =>
    at(settingsOfCalls(named.objects(), { service: 'cart', port: 80, method }).retries, 'retryOn');
  expect([on('PUT'), on('POST')]).toEqual(['connect-failure,refused-stream,503', 'connect-failure,refused-stream']);
  const unnamed = () => Retries.of({ repeatUnsafe: [Operation.http({ paths: [PathMatch.prefix('/')] })] });
  expect(thrown(unnamed)).toMatch(/MESH-API-051: `prefix \/` in `repeatUnsafe` names no `methods`; fix: name/);
  const everywhere = () =>
    new MeshApp({ defaults: { retries: Retries.of({ repeatUnsafe: [Operation.grpc('pay.Cards', 'Charge')] }) } });
  expect(thrown(everywhere)).toMatch(
    /MESH-API-051: `repeatUnsafe` of the mesh would hold for every service, .*; fix: /,
  );
  const slow = () =>
    new MeshApp().service('cart', {
      timeout: Timeout.of(Duration.seconds(10)),
      retries: Retries.of({ attempts: 4, perTryTimeout: Duration.seconds(5) }),
    });
  expect(thrown(slow)).toMatch(/MESH-API-051: 5 tries of `shop\/cart` may take 25000 ms, .*; fix: shorten/);
});

test('7: what a port, a version or a caller has of its own is complete, keeps a retry budget, and has no `tls`', () => {
  const { app, cart, web } = cartApp();
  cart.addResilience({ ports: ['redis'], connectionPool: ConnectionPool.of({ maxConnections: 7 }) });
  cart.addResilience({ ports: ['slow'], connectionPool: ConnectionPool.of({ maxRequests: 8 }) });
  cart.addResilience({ callers: [web], connectionPool: ConnectionPool.of({ maxPendingRequests: 9 }) });
  const all = app.objects();
  const ejection = { consecutive5xxErrors: 5, interval: '10s', baseEjectionTime: '30s', maxEjectionPercent: 50 };
  const rest = { outlierDetection: ejection, loadBalancer: { simple: 'LEAST_REQUEST' } };
  const budget = { retryBudget: { percent: 20, minRetryConcurrency: 3 } };
  for (const caller of ['web', 'other']) {
    expect(settingsOfCalls(all, { service: 'cart', port: 6379, caller })).toMatchObject({
      ...rest,
      connectionPool: { tcp: { maxConnections: 7, connectTimeout: '3s' } },
    });
    expect(settingsOfCalls(all, { service: 'cart', port: 81, caller })).toMatchObject({
      ...rest,
      ...budget,
      connectionPool: {
        tcp: { maxConnections: 1024, connectTimeout: '3s' },
        http: { http2MaxRequests: 8, http1MaxPendingRequests: caller === 'web' ? 9 : 1024, idleTimeout: '300s' },
      },
    });
    expect(settingsOfCalls(all, { service: 'cart', port: 80, caller })).toMatchObject({ ...rest, ...budget });
  }
  expect(JSON.stringify(app.find('DestinationRule', 'cart'))).not.toContain('"tls"');
});

test('8: no DestinationRule stands in the namespace of a caller or is for more than one host, and none hides another', () => {
  const { app, cart, web } = cartApp();
  const ops = Peer.serviceAccount('ops', 'robot', { podLabels: { app: 'robot' } });
  [ops, Peer.namespace('qa')].forEach((peer) => cart.access.allowFrom(peer));
  cart.addResilience({
    callers: [web, ops, Peer.namespace('qa')],
    connectionPool: ConnectionPool.of({ maxRequests: 7 }),
  });
  new ExternalHost(app.chart, 'Stripe', { host: 'api.stripe.com', ports: [Port.https(443)] });
  const rules = app.objects().filter(({ kind }) => kind === 'DestinationRule');
  expect(rules.map(({ metadata: { name, namespace }, spec }) => [namespace, name, spec?.host])).toEqual([
    ['shop', 'web', 'web.shop.svc.cluster.local'],
    ['shop', 'cart', 'cart.shop.svc.cluster.local'],
    ['shop', 'api-stripe-com', 'api.stripe.com'],
  ]);
  expect(rules.filter(({ spec }) => at(spec, 'workloadSelector') !== undefined)).toEqual([]);
  const broad = () => new ExternalHost(app.chart, 'All', { host: '*.local', ports: [Port.https(443)] });
  expect(thrown(broad)).toMatch(/MESH-API-070: `\*\.local` is .*; fix: /);
  new ApiObject(app.chart, 'Own', {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: 'own', namespace: 'ops' },
    spec: { host: 'cart.shop.svc.cluster.local' },
  });
  expect(thrown(() => app.objects())).toMatch(/MESH-API-036: DestinationRule `shop\/Own` .*`shop\/cart`.*; fix: /);
  const second = cartApp().app;
  new ApiObject(second.chart, 'Broad', {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: 'broad', namespace: 'ops' },
    spec: { host: '*.local' },
  });
  expect(thrown(() => second.objects())).toMatch(/MESH-API-036: DestinationRule `shop\/Broad` is for `\*\.local`/);
});

test.each(['service', 'port', 'caller'])('14: a locality at the %s without outlier detection is an error', (level) => {
  const off = { outlierDetection: OutlierDetection.off() };
  const locality = Locality.failover([{ region: 'eu-west', failoverTo: 'eu-north' }]);
  const error = thrown(() => {
    if (level === 'service') return new MeshApp().service('cart', { ...off, locality });
    const { app, cart, web } = cartApp();
    cart.addResilience({ ports: ['http'], locality });
    cart.addResilience({ ...(level === 'port' ? { ports: ['http'] } : { callers: [web] }), ...off });
    return app.objects();
  });
  const where = { service: '', port: ' for port `http`', caller: ' for caller `shop/web`' }[level] ?? '';
  expect(error).toContain(where);
  expect(error).toMatch(/MESH-API-051: `shop\/cart`.* has a `locality` but no outlier detection, .*; fix: leave/);
});
