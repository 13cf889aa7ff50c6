import { App, Chart, Duration } from 'cdk8s';
import type {
  CorsOptions,
  DenyOptions,
  HeaderChanges,
  HttpMatchProps,
  RedirectOptions,
  RouteOptions,
} from '../../../lib';
import {
  HeaderMatch,
  HttpMatch,
  IngressRoute,
  IngressTls,
  IstioMesh,
  IstioPathNormalization,
  Mesh,
  MeshedService,
  Operation,
  PathMatch,
  Peer,
  Port,
  QueryMatch,
  Retries,
  RouteAction,
  Timeout,
  Workload,
  ZeroTrustNamespace,
} from '../../../lib';
import { Code } from '../../../lib/errors';
import { MeshApp, deployment } from '../mesh-app';
import type { Provocation } from './provocation';

const API: HttpMatchProps = { path: PathMatch.prefix('/api') };
const REWRITE = RouteAction.forward({ rewritePath: '/v2' });
const PORTS = [Port.http(80, { containerPort: 8080 }), Port.tcp(6379, { name: 'redis' })];

/** Routes of `shop/cart` that are refused at once. */
const REFUSED: readonly [string, Code, string, Partial<RouteOptions>][] = [
  ['a name that is none', Code.NAME, 'My route', { name: 'My route' }],
  ['no matches', Code.ROUTE, 'reads', { matches: [] }],
  ['a port that carries no requests', Code.ROUTE, 'redis', { ports: ['redis'] }],
  ['an unknown port', Code.PORT_UNKNOWN, 'http2', { ports: ['http2'] }],
  [
    'a rewrite of no path',
    Code.ROUTE,
    'rewritePath',
    { action: REWRITE, matches: [HttpMatch.allOf({ methods: ['GET'] })] },
  ],
  [
    'a rewrite of a pattern',
    Code.ROUTE,
    'rewritePath',
    { action: REWRITE, matches: [HttpMatch.allOf({ path: PathMatch.template('/a/{*}') })] },
  ],
  [
    'a timeout on an answer',
    Code.ROUTE,
    'timeout',
    { action: RouteAction.respond(503), timeout: Timeout.of(Duration.seconds(1)) },
  ],
  [
    'retries of a redirect',
    Code.ROUTE,
    'retries',
    { action: RouteAction.redirect({ path: '/b' }), retries: Retries.off() },
  ],
  [
    'changed requests that nobody gets',
    Code.ROUTE,
    'requestHeaders',
    { action: RouteAction.respond(503), requestHeaders: { remove: ['x-a'] } },
  ],
  [
    'tries longer than its timeout',
    Code.RESILIENCE,
    'reads',
    {
      timeout: Timeout.of(Duration.seconds(2)),
      retries: Retries.of({ attempts: 1, perTryTimeout: Duration.seconds(2) }),
    },
  ],
  ...(
    [
      ['a colon in a name', 'x:y', { set: { 'x:y': '1' } }],
      ['the host', 'Host', { remove: ['Host'] }],
      ['nothing', 'set', {}],
      ['one header twice', 'X-A', { set: { 'x-a': '1' }, remove: ['X-A'] }],
      ['two lines in a value', 'x-a', { set: { 'x-a': '1\r\nx-b: 2' } }],
      ['an empty value', 'x-a', { add: { 'x-a': '' } }],
    ] satisfies [string, string, HeaderChanges][]
  ).map(([input, value, responseHeaders]): [string, Code, string, Partial<RouteOptions>] => [
    `changes to headers with ${input}`,
    Code.ROUTE,
    value,
    { responseHeaders },
  ]),
  ...(
    [
      ['no origin', 'origins', {}],
      ['a path in an origin', 'https://a.example.com/x', { origins: ['https://a.example.com/x'] }],
      ['credentials for everybody', '*', { origins: ['*'], credentials: true }],
      ['no method', 'methods', { origins: ['*'], methods: [] }],
      ['a method that pages do not use', 'TRACE', { origins: ['*'], methods: ['TRACE'] }],
      ['a header that is none', 'x y', { origins: ['*'], headers: ['x y'] }],
      ['an exposed header that is none', 'x y', { origins: ['*'], exposedHeaders: ['x y'] }],
    ] satisfies [string, string, Partial<CorsOptions>][]
  ).map(([input, value, cors]): [string, Code, string, Partial<RouteOptions>] => [
    `CORS with ${input}`,
    Code.ROUTE,
    value,
    { cors: { methods: ['GET'], ...cors } },
  ]),
  [
    'CORS with half a second',
    Code.DURATION,
    '1500',
    { cors: { origins: ['*'], methods: ['GET'], maxAge: Duration.millis(1500) } },
  ],
  [
    'CORS with an origin regex that is none',
    Code.MATCH,
    'https://(?!a).*',
    { cors: { originRegexes: ['https://(?!a).*'], methods: ['GET'] } },
  ],
  ...(
    [
      ['methods without OPTIONS', 'OPTIONS', { ...API, methods: ['POST'] }],
      ['a header, which a preflight lacks', 'x-user', { headers: [HeaderMatch.exact('x-user', '1')] }],
    ] satisfies [string, string, HttpMatchProps][]
  ).map(([input, value, match]): [string, Code, string, Partial<RouteOptions>] => [
    `CORS and a match by ${input}`,
    Code.ROUTE,
    value,
    { cors: { origins: ['*'], methods: ['POST'] }, matches: [HttpMatch.allOf(match)] },
  ]),
];

