import type { ConnectionMatchProps, ConnectionRouteOptions } from '../../../lib';
import {
  ConnectionMatch,
  ConnectionPool,
  ExternalHost,
  HttpMatch,
  PathMatch,
  Peer,
  Port,
  Retries,
  RouteAction,
  Workload,
} from '../../../lib';
import { Code } from '../../../lib/errors';
import { MeshApp, deployment } from '../mesh-app';
import type { Provocation } from './provocation';
import { untyped, userObject } from './provocation';
import { foreign } from './routes';

const PORTS = [Port.tcp(5432, { name: 'sql' }), Port.tls(8443, { name: 'bus' })];

/** Services `db` and `copy` with ports of TCP and TLS. */
function databases(app = new MeshApp()) {
  const [db, copy] = ['db', 'copy'].map((name) =>
    app.service(name, {
      ports: PORTS,
      workload: Workload.of(deployment(app.chart, name, { ports: [5432, 8443] })),
    }),
  );
  if (db === undefined || copy === undefined) throw new Error('no services');
  return { app, db, copy };
}

const asking = (...serverNames: string[]) => [ConnectionMatch.allOf({ serverNames })];
const from = (...namespaces: string[]) => [
  ConnectionMatch.allOf({ callers: namespaces.map((name) => Peer.namespace(name)) }),
];
const OPS = from('ops');
const BUS = { ports: ['bus'], matches: asking('a.example.com') };

const REFUSED: readonly [string, Code, string, Partial<ConnectionRouteOptions>][] = [
  ['a name that is none', Code.NAME, 'My route', { name: 'My route' }],
  ['nothing to do', Code.ROUTE, 'moved', { matches: untyped(undefined) }],
  ['an empty list of matches', Code.ROUTE, 'matches', { matches: [] }],
  ['a port that carries requests', Code.ROUTE, 'http', { ports: ['http'] }],
  ['an unknown port', Code.PORT_UNKNOWN, 'mysql', { ports: ['mysql'] }],
  ['a server name where nobody asks for one', Code.ROUTE, 'a.example.com', { matches: asking('a.example.com') }],
  ['a rewritten path', Code.ROUTE, 'rewritePath', { action: RouteAction.forward({ rewritePath: '/v2' }) }],
  ['a rewritten host', Code.ROUTE, 'rewriteHost', { action: RouteAction.forward({ rewriteHost: 'b.example.com' }) }],
  ['a redirect', Code.ROUTE, 'RouteAction.redirect', { action: RouteAction.redirect({ path: '/b' }) }],
  ['an answer', Code.ROUTE, 'RouteAction.respond', { action: RouteAction.respond(503) }],
  ['retries', Code.ROUTE, 'retries', untyped({ retries: Retries.off() })],
  ['changes to headers', Code.ROUTE, 'requestHeaders', untyped({ requestHeaders: { remove: ['x-a'] } })],
];

const MATCHES: readonly [string, string, ConnectionMatchProps][] = [
  ['nothing', 'callers', {}],
  ['a server name without a domain', 'db', { serverNames: ['db'] }],
  ['a wildcard as a server name', '*.example.com', { serverNames: ['*.example.com'] }],
  ['a caller that no proxy can tell', 'ingressGateway', { callers: [Peer.ingressGateway()] }],
];

/** Routes of `db` that cannot all hold. */
const TOGETHER: readonly [string, string, readonly Omit<ConnectionRouteOptions, 'name'>[]][] = [
  ['two routes for the same connections', 'route-1', [{ matches: OPS }, { matches: OPS }]],
  [
    'a route that two others leave nothing of',
    'route-2',
    [{ matches: OPS }, { matches: from('qa') }, { matches: from('ops', 'qa') }],
  ],
];

