import type { HttpMatchProps, IngressRouteProps, MeshedService } from '../../lib';
import {
  HttpMatch,
  IngressRoute,
  IngressTls,
  Operation,
  PathMatch,
  Peer,
  Port,
  Retries,
  RouteAction,
  SourceAddresses,
  Workload,
} from '../../lib';
import { schemaProblems, synthesize } from '../../lib/testing';
import { MeshApp, at, deployment } from '../support/mesh-app';

const { exact, prefix, template } = PathMatch;
const GATEWAY = 'cluster.local/ns/istio-ingress/sa/istio-ingress';
const to = (rewritePath: string) => RouteAction.forward({ rewritePath });

interface Rewritten {
  readonly app: MeshApp;
  readonly cart: MeshedService;
}

function withRoutes(rules: readonly (readonly [HttpMatchProps, RouteAction])[]): Rewritten {
  const app = new MeshApp();
  const cart = app.service('cart', { retries: Retries.off() });
  cart.access.allowFrom(Peer.namespace('ops'));
  rules.forEach(([match, action], index) =>
    cart.addRoute({ name: `rule-${index}`, matches: [HttpMatch.allOf(match)], action }),
  );
  return { app, cart };
}

/** Options whose empty lists are left out. */
function some<T extends Readonly<Record<string, readonly unknown[]>>>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, list]) => list.length > 0)) as Partial<T>;
}

/** Methods and paths that the policy of `cart` allows the gateway. */
function letIn(
  paths: readonly PathMatch[],
  rules: readonly (readonly [HttpMatchProps, RouteAction])[],
  route: Partial<IngressRouteProps> = {},
): unknown {
  const { app, cart } = withRoutes([]);
  const host = { host: 'a.example.com', tls: IngressTls.plaintext() };
  new IngressRoute(app.chart, 'Ingress', { ...host, service: cart, ...some({ paths: [...paths] }), ...route });
  // Routes may come after the ingress.
  rules.forEach(([match, action], index) =>
    cart.addRoute({ name: `rule-${index}`, matches: [HttpMatch.allOf(match)], action }),
  );
  expect(schemaProblems(synthesize(app.chart))).toEqual([]);
  const all = (at(app.find('AuthorizationPolicy', 'cart'), 'spec', 'rules') ?? []) as object[];
  const [rule, ...others] = all.filter((one) => JSON.stringify(at(one, 'from')).includes(GATEWAY));
  expect(others).toEqual([]);
  if (rule === undefined) return undefined;
  return (at(rule, 'to') as object[]).map((entry) => {
    const methods = (at(entry, 'operation', 'methods') ?? []) as string[];
    return [...methods, ...((at(entry, 'operation', 'paths') ?? []) as string[])].join(' ');
  });
}

describe('the gateway is allowed what its requests become, and no more', () => {
  test.each<
    [string, readonly PathMatch[], readonly (readonly [HttpMatchProps, RouteAction])[], readonly string[] | undefined]
  >([
    ['a path that is rewritten', [exact('/old')], [[{ path: exact('/old') }, to('/new')]], ['/new']],
    ['a path in a prefix', [prefix('/api')], [[{ path: exact('/api/old') }, to('/new')]], ['/api /api/* /new']],
    ['a prefix that is rewritten', [prefix('/api')], [[{ path: prefix('/api') }, to('/v2')]], ['/v2 /v2/*']],
    [
      'a part of a prefix that is rewritten',
      [prefix('/api/a')],
      [[{ path: prefix('/api') }, to('/v2')]],
      ['/v2/a /v2/a/*'],
    ],
    ['a prefix that is taken away', [exact('/api/a'), exact('/api')], [[{ path: prefix('/api') }, to('/')]], ['/ /a']],
    ['a whole prefix that is taken away', [prefix('/api')], [[{ path: prefix('/api') }, to('/')]], ['/*']],
    ['a template below a prefix', [template('/api/{*}/x')], [[{ path: prefix('/api') }, to('/v2')]], ['/v2/{*}/x']],
    [
      'a rewrite of paths that do not enter',
      [prefix('/api')],
      [[{ path: prefix('/admin') }, to('/v2')]],
      ['/api /api/*'],
    ],
    [
      'a rewrite inside what enters anyway',
      [prefix('/api')],
      [[{ path: prefix('/api/a') }, to('/api/b')]],
      ['/api /api/*'],
    ],
    [
      'a rewrite for some methods',
      [exact('/old')],
      [[{ path: exact('/old'), methods: ['PUT'] }, to('/new')]],
      ['PUT /new', '/old'],
    ],
    [
      'a rewrite for callers in the mesh',
      [exact('/old')],
      [[{ path: exact('/old'), callers: [Peer.namespace('ops')] }, to('/new')]],
      ['/old'],
    ],
    ['an answer to all that enters', [exact('/old')], [[{ path: prefix('/') }, RouteAction.respond(503)]], undefined],
    [
      'a redirect of a part',
      [exact('/old'), exact('/new')],
      [[{ path: exact('/old') }, RouteAction.redirect({ path: '/new' })]],
      ['/new'],
    ],
    ['everything', [], [[{ path: exact('/old') }, to('/new')]], ['']],
    [
      'rewrites in the order of routes',
      [exact('/a/b')],
      [
        [{ path: prefix('/a') }, to('/wide')],
        [{ path: exact('/a/b') }, to('/narrow')],
      ],
      ['/narrow'],
    ],
  ])('%s', (_, paths, rules, allowed) => {
    expect(letIn(paths, rules)).toEqual(allowed);
  });

  test('methods that are let in stay the only ones', () => {
    expect(letIn([exact('/old')], [[{ path: exact('/old') }, to('/new')]], { methods: ['GET'] })).toEqual(['GET /new']);
    const other: readonly [HttpMatchProps, RouteAction] = [{ path: exact('/old'), methods: ['PUT'] }, to('/new')];
    expect(letIn([exact('/old')], [other], { methods: ['GET'] })).toEqual(['GET /old']);
  });
});

