import { App, Chart, Duration, Yaml } from 'cdk8s';
import type { ResilienceOptions } from '../../lib';
import {
  CanaryRelease,
  ConnectionPool,
  ExternalHost,
  HeaderMatch,
  HttpMatch,
  IstioMesh,
  Mesh,
  MeshedService,
  OutlierDetection,
  PathMatch,
  Port,
  RateLimit,
  Retries,
  RetryBudget,
  Timeout,
  Workload,
  ZeroTrustNamespace,
} from '../../lib';
import type { KubeObject } from '../../lib/testing';
import { schemaProblems } from '../../lib/testing';
import type { Manifest } from '../support/mesh-app';
import { FULL_MESH, MeshApp, deployment, objects } from '../support/mesh-app';
import type { Settings } from '../support/read-back/settings';
import { settingsOfCalls } from '../support/read-back/settings';

/** From the widest to the narrowest. */
const LEVELS = ['mesh', 'namespace', 'service', 'port', 'version', 'caller'] as const;
type Level = (typeof LEVELS)[number];
type Said = Partial<Record<Level | 'route', ResilienceOptions>>;

const HTTP = { port: 80, name: 'http' };
const REDIS = { port: 6379, name: 'redis' };

interface Synthesized {
  readonly cart: MeshedService;
  readonly web: MeshedService;
  readonly all: Manifest[];
}

/** How messages call the levels. */
const NAMES: Readonly<Record<Level, string>> = {
  mesh: 'mesh',
  namespace: 'namespace `shop`',
  service: 'service',
  port: 'port `http`',
  version: 'version `v1`',
  caller: 'caller `shop/web`',
};

/** The objects of a service `cart` in a release, where `web` calls and each level says what is given here. */
function synth(said: Said, port = HTTP, reversed = false): Synthesized {
  const app = new App();
  Mesh.use(app, new IstioMesh({ ...FULL_MESH, ...(said.mesh === undefined ? {} : { defaults: said.mesh }) }));
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  const namespace = new ZeroTrustNamespace(chart, 'Namespace', {
    name: 'shop',
    ...(said.namespace === undefined ? {} : { resilience: said.namespace }),
  });
  const workload = (name: string, version?: string) =>
    Workload.of(
      deployment(chart, `${name}${version ?? ''}`, {
        labels: { app: name, ...(version === undefined ? {} : { version }) },
        ports: [8080, 9000, 6379],
      }),
    );
  const from = (name: string, options: ResilienceOptions = {}, version?: string) => ({
    name,
    namespace,
    workload: workload(name, version),
    ports: [Port.http(80, { containerPort: 8080 }), Port.grpc(9000), Port.tcp(6379, { name: 'redis' })],
    ...options,
  });
  const web = new MeshedService(chart, 'Web', from('web'));
  const cart = new MeshedService(chart, 'Cart', from('cart', said.service, 'v1'));
  new CanaryRelease(chart, 'Release', {
    service: cart,
    stable: { version: 'v1' },
    candidate: { version: 'v2', workload: workload('cart', 'v2'), weightPercent: 0 },
    candidateWhen: [HttpMatch.allOf({ headers: [HeaderMatch.exact('x-canary', 'true')] })],
  });
  cart.access.allowFrom(web);
  const calls = [
    () => said.port !== undefined && cart.addResilience({ ports: [port.name], ...said.port }),
    () => said.version !== undefined && cart.addResilience({ version: 'v1', ...said.version }),
    () => said.caller !== undefined && cart.addResilience({ callers: [web], ...said.caller }),
  ];
  (reversed ? calls.reverse() : calls).forEach((call) => call());
  if (said.route !== undefined) {
    const { timeout, retries } = said.route;
    cart.addRoute({
      name: 'all',
      matches: [HttpMatch.allOf({ path: PathMatch.prefix('/') })],
      ...(timeout === undefined ? {} : { timeout }),
      ...(retries === undefined ? {} : { retries }),
    });
  }
  return { cart, web, all: objects(chart) };
}

/** What holds for calls of `web` to the stable version. */
function settings(said: Said, port = HTTP): Settings {
  return settingsOfCalls(synth(said, port).all, { service: 'cart', port: port.port, caller: 'web', version: 'v1' });
}

const pairs = LEVELS.flatMap((lower, index) => LEVELS.slice(index + 1).map((higher) => [lower, higher] as const));