export const CONNECTION_ROUTES: readonly Provocation[] = [
  {
    input: 'a match with a list of no callers, which would be one for all',
    code: Code.MATCH,
    value: 'callers',
    provoke: () => ConnectionMatch.allOf({ serverNames: ['a.example.com'], callers: [] }),
  },
  ...REFUSED.map(([input, code, value, options]) => ({
    input: `a route for connections with ${input}`,
    code,
    value,
    provoke: () =>
      new MeshApp()
        .service('db', { ports: [...PORTS, Port.http(80)] })
        .addConnectionRoute({ name: 'moved', matches: OPS, ...options }),
  })),
  ...MATCHES.map(([input, value, props]) => ({
    input: `a match of connections with ${input}`,
    code: Code.MATCH,
    value,
    provoke: () => ConnectionMatch.allOf(props),
  })),
  ...TOGETHER.map(([input, value, routes]) => ({
    input: `${input}, which are connections`,
    code: Code.ROUTE,
    value,
    provoke: () => {
      const { app, db } = databases();
      routes.forEach((options, index) => db.addConnectionRoute({ name: `route-${index}`, ...options }));
      return app.objects();
    },
  })),
  {
    input: 'a route for connections of a service that has none',
    code: Code.ROUTE,
    value: 'addRoute',
    provoke: () => new MeshApp().service('cart').addConnectionRoute({ name: 'moved', matches: OPS }),
  },
  {
    input: 'a route for connections and one for requests of one name',
    code: Code.ROUTE,
    value: 'moved',
    provoke: () => {
      const app = new MeshApp();
      const cart = app.service('cart', {
        ports: [Port.http(80), Port.tcp(81)],
        workload: Workload.of(deployment(app.chart, 'cart', { ports: [80, 81] })),
      });
      cart.addRoute({ name: 'moved', matches: [HttpMatch.allOf({ path: PathMatch.exact('/a') })] });
      cart.addConnectionRoute({ name: 'moved', matches: OPS });
      return app.objects();
    },
  },
  ...[
    { input: 'several ports', action: { port: undefined }, value: 'shop/copy' },
    { input: 'no such port', action: { port: 'mysql' }, value: 'port' },
  ].map(({ input, action: { port }, value }) => ({
    input: `a route for connections to a service with ${input}`,
    code: Code.ROUTE,
    value,
    provoke: () => {
      const { app, db, copy } = databases();
      const action = RouteAction.forward({ service: copy, ...(port === undefined ? {} : { port }) });
      db.addConnectionRoute({ name: 'moved', action });
      return app.objects();
    },
  })),
  {
    input: 'a route for connections to a service that its callers may not call',
    code: Code.ROUTE,
    value: "{ ports: ['sql'] }",
    provoke: () => {
      const { app, db, copy } = databases();
      db.access.allowFrom(app.service('web'));
      copy.access.allowFrom(app.service('batch'));
      db.addConnectionRoute({ name: 'moved', action: RouteAction.forward({ service: copy, port: 'sql' }) });
      return app.objects();
    },
  },
  {
    input: 'a route for connections to a service that denies its callers',
    code: Code.ROUTE,
    value: 'shop/web',
    provoke: () => {
      const { app, db, copy } = databases();
      const web = app.service('web');
      db.access.allowFrom(web);
      copy.access.allowFrom(Peer.namespace('shop'));
      copy.access.denyFrom(web, { ports: ['sql'] });
      db.addConnectionRoute({ name: 'moved', action: RouteAction.forward({ service: copy, port: 'sql' }) });
      return app.objects();
    },
  },
  {
    input: 'a route for connections to another mesh',
    code: Code.GRANT,
    value: 'bank/ledger',
    provoke: () =>
      databases().db.addConnectionRoute({ name: 'moved', action: RouteAction.forward({ service: foreign() }) }),
  },
  {
    input: 'callers of connections of whom it cannot be told who is both',
    code: Code.ROUTE,
    value: 'shop/web',
    provoke: () => {
      const { app, db } = databases();
      const robot = Peer.serviceAccount('shop', 'robot', { podLabels: { app: 'robot' } });
      const web = app.service('web');
      [web, robot].forEach((peer) => db.access.allowFrom(peer));
      db.addResilience({ callers: [web], connectionPool: ConnectionPool.of({ maxConnections: 1 }) });
      db.addConnectionRoute({ name: 'robot', matches: [ConnectionMatch.allOf({ callers: [robot] })] });
      return app.objects();
    },
  },
  {
    input: 'one server name of two services',
    code: Code.ROUTE,
    value: 'shop/db',
    provoke: () => {
      const { app, db, copy } = databases();
      db.addConnectionRoute({ name: 'names', ...BUS });
      copy.addConnectionRoute({ name: 'names', ...BUS });
      return app.objects();
    },
  },
  ...['copy.shop.svc.cluster.local', 'copy.shop'].map((name) => ({
    input: `the name ${name} of another service as a server name`,
    code: Code.ROUTE,
    value: 'shop/copy',
    provoke: () => {
      const { app, db } = databases();
      db.addConnectionRoute({ name: 'names', ...BUS, matches: asking(name) });
      return app.objects();
    },
  })),
  {
    input: 'the name of an external host as a server name',
    code: Code.ROUTE,
    value: 'a.example.com',
    provoke: () => {
      const { app, db } = databases();
      new ExternalHost(app.chart, 'Host', { host: 'a.example.com', ports: [Port.https(443)] });
      db.addConnectionRoute({ name: 'names', ...BUS });
      return app.objects();
    },
  },
  {
    input: "a VirtualService of the user's own for a server name of a service",
    code: Code.ROUTE_OWNER,
    value: 'shop/db',
    provoke: () => {
      const { app, db } = databases();
      db.addConnectionRoute({ name: 'names', ...BUS });
      userObject(app, 'VirtualService', 'own', { hosts: ['a.example.com'] }, 'networking.istio.io/v1');
      return app.objects();
    },
  },
];