test('at the gateway, paths are rewritten as far as they enter, templates by what stands before them', () => {
  const { app, cart } = withRoutes([[{ path: prefix('/api') }, to('/v2')]]);
  const host = { host: 'a.example.com', tls: IngressTls.plaintext() };
  const paths = [prefix('/api/a'), template('/api/{*}/x'), exact('/api/b.c')];
  new IngressRoute(app.chart, 'Ingress', { ...host, service: cart, paths });
  expect(schemaProblems(synthesize(app.chart))).toEqual([]);
  const found = at(app.find('VirtualService', 'cart-ingress'), 'spec', 'http') as object[];
  expect(found.map((route) => [at(route, 'match'), at(route, 'rewrite')])).toEqual([
    [[{ uri: { exact: '/api/a' } }], { uri: '/v2/a' }],
    [[{ uri: { prefix: '/api/a/' } }], { uri: '/v2/a/' }],
    [[{ uri: { regex: '/api/[^/]+/x' } }], { uriRegexRewrite: { match: '^/api/', rewrite: '/v2/' } }],
    [[{ uri: { exact: '/api/b.c' } }], { uri: '/v2/b.c' }],
  ]);
});

/** Grants `web` these operations on a `cart` with these routes. */
function granted(rules: Parameters<typeof withRoutes>[0], ...operations: Operation[]): () => unknown {
  const { app, cart } = withRoutes(rules);
  cart.access.allowFrom(app.service('web'), some({ operations }));
  return () => app.objects();
}

const http = (...paths: PathMatch[]) => Operation.http({ paths });