describe.each(pairs)('%s below %s', (lower, higher) => {
  const both = (low: ResilienceOptions, high: ResilienceOptions): Said => ({ [lower]: low, [higher]: high });

  test('different fields of one setting both hold', () => {
    const low = { connectionPool: ConnectionPool.of({ maxConnections: 11 }) };
    const high = { connectionPool: ConnectionPool.of({ maxRequests: 22 }) };
    expect(settings(both(low, high)).connectionPool).toMatchObject({
      tcp: { maxConnections: 11, connectTimeout: '3s' },
      http: { http1MaxPendingRequests: 1024, http2MaxRequests: 22, idleTimeout: '300s' },
    });
  });

  test('different settings of where calls go both hold, and so do those that nobody chose', () => {
    const low = { retryBudget: RetryBudget.of({ percent: 11 }) };
    const high = { outlierDetection: OutlierDetection.of({ consecutive5xxErrors: 22 }) };
    expect(settings(both(low, high))).toMatchObject({
      retryBudget: { percent: 11, minRetryConcurrency: 3 },
      outlierDetection: { consecutive5xxErrors: 22, interval: '10s', maxEjectionPercent: 50 },
      connectionPool: { tcp: { maxConnections: 1024 } },
      timeout: '15s',
    });
  });

  test('different settings of requests both hold', () => {
    const low = { timeout: Timeout.of(Duration.seconds(44)) };
    const high = { retries: Retries.of({ attempts: 5 }) };
    expect(settings(both(low, high))).toMatchObject({ timeout: '44s', retries: { attempts: 5, perTryTimeout: '44s' } });
    expect(settings(both(high, low))).toMatchObject({ timeout: '44s', retries: { attempts: 5, perTryTimeout: '44s' } });
  });

  test('of two values the narrower level has its way', () => {
    const say = (attempts: number) => ({
      connectionPool: ConnectionPool.of({ maxConnections: attempts }),
      retryBudget: RetryBudget.of({ percent: attempts }),
      retries: Retries.of({ attempts }),
    });
    expect(settings(both(say(11), say(22)))).toMatchObject({
      connectionPool: { tcp: { maxConnections: 22 } },
      retryBudget: { percent: 22 },
      retries: { attempts: 22 },
    });
  });

  test('what is off below is turned on, and what is on below is turned off', () => {
    const off = {
      connectionPool: ConnectionPool.off(),
      outlierDetection: OutlierDetection.off(),
      retryBudget: RetryBudget.off(),
      retries: Retries.off(),
      timeout: Timeout.off(),
    };
    const on = {
      connectionPool: ConnectionPool.of({ maxConnections: 7 }),
      outlierDetection: OutlierDetection.of({ consecutive5xxErrors: 7 }),
      retryBudget: RetryBudget.of({ percent: 7 }),
      retries: Retries.of({ attempts: 7 }),
      timeout: Timeout.of(Duration.seconds(7)),
    };
    expect(settings(both(off, on))).toMatchObject({
      connectionPool: { tcp: { maxConnections: 7, connectTimeout: '3s' }, http: { http2MaxRequests: 1024 } },
      outlierDetection: { consecutive5xxErrors: 7, maxEjectionPercent: 50 },
      retryBudget: { percent: 7 },
      retries: { attempts: 7 },
      timeout: '7s',
    });
    const open = settings(both(on, off));
    expect(open.timeout).toBeUndefined();
    expect(open.retries).toEqual({ attempts: 0 });
    expect([undefined, { tcp: { maxConnections: 2147483647 } }]).toContainEqual(open.connectionPool);
    expect([undefined, { consecutive5xxErrors: 0 }]).toContainEqual(open.outlierDetection);
    expect([undefined, { percent: 100, minRetryConcurrency: 2147483647 }]).toContainEqual(open.retryBudget);
  });

  test('connections keep what both say', () => {
    const low = { connectionPool: ConnectionPool.of({ maxConnections: 11 }) };
    const high = { connectionPool: ConnectionPool.of({ connectTimeout: Duration.seconds(22) }) };
    expect(settings(both(low, high), REDIS).connectionPool).toMatchObject({
      tcp: { maxConnections: 11, connectTimeout: '22s' },
    });
  });

  test('the answer of explainResilience names both', () => {
    const low = { connectionPool: ConnectionPool.of({ maxConnections: 11, maxRequests: 5 }) };
    const high = { connectionPool: ConnectionPool.of({ maxRequests: 22 }) };
    const { cart, web } = synth(both(low, high));
    const calls = { port: 'http', version: 'v1', caller: web };
    const found = new Map(cart.explainResilience(calls).map((source) => [source.setting, source]));
    expect(found.get('connectionPool.maxConnections')).toMatchObject({ value: '11', level: NAMES[lower] });
    expect(found.get('connectionPool.maxRequests')).toMatchObject({ value: '22', level: NAMES[higher] });
    expect(found.get('connectionPool.maxPendingRequests')).toMatchObject({ value: '1024', level: 'default' });
  });
});