const REDIRECTS: readonly [string, string, RedirectOptions][] = [
  ['a redirect that changes nothing', 'scheme', {}],
  ['a redirect with the status of an answer', '200', { status: 200, path: '/b' }],
  ['a redirect to a scheme that is none', 'ftp', { scheme: 'ftp' }],
  ['a redirect to a host that is none', 'a b', { host: 'a b' }],
];

/** Routes that cannot all hold. */
const TOGETHER: readonly [string, string, readonly RouteOptions[]][] = [
  ['two routes of one name', 'a', [route('a'), route('a', { path: PathMatch.exact('/b') })]],
  ['two routes for the same requests', 'b', [route('a'), route('b')]],
  ['a prefix that an expression takes whole', 'b', [route('a', { path: PathMatch.regex('/api(/.*)?') }), route('b')]],
  [
    'everything said in two ways',
    'same',
    [route('wide', { path: PathMatch.regex('.*') }), route('same', { path: PathMatch.prefix('/') })],
  ],
];

function route(name: string, match: HttpMatchProps = API): RouteOptions {
  return { name, matches: [HttpMatch.allOf(match)], action: RouteAction.respond(503) };
}

/** Makes the routes of `cart` lead to `pay`, which `web` may call so. */
function led(action: (pay: MeshedService) => RouteAction, grant?: Operation, callers = ['web']): MeshApp {
  const app = new MeshApp();
  const cart = app.service('cart');
  const pay = app.service('pay', {
    workload: Workload.of(deployment(app.chart, 'pay', { ports: [8080, 8081] })),
    ports: [Port.http(80, { containerPort: 8080 }), Port.http(81, { name: 'admin', containerPort: 8081 })],
  });
  for (const name of callers) {
    const caller = app.service(name);
    cart.access.allowFrom(caller, { operations: [Operation.http({ paths: [PathMatch.prefix('/api')] })] });
    if (grant !== undefined) pay.access.allowFrom(caller, { ports: ['http'], operations: [grant] });
  }
  cart.addRoute({ name: 'moved', matches: [HttpMatch.allOf(API)], action: action(pay) });
  return app;
}

const toPay = (pay: MeshedService) => RouteAction.forward({ service: pay, port: 'http' });

/** A service under another mesh. */
export function foreign(): MeshedService {
  const app = new App();
  Mesh.use(app, new IstioMesh({ version: '1.30.3' }));
  const chart = new Chart(app, 'bank', { namespace: 'bank' });
  new ZeroTrustNamespace(chart, 'Namespace', { name: 'bank' });
  return new MeshedService(chart, 'Ledger', { name: 'ledger', ports: [Port.http(80)] });
}

