import { Duration } from 'cdk8s';
import type { HttpMatchProps, MeshedService, MeshedServiceProps, RouteOptions } from '../../lib';
import {
  CanaryRelease,
  HeaderMatch,
  HttpMatch,
  IngressRoute,
  IngressTls,
  MeshedService as Service,
  PathMatch,
  Peer,
  Port,
  QueryMatch,
  Retries,
  RouteAction,
  Timeout,
  Workload,
} from '../../lib';
import { schemaProblems, synthesize } from '../../lib/testing';
import { MeshApp, at, deployment } from '../support/mesh-app';

const API: HttpMatchProps = { path: PathMatch.prefix('/api') };

/** Routes of the VirtualService of that name, without those of the service itself. */
function routes(app: MeshApp, name = 'cart'): readonly object[] {
  expect(schemaProblems(synthesize(app.chart))).toEqual([]);
  return at(app.find('VirtualService', name), 'spec', 'http') as readonly object[];
}

function cart(app: MeshApp, overrides: Partial<MeshedServiceProps> = {}): MeshedService {
  return app.service('cart', { retries: Retries.off(), ...overrides });
}

/** What the first route says for one rule of `cart`. */
function only(options: Partial<RouteOptions>, match: HttpMatchProps = API): object {
  const app = new MeshApp();
  cart(app).addRoute({ name: 'rule', matches: [HttpMatch.allOf(match)], ...options });
  const [first, ...rest] = routes(app);
  expect(rest).toHaveLength(1);
  return first ?? {};
}

const API_MATCH = [{ uri: { exact: '/api' } }, { uri: { prefix: '/api/' } }];
const SELF = [{ destination: { host: 'cart.shop.svc.cluster.local', port: { number: 80 } } }];
const PLAIN = { route: SELF, retries: { attempts: 0 }, timeout: '15s' };