test.each(LEVELS)('a route says less than %s, and wins where it says the same', (level) => {
  const low = { timeout: Timeout.of(Duration.seconds(44)), retries: Retries.of({ attempts: 5 }) };
  const route = { timeout: Timeout.of(Duration.seconds(4)) };
  expect(settings({ [level]: low, route })).toMatchObject({
    timeout: '4s',
    retries: { attempts: 5, perTryTimeout: '4s' },
  });
  expect(settings({ [level]: { connectionPool: ConnectionPool.of({ maxConnections: 11 }) }, route })).toMatchObject({
    timeout: '4s',
    connectionPool: { tcp: { maxConnections: 11 } },
  });
});

test('what all levels say together holds, whatever the order of the calls', () => {
  const said: Said = {
    mesh: { connectionPool: ConnectionPool.of({ maxConnections: 1 }) },
    namespace: { connectionPool: ConnectionPool.of({ maxPendingRequests: 2 }) },
    service: { connectionPool: ConnectionPool.of({ maxRequests: 3 }) },
    port: { connectionPool: ConnectionPool.of({ connectTimeout: Duration.seconds(4) }) },
    version: { connectionPool: ConnectionPool.of({ idleTimeout: Duration.seconds(5) }) },
    caller: { connectionPool: ConnectionPool.of({ maxRequestsPerConnection: 6 }) },
  };
  expect(settings(said).connectionPool).toEqual({
    tcp: { maxConnections: 1, connectTimeout: '4s' },
    http: { http1MaxPendingRequests: 2, http2MaxRequests: 3, idleTimeout: '5s', maxRequestsPerConnection: 6 },
  });
  expect(Yaml.stringify(synth(said, HTTP, true).all)).toBe(Yaml.stringify(synth(said).all));
});

test('other calls keep what holds for them', () => {
  const { all } = synth({
    port: { connectionPool: ConnectionPool.of({ maxConnections: 11 }) },
    version: { connectionPool: ConnectionPool.of({ maxRequests: 22 }) },
    caller: { connectionPool: ConnectionPool.of({ maxPendingRequests: 33 }), timeout: Timeout.of(Duration.seconds(3)) },
  });
  const plain = {
    tcp: { maxConnections: 1024, connectTimeout: '3s' },
    http: { http1MaxPendingRequests: 1024, http2MaxRequests: 1024, idleTimeout: '300s' },
  };
  const other = { service: 'cart', port: 9000, caller: 'other', version: 'v1' };
  expect(settingsOfCalls(all, other)).toMatchObject({
    timeout: '15s',
    connectionPool: { ...plain, http: { ...plain.http, http2MaxRequests: 22 } },
    retryBudget: { percent: 20 },
  });
  expect(settingsOfCalls(all, { ...other, port: 6379 }).connectionPool).toMatchObject({ tcp: plain.tcp });
  expect(settingsOfCalls(all, { service: 'web', port: 80 }).connectionPool).toMatchObject(plain);
});

test('a level that is ending holds no more, and its subset stays for proxies that have the old routes', () => {
  const say = (ending: boolean) => {
    const { cart, web } = synth({});
    cart.addResilience({ callers: [web], connectionPool: ConnectionPool.of({ maxConnections: 11 }), ending });
    cart.addResilience({ ports: ['grpc'], connectionPool: ConnectionPool.of({ maxConnections: 12 }), ending });
    const all = objects(Chart.of(cart));
    const find = (kind: string) => all.find((object) => object.kind === kind && object.metadata.name === 'cart');
    return {
      cart,
      web,
      all,
      rule: JSON.stringify(find('DestinationRule')),
      routes: JSON.stringify(find('VirtualService')),
    };
  };
  const before = say(false);
  const routed = [...before.routes.matchAll(/"subset":"([^"]*)"/g)].map(([, name = '']) => name);
  const own = routed.filter((name) => /from|port/.test(name));
  const { cart, web, all, rule, routes } = say(true);
  expect(own.length).toBeGreaterThan(3);
  own.forEach((name) => expect(rule).toContain(`"name":"${name}"`));
  own.forEach((name) => expect(routes).not.toContain(name));
  const calls = { service: 'cart', caller: 'web', version: 'v1' };
  [80, 9000].forEach((port) =>
    expect(settingsOfCalls(all, { ...calls, port }).connectionPool).toMatchObject({ tcp: { maxConnections: 1024 } }),
  );
  const explained = cart.explainResilience({ caller: web, port: 'grpc' });
  expect(explained.find(({ setting }) => setting === 'connectionPool.maxConnections')?.level).toBe('default');
});