export const ROUTES: readonly Provocation[] = [
  {
    input: 'a match with a list of no callers, which would be one for all',
    code: Code.MATCH,
    value: 'callers',
    provoke: () => HttpMatch.allOf({ ...API, callers: [] }),
  },
  {
    input: 'a header by a name that the mesh ignores',
    code: Code.MATCH,
    value: 'authority',
    provoke: () => HeaderMatch.exact('authority', 'a.example.com'),
  },
  {
    input: 'an answer that is longer than proxies take',
    code: Code.ROUTE,
    value: String(1024 * 1024 + 1),
    provoke: () => RouteAction.respond(503, 'x'.repeat(1024 * 1024 + 1)),
  },
  ...REFUSED.map(([input, code, value, options]) => ({
    input: `a route with ${input}`,
    code,
    value,
    provoke: () =>
      new MeshApp()
        .service('cart', { ports: PORTS })
        .addRoute({ name: 'reads', matches: [HttpMatch.allOf(API)], ...options }),
  })),
  ...REDIRECTS.map(([input, value, options]) => ({
    input,
    code: Code.ROUTE,
    value,
    provoke: () => RouteAction.redirect(options),
  })),
  ...TOGETHER.map(([input, value, routes]) => ({
    input,
    code: Code.ROUTE,
    value,
    provoke: () => {
      const app = new MeshApp();
      const cart = app.service('cart');
      routes.forEach((options) => cart.addRoute(options));
      return app.objects();
    },
  })),
  {
    input: 'a route of a service without requests',
    code: Code.ROUTE,
    value: 'shop/cart',
    provoke: () => new MeshApp().service('cart', { ports: [Port.tcp(6379)] }).addRoute(route('a')),
  },
  {
    input: 'a timeout where requests may stay open',
    code: Code.ROUTE,
    value: 'http',
    provoke: () =>
      new MeshApp()
        .service('cart', { ports: [Port.http(80, { streaming: true })] })
        .addRoute({ name: 'a', matches: [HttpMatch.allOf(API)], timeout: Timeout.of(Duration.seconds(1)) }),
  },
  {
    input: 'conditions that only a proxy could compare',
    code: Code.ROUTE,
    value: '/v[12]/.*',
    provoke: () => {
      const app = new MeshApp();
      const watch = Operation.http({ paths: [PathMatch.regex('/v.*/watch')] });
      const match = HttpMatch.allOf({ path: PathMatch.regex('/v[12]/.*') });
      app.service('cart', { streamingOperations: [watch] }).addRoute({ name: 'old', matches: [match] });
      return app.objects();
    },
  },
  {
    input: 'a port of no service',
    code: Code.ROUTE,
    value: 'admin',
    provoke: () => RouteAction.forward({ port: 'admin' }),
  },
  {
    input: 'a host that is none in a rewrite',
    code: Code.ROUTE,
    value: 'A b',
    provoke: () => RouteAction.forward({ rewriteHost: 'A b' }),
  },
  {
    input: 'a destination that is no service',
    code: Code.ROUTE,
    value: 'namespace',
    provoke: () => RouteAction.forward({ service: Peer.namespace('ops') }),
  },
  ...['v2', '/a?b', '/a/*', '/a/{*}'].map((rewritePath) => ({
    input: `the rewritten path ${rewritePath}`,
    code: Code.PATH,
    value: rewritePath,
    provoke: () => RouteAction.forward({ rewritePath }),
  })),
  {
    input: 'a redirect that leads to itself again',
    code: Code.ROUTE,
    value: '/a/b',
    provoke: () => {
      const app = new MeshApp();
      app.service('cart').addRoute({
        name: 'moved',
        matches: [HttpMatch.allOf({ path: PathMatch.prefix('/a') })],
        action: RouteAction.redirect({ path: '/a/b' }),
      });
      return app.objects();
    },
  },
  {
    input: 'a redirect to a path with a query',
    code: Code.PATH,
    value: '/b?c=1',
    provoke: () => RouteAction.redirect({ path: '/b?c=1' }),
  },
  {
    input: 'a destination in another mesh',
    code: Code.GRANT,
    value: 'bank/ledger',
    provoke: () =>
      new MeshApp().service('cart').addRoute({ ...route('a'), action: RouteAction.forward({ service: foreign() }) }),
  },
  {
    input: 'a match with a caller of another mesh',
    code: Code.GRANT,
    value: 'bank/ledger',
    provoke: () => new MeshApp().service('cart').addRoute(route('a', { callers: [foreign()] })),
  },
  {
    input: 'a route to a service with several ports',
    code: Code.ROUTE,
    value: 'shop/pay',
    provoke: () => led((service) => RouteAction.forward({ service })).objects(),
  },
  {
    input: 'a route to a service that its callers may not call',
    code: Code.ROUTE,
    value: 'access.allowFrom',
    provoke: () => led(toPay).objects(),
  },
  {
    input: 'a route to a service that its callers may call otherwise',
    code: Code.ROUTE,
    value: "{ ports: ['http'], operations: [Operation.http({ paths: [PathMatch.prefix('/api')] })] }",
    provoke: () => led(toPay, Operation.http({ methods: ['GET'] })).objects(),
  },
  ...(
    [
      ['a route to a service that denies its caller', 'shop/web', toPay, {}],
      ['a route to a service that denies everybody', 'access.denyFrom', toPay, {}],
      [
        'a route to a path that its service denies',
        '/admin',
        (pay) => RouteAction.forward({ service: pay, port: 'http', rewritePath: '/admin' }),
        { operations: [Operation.http({ paths: [PathMatch.prefix('/admin')] })] },
      ],
    ] satisfies [string, string, (pay: MeshedService) => RouteAction, DenyOptions][]
  ).map(([input, value, action, denied]) => ({
    input,
    code: Code.ROUTE,
    value,
    provoke: () => {
      const app = new MeshApp({ pathNormalization: IstioPathNormalization.MERGE_SLASHES });
      const pay = app.service('pay');
      const [cart, web] = [app.service('cart'), app.service('web')];
      cart.access.allowFrom(web, { operations: [Operation.http({ paths: [PathMatch.prefix('/api')] })] });
      // What is granted to a namespace is not denied wholly by the denial of a service there.
      pay.access.allowFrom(Peer.namespace('shop'));
      if (input.endsWith('everybody'))
        pay.access.denyFromAll({ operations: [Operation.http({ paths: [PathMatch.prefix('/api')] })] });
      else pay.access.denyFrom(web, denied);
      cart.addRoute({ name: 'moved', matches: [HttpMatch.allOf(API)], action: action(pay) });
      return app.objects();
    },
  })),
  {
    input: 'a rewrite to a path that its callers were not granted',
    code: Code.ROUTE,
    value: "{ ports: ['http'], operations: [Operation.http({ paths: [PathMatch.prefix('/v2')] })] }",
    provoke: () => led(() => REWRITE).objects(),
  },
  {
    input: 'a route that leads the gateway where it may not call',
    code: Code.ROUTE,
    value: "{ ports: ['http'], operations: [Operation.http({ paths: [PathMatch.prefix('/api')] })] }",
    provoke: () => {
      const app = new MeshApp();
      const [cart, pay] = [app.service('cart'), app.service('pay')];
      cart.addRoute({ ...route('a'), action: RouteAction.forward({ service: pay }) });
      const host = { host: 'a.example.com', tls: IngressTls.plaintext() };
      new IngressRoute(app.chart, 'Ingress', { ...host, service: cart, paths: [PathMatch.prefix('/api')] });
      return app.objects();
    },
  },
  ...[Peer.ingressGateway(), Peer.serviceAccount('ops', 'robot')].map((caller) => ({
    input: `a match with ${caller._caller().kind}, which no proxy can tell when it routes`,
    code: Code.MATCH,
    value: caller._caller().kind,
    provoke: () => HttpMatch.allOf({ callers: [caller] }),
  })),
  ...(
    [
      ['a query parameter with its sign', '?a', () => QueryMatch.exact('?a', '1')],
      ['a query parameter that is compared with nothing', 'a', () => QueryMatch.prefix('a', '')],
      ['a query regex that proxies refuse', '(?!a)', () => QueryMatch.regex('a', '(?!a)')],
      ['a header regex that proxies refuse', '(a)\\1', () => HeaderMatch.regex('x-a', '(a)\\1')],
      ['a path regex that proxies refuse', '/(?=a)', () => PathMatch.regex('/(?=a)')],
      ['a cookie with a name that is none', 'a b', () => HeaderMatch.cookie('a b', '1')],
    ] satisfies [string, string, () => unknown][]
  ).map(([input, value, provoke]) => ({ input, code: Code.MATCH, value, provoke })),
];