describe('what a rule says is what the VirtualService says', () => {
  test.each<[string, HttpMatchProps, object]>([
    ['an exact path', { path: PathMatch.exact('/a') }, { uri: { exact: '/a' } }],
    ['an expression', { path: PathMatch.regex('/v[12]') }, { uri: { regex: '/v[12]' } }],
    ['a template', { path: PathMatch.template('/a/{*}') }, { uri: { regex: '/a/[^/]+' } }],
    ['a method', { methods: ['PUT'] }, { method: { exact: 'PUT' } }],
    ['methods', { methods: ['PUT', 'POST'] }, { method: { regex: 'PUT|POST' } }],
    [
      'headers',
      { headers: [HeaderMatch.exact('a', '1'), HeaderMatch.prefix('b', '2')] },
      { headers: { a: { exact: '1' }, b: { prefix: '2' } } },
    ],
    ['a query parameter', { query: [QueryMatch.exact('a', '1')] }, { queryParams: { a: { exact: '1' } } }],
    [
      'a query parameter by prefix, which Istio does not compare',
      { query: [QueryMatch.prefix('a', 'x.y')] },
      { queryParams: { a: { regex: 'x\\.y.*' } } },
    ],
    [
      'all of them',
      { ...API, path: PathMatch.exact('/a'), methods: ['GET'], query: [QueryMatch.regex('q', '.+')] },
      { uri: { exact: '/a' }, method: { exact: 'GET' }, queryParams: { q: { regex: '.+' } } },
    ],
  ])('%s', (_, match, expected) => {
    expect(only({ timeout: Timeout.of(Duration.seconds(15)) }, match)).toEqual({ match: [expected], ...PLAIN });
  });

  test('a timeout and retries', () => {
    const retries = Retries.of({ attempts: 1 });
    const rule = only({ timeout: Timeout.of(Duration.seconds(4)), retries }, { ...API, methods: ['POST'] });
    expect(rule).toMatchObject({
      timeout: '4s',
      retries: { attempts: 1, perTryTimeout: '4s', retryOn: 'connect-failure,refused-stream' },
    });
  });

  test('changes to headers, where a percent sign is one', () => {
    const rule = only({
      requestHeaders: { set: { 'x-a': '100%' }, remove: ['x-b'] },
      responseHeaders: { add: { 'x-c': '%REQ(y)%' } },
    });
    expect(rule).toEqual({
      match: API_MATCH,
      ...PLAIN,
      headers: { request: { set: { 'x-a': '100%%' }, remove: ['x-b'] }, response: { add: { 'x-c': '%%REQ(y)%%' } } },
    });
  });

  test('a redirect', () => {
    const action = RouteAction.redirect({
      status: 301,
      scheme: 'https',
      host: 'b.example.com',
      port: 8443,
      path: '/b',
    });
    expect(only({ action })).toEqual({
      match: API_MATCH,
      redirect: { redirectCode: 301, scheme: 'https', authority: 'b.example.com', port: 8443, uri: '/b' },
    });
  });

  test('an answer', () => {
    const action = RouteAction.respond(503, 'closed');
    expect(only({ action })).toEqual({ match: API_MATCH, directResponse: { status: 503, body: { string: 'closed' } } });
    expect(only({ action: RouteAction.respond(404) })).toMatchObject({ directResponse: { status: 404 } });
  });

  test('CORS', () => {
    const cors = {
      origins: ['https://a.example.com'],
      originRegexes: ['https://.*\\.example\\.com'],
      methods: ['GET', 'GET', 'POST'],
      headers: ['x-a'],
      exposedHeaders: ['x-b'],
      maxAge: Duration.hours(1),
      credentials: true,
    };
    expect(only({ cors })).toEqual({
      match: API_MATCH,
      ...PLAIN,
      corsPolicy: {
        allowOrigins: [{ exact: 'https://a.example.com' }, { regex: 'https://.*\\.example\\.com' }],
        allowMethods: ['GET', 'POST'],
        allowHeaders: ['x-a'],
        exposeHeaders: ['x-b'],
        maxAge: '3600s',
        allowCredentials: true,
      },
    });
    expect(only({ cors: { origins: ['*'], methods: ['GET'] } })).toMatchObject({
      corsPolicy: { allowOrigins: [{ exact: '*' }], maxAge: '600s', allowCredentials: false },
    });
  });

  test('a host in place of the one that was called', () => {
    const action = RouteAction.forward({ rewriteHost: 'internal.example.com' });
    expect(only({ action })).toEqual({ match: API_MATCH, ...PLAIN, rewrite: { authority: 'internal.example.com' } });
  });

  test('an exact path in place of another', () => {
    const action = RouteAction.forward({ rewritePath: '/new' });
    expect(only({ action }, { path: PathMatch.exact('/old') })).toMatchObject({
      match: [{ uri: { exact: '/old' } }],
      rewrite: { uri: '/new' },
    });
  });
});

test.each([
  ['/v2', '/v2', '/v2/'],
  ['/v2/', '/v2', '/v2/'],
  ['/', '/', '/'],
])('a prefix is rewritten to %s at borders of segments', (rewritePath, itself, below) => {
  const app = new MeshApp();
  cart(app).addRoute({
    name: 'rule',
    matches: [HttpMatch.allOf({ path: PathMatch.prefix('/api') })],
    action: RouteAction.forward({ rewritePath }),
  });
  const [exact, prefix] = routes(app).filter((route) => at(route, 'rewrite') !== undefined);
  if (itself === below) {
    expect(exact).toMatchObject({ match: API_MATCH, rewrite: { uri: '/' } });
  } else {
    expect(exact).toMatchObject({ match: [{ uri: { exact: '/api' } }], rewrite: { uri: itself } });
    expect(prefix).toMatchObject({ match: [{ uri: { prefix: '/api/' } }], rewrite: { uri: below } });
  }
});