describe('where there are no requests', () => {
  /** A service of connections, on which `web` and others call. */
  function tcpCart(port: Port) {
    const app = new MeshApp();
    const web = app.service('web');
    const workload = Workload.of(deployment(app.chart, 'cart', { ports: [6379] }));
    const cart = app.service('cart', { workload, ports: [port] });
    cart.access.allowFrom(web);
    cart.addResilience({ callers: [web], connectionPool: ConnectionPool.of({ maxConnections: 7 }) });
    return app;
  }

  test.each([
    ['TCP', Port.tcp(6379)],
    ['TLS', Port.tls(6379)],
  ])('a caller has a route of its own on a %s port, and the others have one, too', (_, port) => {
    const app = tcpCart(port);
    const held = (caller: string) => settingsOfCalls(app.objects(), { service: 'cart', port: 6379, caller });
    expect(held('web').connectionPool).toMatchObject({ tcp: { maxConnections: 7, connectTimeout: '3s' } });
    expect(held('other').connectionPool).toMatchObject({ tcp: { maxConnections: 1024, connectTimeout: '3s' } });
    expect(schemaProblems(app.objects() as KubeObject[])).toEqual([]);
  });
});

test('external hosts have what the mesh and their namespace say, wherever that is declared', () => {
  const app = new MeshApp({ defaults: { connectionPool: ConnectionPool.of({ maxConnections: 11 }) } });
  const outlierDetection = OutlierDetection.of({ consecutive5xxErrors: 2 });
  new ExternalHost(app.chart, 'Stripe', {
    host: 'api.stripe.com',
    namespace: 'pay',
    ports: [Port.https(443)],
    outlierDetection,
  });
  new ZeroTrustNamespace(app.chart, 'Pay', {
    name: 'pay',
    resilience: {
      connectionPool: ConnectionPool.of({ connectTimeout: Duration.seconds(9) }),
      outlierDetection: OutlierDetection.off(),
    },
  });
  expect(app.find('DestinationRule', 'api-stripe-com').spec).toMatchObject({
    trafficPolicy: {
      connectionPool: { tcp: { maxConnections: 11, connectTimeout: '9s' } },
      outlierDetection: { consecutive5xxErrors: 2, maxEjectionPercent: 50 },
    },
  });
});

test('a service of another app keeps the rules of its owner, whatever levels there are here', () => {
  const app = new MeshApp({ defaults: { connectionPool: ConnectionPool.of({ maxConnections: 11 }) } });
  const resilience = { connectionPool: ConnectionPool.of({ maxRequests: 12 }) };
  new ZeroTrustNamespace(app.chart, 'Bank', { name: 'bank', resilience });
  const ledger = MeshedService.fromRef(app.chart, 'Ledger', {
    name: 'ledger',
    namespace: 'bank',
    serviceAccount: 'ledger',
    ports: [Port.grpc(9000)],
    podLabels: { app: 'ledger' },
  });
  const cart = app.service('cart');
  cart.access.allowTo(ledger);
  cart.access.allowFrom(ledger);
  cart.addResilience({ callers: [ledger], connectionPool: ConnectionPool.of({ maxRequests: 13 }) });
  const routing = app.objects().filter(({ kind }) => ['DestinationRule', 'VirtualService'].includes(kind));
  expect(routing.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    'DestinationRule cart',
    'VirtualService cart',
  ]);
  expect(JSON.stringify(routing)).not.toContain('ledger.bank');
  expect(settingsOfCalls(app.objects(), { service: 'cart', port: 80, caller: 'ledger' }).connectionPool).toMatchObject({
    http: { http2MaxRequests: 13 },
  });
});

test('a limit of one port is held by the pods on that port alone', () => {
  const app = new MeshApp();
  const workload = Workload.of(deployment(app.chart, 'cart', { ports: [8080, 9000] }));
  const cart = app.service('cart', { workload, ports: [Port.http(80, { containerPort: 8080 }), Port.grpc(9000)] });
  cart.addResilience({ ports: ['grpc'], rateLimit: RateLimit.perPod({ requests: 5, per: Duration.seconds(1) }) });
  const filter = JSON.stringify(app.find('EnvoyFilter', 'cart').spec);
  expect(filter).toContain('"destinationPort":9000');
  expect(filter).not.toContain('"destinationPort":8080');
});
