import { Duration } from 'cdk8s';
import type { RetriesOptions, RouteOptions } from '../../lib';
import {
  ExternalHost,
  HttpMatch,
  Operation,
  PathMatch,
  Port,
  Retries,
  RetryCondition,
  Timeout,
  Workload,
} from '../../lib';
import { schemaProblems, synthesize } from '../../lib/testing';
import { MeshApp, at, deployment } from '../support/mesh-app';
import type { Calls } from '../support/read-back/settings';
import { settingsOfCalls } from '../support/read-back/settings';

const HARMLESS = [RetryCondition.CONNECT_FAILURE];

/** The retries of each route of `cart`. */
function retries(options: RetriesOptions, route?: Partial<RouteOptions>): unknown[] {
  const app = new MeshApp();
  const cart = app.service('cart', { retries: Retries.of({ conditions: HARMLESS, ...options }) });
  if (route !== undefined) {
    cart.addRoute({ name: 'slow', matches: [HttpMatch.allOf({ path: PathMatch.exact('/slow') })], ...route });
  }
  expect(schemaProblems(synthesize(app.chart))).toEqual([]);
  const routes = at(app.find('VirtualService', 'cart'), 'spec', 'http') as readonly { readonly retries: unknown }[];
  return routes.map((one) => one.retries);
}

test('what is left out is left to the proxy', () => {
  const [only] = retries({});
  expect(only).toEqual({ attempts: 2, perTryTimeout: '15s', retryOn: 'connect-failure' });
});

test('a proxy waits before it repeats', () => {
  expect(retries({ backoff: Duration.millis(100) })).toEqual([expect.objectContaining({ backoff: '100ms' })]);
});

test.each([true, false])('another endpoint: %s', (otherEndpoint) => {
  expect(retries({ otherEndpoint })).toEqual([expect.objectContaining({ retryIgnorePreviousHosts: otherEndpoint })]);
});

test('a route that says less waits as its service does', () => {
  expect(retries({ backoff: Duration.seconds(1) }, { retries: Retries.of({ attempts: 1 }) })).toEqual([
    expect.objectContaining({ attempts: 1, backoff: '1s' }),
    expect.objectContaining({ attempts: 2, backoff: '1s' }),
  ]);
});

test('a wait that was timed for the service shrinks with the timeout of a route', () => {
  expect(retries({ backoff: Duration.seconds(5) }, { timeout: Timeout.of(Duration.seconds(3)) })).toEqual([
    expect.objectContaining({ perTryTimeout: '3s', backoff: '1s' }),
    expect.objectContaining({ backoff: '5s' }),
  ]);
});

test('hosts outside of the mesh have them, too', () => {
  const app = new MeshApp();
  new ExternalHost(app.chart, 'Stripe', {
    host: 'api.stripe.com',
    ports: [Port.http(80)],
    retries: Retries.of({ backoff: Duration.millis(250) }),
  });
  expect(app.find('VirtualService', 'api-stripe-com')).toHaveProperty('spec.http.0.retries.backoff', '250ms');
});