test('a rewrite of every path puts something before it', () => {
  const rule = only({ action: RouteAction.forward({ rewritePath: '/v2' }) }, { path: PathMatch.prefix('/') });
  expect(rule).toMatchObject({ match: [{ uri: { prefix: '/' } }], rewrite: { uri: '/v2/' } });
});

test('a cookie is found wherever it stands, and nowhere else', () => {
  const rule = only({ action: RouteAction.respond(404) }, { headers: [HeaderMatch.cookie('group', 'a.b')] });
  const [match] = at(rule, 'match') as object[];
  const regex = new RegExp(`^(?:${String(at(match, 'headers', 'cookie', 'regex'))})$`);
  const hits = ['group=a.b', 'x=1; group=a.b', 'group=a.b; x=1', 'x=1;group=a.b;y=2'];
  const misses = ['group=a.bc', 'xgroup=a.b', 'group=axb', 'x=group=a.b', 'group=', 'group=a.b2; x=1'];
  expect(hits.filter((cookie) => !regex.test(cookie))).toEqual([]);
  expect(misses.filter((cookie) => regex.test(cookie))).toEqual([]);
});

test('two cookies are found in either order, and not one without the other', () => {
  const rule = only(
    { action: RouteAction.respond(404) },
    { headers: [HeaderMatch.cookie('group', 'a'), HeaderMatch.cookie('beta', 'yes')] },
  );
  const [match] = at(rule, 'match') as object[];
  const regex = new RegExp(`^(?:${String(at(match, 'headers', 'cookie', 'regex'))})$`);
  const hits = ['group=a; beta=yes', 'beta=yes;group=a', 'x=1; group=a; y=2; beta=yes; z=3', 'beta=yes; x=1; group=a'];
  const misses = [
    'group=a',
    'beta=yes',
    'group=a; beta=no',
    'group=ab; beta=yes',
    'xgroup=a; beta=yes',
    'group=a beta=yes',
  ];
  expect(hits.filter((cookie) => !regex.test(cookie))).toEqual([]);
  expect(misses.filter((cookie) => regex.test(cookie))).toEqual([]);
});

test('a route for a cookie meets a release for another one', () => {
  const app = new MeshApp();
  const pods = (version: string) => Workload.of(deployment(app.chart, version, { labels: { app: 'cart', version } }));
  const service = cart(app, { workload: pods('v1') });
  const when = (name: string) => [HttpMatch.allOf({ headers: [HeaderMatch.cookie(name, '1')] })];
  service.addRoute({ name: 'slow', matches: when('slow'), timeout: Timeout.of(Duration.minutes(1)) });
  new CanaryRelease(app.chart, 'Release', {
    service,
    stable: { version: 'v1' },
    candidate: { version: 'v2', workload: pods('v2'), weightPercent: 0 },
    candidateWhen: when('beta'),
  });
  expect(
    routes(app).map((route) => [at(route, 'timeout'), JSON.stringify(at(route, 'route')).match(/v[12]/)?.[0]]),
  ).toEqual([
    ['60s', 'v2'],
    ['60s', 'v1'],
    ['15s', 'v2'],
    ['15s', 'v1'],
  ]);
});

test('rules from several places, in any order, give the same bytes', () => {
  const rules: RouteOptions[] = [
    { name: 'a', matches: [HttpMatch.allOf(API)], timeout: Timeout.of(Duration.seconds(1)) },
    { name: 'b', matches: [HttpMatch.allOf({ path: PathMatch.exact('/api/x') })], action: RouteAction.respond(404) },
    { name: 'c', matches: [HttpMatch.allOf({ methods: ['PUT'] })], requestHeaders: { set: { 'x-w': '1' } } },
  ];
  const text = (order: readonly number[]) => {
    const app = new MeshApp();
    const service = cart(app);
    for (const index of order) service.addRoute(rules[index] ?? { name: '', matches: [] });
    return JSON.stringify(app.objects());
  };
  const all = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ].map(text);
  expect(new Set(all).size).toBe(1);
});