describe('a grant says what the callee sees, after its callers have rewritten', () => {
  test('a caller that may only send what is rewritten is an error that says what to grant', () => {
    expect(granted([[{ path: prefix('/old') }, to('/new')]], http(exact('/old/a')))).toThrow(
      "MESH-API-064: route `rule-0` of `shop/cart` rewrites what `shop/web` sends to `/old/a` into `/new/a`, which it may not call; fix: add the missing grant: `access.allowFrom` of `shop/cart` for `shop/web` with `{ ports: ['http'], operations: [Operation.http({ paths: [PathMatch.exact('/new/a')] })] }`, or limit the route to other `callers`",
    );
  });

  test.each<[string, Parameters<typeof withRoutes>[0], readonly Operation[]]>([
    ['both paths', [[{ path: prefix('/old') }, to('/new')]], [http(exact('/old/a')), http(exact('/new/a'))]],
    ['a prefix of the new path', [[{ path: prefix('/old') }, to('/new')]], [http(prefix('/old'), prefix('/new'))]],
    ['only the new path', [[{ path: prefix('/old') }, to('/new')]], [http(prefix('/new'))]],
    ['paths that the route does not match', [[{ path: prefix('/old') }, to('/new')]], [http(prefix('/other'))]],
    [
      'methods that the route does not match',
      [[{ path: prefix('/old'), methods: ['PUT'] }, to('/new')]],
      [Operation.http({ methods: ['GET'] })],
    ],
    ['every path', [[{ path: prefix('/old') }, to('/new')]], [Operation.http({ methods: ['GET'] })]],
    [
      'the methods one by one',
      [[{ path: prefix('/old'), methods: ['GET', 'PUT'] }, to('/new')]],
      [
        http(prefix('/old')),
        Operation.http({ methods: ['GET'], paths: [prefix('/new')] }),
        Operation.http({ methods: ['PUT'], paths: [prefix('/new')] }),
      ],
    ],
    [
      'what a route of other callers rewrites',
      [[{ path: prefix('/old'), callers: [Peer.namespace('ops')] }, to('/new')]],
      [http(prefix('/old'))],
    ],
    [
      'what an earlier route takes',
      [
        [{ path: exact('/old/a') }, to('/old/b')],
        [{ path: prefix('/old') }, to('/new')],
      ],
      [http(exact('/old/a'), exact('/old/b')), http(exact('/new/b'))],
    ],
  ])('a grant for %s is enough', (_, rules, operations) => {
    expect(granted(rules, ...operations)).not.toThrow();
  });

  test.each<[string, Parameters<typeof withRoutes>[0], readonly Operation[]]>([
    [
      'one of two methods',
      [[{ path: prefix('/old'), methods: ['GET', 'PUT'] }, to('/new')]],
      [http(prefix('/old')), Operation.http({ methods: ['GET'], paths: [prefix('/new')] })],
    ],
    ['a part of the new paths', [[{ path: prefix('/old') }, to('/new')]], [http(prefix('/old'), prefix('/new/a'))]],
    [
      'a template that only a proxy can compare',
      [[{ path: prefix('/a/b') }, to('/new')]],
      [http(template('/a/{*}/x'))],
    ],
  ])('a grant for %s is not', (_, rules, operations) => {
    expect(granted(rules, ...operations)).toThrow(/MESH-API-064: route `rule-0` of `shop\/cart` rewrites/);
  });

  test('a grant of somebody else, or for another port, is not enough', () => {
    const app = new MeshApp();
    const ports = [Port.http(80, { containerPort: 8080 }), Port.http(81, { name: 'admin' })];
    const workload = Workload.of(deployment(app.chart, 'cart', { ports: [8080, 81] }));
    const cart = app.service('cart', { ports, workload });
    const [web, shop] = [app.service('web'), app.service('other')];
    const matches = [HttpMatch.allOf({ path: prefix('/old') })];
    cart.addRoute({ name: 'moved', matches, action: to('/new'), ports: ['http'] });
    cart.access.allowFrom(web, { ports: ['http'], operations: [http(prefix('/old'))] });
    cart.access.allowFrom(shop, { ports: ['http'], operations: [http(prefix('/new'))] });
    cart.access.allowFrom(web, { ports: ['admin'], operations: [http(prefix('/new'))] });
    expect(() => app.objects()).toThrow(/rewrites what `shop\/web` sends/);
    cart.access.allowFrom(web, { ports: ['http'], operations: [http(prefix('/new'))] });
    expect(() => app.objects()).not.toThrow();
  });

  test('a grant of the gateway by hand is for paths as they are, since gateways use no routes of the mesh', () => {
    const { app, cart } = withRoutes([[{ path: prefix('/old') }, to('/new')]]);
    cart.access.allowFrom(Peer.ingressGateway(), { operations: [http(prefix('/old'))] });
    expect(() => app.objects()).not.toThrow();
  });

  test('a grant to the namespace of a caller is one to the caller', () => {
    const { app, cart } = withRoutes([[{ path: prefix('/old') }, to('/new')]]);
    cart.access.allowFrom(app.service('web'), { operations: [http(prefix('/old'))] });
    expect(() => app.objects()).toThrow('MESH-API-064');
    cart.access.allowFrom(Peer.namespace('shop'), { operations: [http(prefix('/new'))] });
    expect(() => app.objects()).not.toThrow();
  });

  test('grants without operations need no more', () => {
    expect(granted([[{ path: prefix('/old') }, to('/new')]])).not.toThrow();
  });

  test('a grant under conditions is enough only where the caller is held to the same ones before', () => {
    const addresses = SourceAddresses.peer('10.0.0.0/8');
    for (const [first, fine] of [
      [{ addresses }, true],
      [{}, false],
    ] as const) {
      const { app, cart } = withRoutes([[{ path: prefix('/old') }, to('/new')]]);
      const web = app.service('web');
      cart.access.allowFrom(web, { ...first, operations: [http(prefix('/old'))] });
      cart.access.allowFrom(web, { addresses, operations: [http(prefix('/new'))] });
      if (fine) {
        expect(() => app.objects()).not.toThrow();
      } else {
        expect(() => app.objects()).toThrow('MESH-API-064');
      }
    }
  });
});