describe('what is not safe to repeat', () => {
  const PUT = Operation.http({ methods: ['PUT'] });
  const ALL = 'connect-failure,refused-stream,503';
  const FEW = 'connect-failure,refused-stream';

  /** On which conditions calls of each kind are repeated. */
  function repeated(app: MeshApp, service: string, calls: Readonly<Record<string, Omit<Calls, 'service'>>>) {
    expect(schemaProblems(synthesize(app.chart))).toEqual([]);
    return Object.entries(calls).map(([name, call]) => [
      name,
      at(settingsOfCalls(app.objects(), { service, ...call }).retries, 'retryOn'),
    ]);
  }
  const methods = (...names: string[]) => Object.fromEntries(names.map((method) => [method, { port: 80, method }]));

  test('is repeated on all conditions where it is named, and nothing besides', () => {
    const app = new MeshApp();
    app.service('cart', { retries: Retries.of({ repeatUnsafe: [PUT] }) });
    expect(repeated(app, 'cart', methods('GET', 'PUT', 'POST', 'DELETE'))).toEqual([
      ['GET', ALL],
      ['PUT', ALL],
      ['POST', FEW],
      ['DELETE', FEW],
    ]);
  });

  test('is named for a port, a caller or a route alone', () => {
    const app = new MeshApp();
    const retries = Retries.of({ repeatUnsafe: [PUT] });
    const cart = app.service('cart', {
      ports: [Port.http(80, { containerPort: 8080 }), Port.http(81, { name: 'admin', containerPort: 8080 })],
    });
    cart.addResilience({ ports: ['admin'], retries });
    const web = app.service('web');
    cart.access.allowFrom(web);
    cart.addResilience({ callers: [web], retries });
    cart.addRoute({ name: 'all', matches: [HttpMatch.allOf({ path: PathMatch.exact('/all') })], retries });
    const calls = {
      here: { port: 80, method: 'PUT' },
      there: { port: 81, method: 'PUT' },
      web: { port: 80, method: 'PUT', caller: 'web' },
    };
    expect(repeated(app, 'cart', calls)).toEqual([
      ['here', FEW],
      ['there', ALL],
      ['web', ALL],
    ]);
    const http = at(app.find('VirtualService', 'cart'), 'spec', 'http') as readonly object[];
    const all = http.filter((route) => JSON.stringify(at(route, 'match')).includes('"/all"'));
    expect(
      all.map((route) => [JSON.stringify(at(route, 'match')).includes('PUT'), at(route, 'retries', 'retryOn')]),
    ).toContainEqual([true, ALL]);
  });

  test('an empty list takes back what the service names', () => {
    const app = new MeshApp();
    const cart = app.service('cart', { retries: Retries.of({ repeatUnsafe: [PUT] }) });
    const web = app.service('web');
    cart.access.allowFrom(web);
    cart.addResilience({ callers: [web], retries: Retries.of({ repeatUnsafe: [] }) });
    const calls = { web: { port: 80, method: 'PUT', caller: 'web' }, other: { port: 80, method: 'PUT' } };
    expect(repeated(app, 'cart', calls)).toEqual([
      ['web', FEW],
      ['other', ALL],
    ]);
  });

  test('methods of HTTP name nothing of gRPC, whose calls are named by their own names', () => {
    const app = new MeshApp();
    const post = Operation.http({ methods: ['POST'] });
    const charge = Operation.grpc('pay.Cards', 'Charge');
    app.service('pay', {
      ports: [Port.http(80), Port.grpc(9000)],
      workload: Workload.of(deployment(app.chart, 'pay', { ports: [80, 9000] })),
      retries: Retries.of({ repeatUnsafe: [post, charge] }),
    });
    const http = at(app.find('VirtualService', 'pay'), 'spec', 'http') as readonly object[];
    expect(http.map((route) => [at(route, 'match'), at(route, 'retries', 'retryOn')])).toEqual([
      [[{ port: 80, method: { regex: 'GET|HEAD|OPTIONS|POST' } }], ALL],
      [[{ port: 80 }], FEW],
      [
        [{ port: 9000, method: { exact: 'POST' }, uri: { exact: '/pay.Cards/Charge' } }],
        'connect-failure,refused-stream,503,unavailable',
      ],
      [[{ port: 9000 }], FEW],
    ]);
  });

  test('one name lets writing routes be repeated on a status alone', () => {
    const app = new MeshApp();
    const conditions = [RetryCondition.SERVICE_UNAVAILABLE];
    const matches = [HttpMatch.allOf({ methods: ['PUT'] })];
    app.service('cart').addRoute({ name: 'put', matches, retries: Retries.of({ conditions, repeatUnsafe: [PUT] }) });
    expect(app.find('VirtualService', 'cart')).toHaveProperty('spec.http.0.retries.retryOn', '503');
  });

  test('is told with the level that names it', () => {
    const app = new MeshApp();
    const operation = Operation.http({ methods: ['PUT', 'POST'], paths: [PathMatch.prefix('/orders')] });
    const cart = app.service('cart', { retries: Retries.of({ repeatUnsafe: [operation] }) });
    expect(cart.explainResilience()).toContainEqual({
      setting: 'retries.repeatUnsafe',
      value: 'PUT|POST prefix /orders',
      level: 'service',
    });
  });
});