test('callers are told by namespace and labels, and never at a gateway', () => {
  const app = new MeshApp();
  const service = cart(app);
  const callers = [
    app.service('web'),
    Peer.namespace('ops'),
    Peer.serviceAccount('qa', 'robot', { podLabels: { app: 'robot' } }),
  ];
  callers.forEach((caller) => service.access.allowFrom(caller));
  service.addRoute({ name: 'known', matches: [HttpMatch.allOf({ callers })], action: RouteAction.respond(418) });
  new IngressRoute(app.chart, 'Ingress', { host: 'a.example.com', service, tls: IngressTls.plaintext() });
  expect(routes(app)[0]).toMatchObject({
    match: [
      { sourceNamespace: 'shop', sourceLabels: { app: 'web' } },
      { sourceNamespace: 'ops' },
      { sourceNamespace: 'qa', sourceLabels: { app: 'robot' } },
    ],
  });
  expect(routes(app, 'cart-ingress')).toHaveLength(1);
});

test('several ports are told apart, and rules of one port stay there', () => {
  const app = new MeshApp();
  const ports = [Port.http(80, { containerPort: 8080 }), Port.http(81, { name: 'admin', containerPort: 8080 })];
  cart(app, { ports }).addRoute({
    name: 'a',
    matches: [HttpMatch.allOf(API)],
    ports: ['admin'],
    action: RouteAction.respond(403),
  });
  expect(routes(app).map((route) => at(route, 'match'))).toEqual([
    [{ port: 80 }],
    [
      { uri: { exact: '/api' }, port: 81 },
      { uri: { prefix: '/api/' }, port: 81 },
    ],
    [{ port: 81 }],
  ]);
});

test('a rule to another service holds its release, its port, and needs a grant of the caller', () => {
  const app = new MeshApp();
  const version = (name: string) =>
    Workload.of(deployment(app.chart, `pay-${name}`, { labels: { app: 'pay', version: name } }));
  const pay = app.service('pay', { workload: version('v1'), ports: [Port.http(8000, { containerPort: 8080 })] });
  new CanaryRelease(app.chart, 'Release', {
    service: pay,
    stable: { version: 'v1' },
    candidate: { version: 'v2', workload: version('v2'), weightPercent: 20 },
  });
  const service = cart(app);
  const web = app.service('web');
  service.access.allowFrom(web);
  service.addRoute({ name: 'pay', matches: [HttpMatch.allOf(API)], action: RouteAction.forward({ service: pay }) });
  expect(() => app.objects()).toThrow(
    /MESH-API-064: route `pay` of `shop\/cart` leads `shop\/web` to `shop\/pay`, path `\/api`, which it may not call; fix: add the missing grant: `access.allowFrom` of `shop\/pay` for `shop\/web`/,
  );
  pay.access.allowFrom(web);
  const host = 'pay.shop.svc.cluster.local';
  expect(routes(app)[0]).toMatchObject({
    route: [
      { destination: { host, port: { number: 8000 }, subset: 'v1' }, weight: 80 },
      { destination: { host, port: { number: 8000 }, subset: 'v2' }, weight: 20 },
    ],
  });
});

test('a rule can lead to a service of another app, by the ports that it declares', () => {
  const app = new MeshApp();
  const ledger = Service.fromRef(app.chart, 'Ledger', {
    name: 'ledger',
    namespace: 'bank',
    serviceAccount: 'ledger',
    ports: [Port.grpc(9000)],
    podLabels: { app: 'ledger' },
  });
  cart(app).addRoute({ name: 'a', matches: [HttpMatch.allOf(API)], action: RouteAction.forward({ service: ledger }) });
  const destination = { host: 'ledger.bank.svc.cluster.local', port: { number: 9000 } };
  expect(routes(app)[0]).toMatchObject({ route: [{ destination }] });
});
