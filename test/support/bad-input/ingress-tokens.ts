import type {
  HttpMatchProps,
  IngressRouteProps,
  RequiredTokensOptions,
  RouteOptions,
  TokenIssuerProps,
} from '../../../lib';
import {
  CanaryRelease,
  Claim,
  HttpMatch,
  IngressApi,
  IngressHost,
  IngressPort,
  IngressRoute,
  IngressTls,
  IngressTokens,
  PathMatch,
  Peer,
  Port,
  RouteAction,
  TokenIssuer,
  TokenKeys,
  Workload,
} from '../../../lib';
import { Code } from '../../../lib/errors';
import { MeshApp, deployment, printed } from '../mesh-app';
import type { Provocation } from './provocation';
import { untyped } from './provocation';

const LOGIN = 'https://login.example.com';
const STAFF = 'https://staff.example.com';

function issuer(name: string, props: Partial<TokenIssuerProps> = {}): TokenIssuer {
  return new TokenIssuer({ issuer: name, keys: TokenKeys.url(`${name}/keys`), audiences: ['shop'], ...props });
}

function tokens(name: string, options: Partial<RequiredTokensOptions> = {}): IngressTokens[] {
  return [IngressTokens.required({ issuers: [issuer(name)], ...options })];
}

/** A route to a service at a host of its own. */
function at(app: MeshApp, name: string, props: Partial<IngressRouteProps>, service = app.service(name)): void {
  const host = `${name}.example.com`;
  const tls = IngressTls.credential(`${name}-tls`);
  new IngressRoute(app.chart, `${name}-route`, {
    service,
    tls,
    ...(props.hosts === undefined ? { host } : {}),
    ...props,
  });
}

function synthesized(declare: (app: MeshApp) => void) {
  return () => {
    const app = new MeshApp();
    declare(app);
    return app.objects();
  };
}

const STAFF_CLAIM = Claim.of('groups').isOneOf('staff');
const BY_CLAIM = HttpMatch.allOf({ claims: [STAFF_CLAIM] });

/** A rule of a gateway by claims. */
function byClaim(match = BY_CLAIM, options: Partial<RouteOptions> = {}): RouteOptions[] {
  return [{ name: 'staff', matches: [match], action: RouteAction.respond(404), ...options }];
}

export const INGRESS_TOKENS: readonly Provocation[] = [
  {
    input: 'tokens of an ingress without an issuer',
    code: Code.TOKEN,
    value: 'issuers',
    provoke: () => IngressTokens.required({ issuers: [] }),
  },
  {
    input: 'optional tokens without an issuer',
    code: Code.TOKEN,
    value: 'issuers',
    provoke: () => IngressTokens.optional({ issuers: [] }),
  },
  {
    input: 'tokens of an ingress on no path',
    code: Code.TOKEN,
    value: 'paths',
    provoke: () => tokens(LOGIN, { paths: [] }),
  },
  {
    input: 'tokens of an ingress that are none',
    code: Code.TYPE,
    value: 'tokens',
    provoke: () => {
      const made = untyped<Partial<IngressRouteProps>>({ tokens: 'jwt' });
      return at(new MeshApp(), 'a', made);
    },
  },
  {
    input: 'tokens on a path by a regular expression',
    code: Code.UNSUPPORTED,
    value: '/a.*',
    provoke: () => at(new MeshApp(), 'a', { tokens: tokens(LOGIN, { paths: [PathMatch.regex('/a.*')] }) }),
  },
  {
    input: 'tokens on paths that the route does not let in',
    code: Code.EDGE_TOKENS,
    value: '/admin',
    provoke: () =>
      at(new MeshApp(), 'a', {
        paths: [PathMatch.prefix('/api')],
        tokens: tokens(LOGIN, { paths: [PathMatch.prefix('/admin')] }),
      }),
  },
  {
    input: 'tokens on paths of which nobody can tell whether the route lets them in',
    code: Code.EDGE_TOKENS,
    value: '/{*}/v1',
    provoke: () =>
      at(new MeshApp(), 'a', {
        paths: [PathMatch.template('/api/{*}')],
        tokens: tokens(LOGIN, { paths: [PathMatch.template('/{*}/v1')] }),
      }),
  },
  {
    input: 'tokens of a host by a wildcard at a shared gateway',
    code: Code.EDGE_TOKENS,
    value: '*.example.com',
    provoke: () => at(new MeshApp(), 'a', { hosts: ['*.example.com'], wildcard: true, tokens: tokens(LOGIN) }),
  },
  {
    input: 'tokens inside of TLS that passes through',
    code: Code.EDGE_TOKENS,
    value: 'a.example.com',
    provoke: () => {
      const app = new MeshApp();
      const service = app.service('a', { ports: [Port.https(443, { containerPort: 8080 })] });
      return at(app, 'a', { tls: IngressTls.passthrough(), tokens: tokens(LOGIN) }, service);
    },
  },
  {
    input: 'tokens at a gateway that leads connections on, too',
    code: Code.EDGE_TOKENS,
    value: 'shop/queue',
    provoke: synthesized((app) => {
      const service = app.service('q', { ports: [Port.tcp(5672, { containerPort: 8080 })] });
      new IngressPort(app.chart, 'queue', { gatewayPort: 5671, service, tls: IngressTls.plaintext() });
      at(app, 'a', { tokens: tokens(LOGIN) });
    }),
  },
  {
    input: 'tokens of two issuers at once',
    code: Code.EDGE_TOKENS,
    value: STAFF,
    provoke: synthesized((app) => {
      const host = { name: 'all', hosts: ['a.example.com'], tls: IngressTls.credential('a-tls') };
      const all = new IngressHost(app.chart, 'Host', { ...host, tokens: tokens(LOGIN) });
      new IngressRoute(app.chart, 'Route', {
        at: all,
        service: app.service('a'),
        paths: [PathMatch.prefix('/admin')],
        tokens: tokens(STAFF),
      });
    }),
  },
  {
    input: 'tokens on paths of which all are excepted',
    code: Code.EDGE_TOKENS,
    value: '/api',
    provoke: () =>
      at(new MeshApp(), 'a', {
        tokens: tokens(LOGIN, { paths: [PathMatch.prefix('/api/v1')], exceptPaths: [PathMatch.prefix('/api')] }),
      }),
  },
  {
    input: 'silently tokens of preflight requests, which have none',
    code: Code.PREFLIGHT,
    value: 'pages',
    provoke: () => {
      const app = new MeshApp();
      const cors = { origins: ['https://www.example.com'], methods: ['GET'] };
      const matches = [HttpMatch.allOf({ path: PathMatch.prefix('/api') })];
      const service = app.service('a');
      service.addRoute({ name: 'pages', matches, cors });
      at(app, 'a', { tokens: tokens(LOGIN, { exceptPaths: [PathMatch.prefix('/api/open')] }) }, service);
      return printed(() => app.objects());
    },
  },
  {
    input: 'tokens of a host on one port of the gateway, and none on another',
    code: Code.EDGE_TOKENS,
    value: '8443',
    provoke: synthesized((app) => {
      at(app, 'a', { tokens: tokens(LOGIN) });
      at(app, 'b', { hosts: ['a.example.com'], gatewayPort: 8443 });
    }),
  },
  {
    input: 'a token that the gateway refuses for an audience that another host leaves out',
    code: Code.TOKEN_WITHHELD,
    value: 'shop/b',
    provoke: synthesized((app) => {
      const service = app.service('b');
      service.access.requireToken({ issuers: [issuer(LOGIN, { audiences: ['shop', 'admin'], forward: true })] });
      at(app, 'a', { tokens: [IngressTokens.required({ issuers: [issuer(LOGIN, { forward: true })] })] });
      at(app, 'b', {}, service);
    }),
  },
  {
    input: 'one issuer with other keys at another host of the gateway',
    code: Code.EDGE_ISSUER,
    value: 'shop/b-route',
    provoke: synthesized((app) => {
      at(app, 'a', { tokens: tokens(LOGIN) });
      const other = issuer(LOGIN, { keys: TokenKeys.url('https://elsewhere.example.com/keys') });
      at(app, 'b', { tokens: [IngressTokens.required({ issuers: [other] })] });
    }),
  },
  {
    input: 'one issuer with two descriptions in one demand',
    code: Code.EDGE_ISSUER,
    value: LOGIN,
    provoke: synthesized((app) => {
      const issuers = [issuer(LOGIN), issuer(LOGIN, { audiences: ['admin'] })];
      at(app, 'a', { tokens: [IngressTokens.optional({ issuers })] });
    }),
  },
  {
    input: 'a token that the gateway takes off and the service needs',
    code: Code.TOKEN_WITHHELD,
    value: 'shop/a',
    provoke: synthesized((app) => {
      const service = app.service('a');
      service.access.requireToken({ issuers: [issuer(LOGIN)] });
      at(app, 'a', { tokens: tokens(LOGIN) }, service);
    }),
  },
  {
    input: 'a token that the gateway refuses for what it checks for another host',
    code: Code.TOKEN_WITHHELD,
    value: STAFF,
    provoke: synthesized((app) => {
      const service = app.service('b');
      service.access.requireToken({ issuers: [issuer(STAFF)] });
      at(app, 'a', { tokens: tokens(LOGIN) });
      at(app, 'b', {}, service);
    }),
  },
  {
    input: 'a token for an audience that the gateway refuses',
    code: Code.TOKEN_WITHHELD,
    value: 'shop/a',
    provoke: synthesized((app) => {
      const service = app.service('a');
      service.access.requireToken({ issuers: [issuer(LOGIN, { audiences: ['admin'] })] });
      at(app, 'a', { tokens: tokens(LOGIN) }, service);
    }),
  },
  {
    input: 'a route by claims at a gateway that checks no tokens',
    code: Code.CLAIM_ROUTE,
    value: 'shop/a-route',
    provoke: synthesized((app) => at(app, 'a', { routes: byClaim() })),
  },
  {
    input: 'a route by claims of tokens that are checked for another host',
    code: Code.CLAIM_ROUTE,
    value: 'b.example.com',
    provoke: synthesized((app) => {
      at(app, 'a', { tokens: tokens(LOGIN) });
      at(app, 'b', { routes: byClaim() });
    }),
  },
  {
    input: 'a route by claims on a path whose tokens are not checked',
    code: Code.CLAIM_ROUTE,
    value: '/other',
    provoke: synthesized((app) =>
      at(app, 'a', {
        tokens: tokens(LOGIN, { paths: [PathMatch.prefix('/api')] }),
        routes: byClaim(HttpMatch.allOf({ path: PathMatch.prefix('/other'), claims: [STAFF_CLAIM] })),
      }),
    ),
  },
  {
    input: 'a route by claims where some paths need no token',
    code: Code.CLAIM_ROUTE,
    value: 'groups',
    provoke: synthesized((app) =>
      at(app, 'a', { tokens: tokens(LOGIN, { exceptPaths: [PathMatch.prefix('/login')] }), routes: byClaim() }),
    ),
  },
  {
    input: 'a route by claims inside the mesh',
    code: Code.CLAIM_ROUTE,
    value: 'groups',
    provoke: () => {
      for (const route of byClaim()) new MeshApp().service('a').addRoute(route);
    },
  },
  {
    input: 'a candidate chosen by claims',
    code: Code.CLAIM_ROUTE,
    value: 'groups',
    provoke: () => {
      const app = new MeshApp();
      return new CanaryRelease(app.chart, 'Release', {
        service: app.service('a'),
        stable: { version: 'v1' },
        candidate: { version: 'v2', weightPercent: 0, workload: Workload.of(deployment(app.chart, 'a-v2')) },
        candidateWhen: [BY_CLAIM],
      });
    },
  },
  {
    input: 'claims and callers in one match',
    code: Code.CLAIM_ROUTE,
    value: 'callers',
    provoke: () => HttpMatch.allOf({ claims: [STAFF_CLAIM], callers: [Peer.namespace('ops')] }),
  },
  {
    input: 'one claim twice in a match',
    code: Code.MATCH,
    value: 'groups',
    provoke: () => HttpMatch.allOf({ claims: [STAFF_CLAIM, Claim.of('groups').isPresent()] }),
  },
  {
    input: 'a claim of a match that is none',
    code: Code.TYPE,
    value: '"staff"',
    provoke: () => HttpMatch.allOf(untyped<HttpMatchProps>({ claims: ['staff'] })),
  },
  {
    input: 'callers in a route of a gateway',
    code: Code.ROUTE,
    value: 'callers',
    provoke: () => at(new MeshApp(), 'a', { routes: byClaim(HttpMatch.allOf({ callers: [Peer.namespace('ops')] })) }),
  },
  {
    input: 'a route of a gateway named as one of the service',
    code: Code.ROUTE,
    value: 'staff',
    provoke: synthesized((app) => {
      const service = app.service('a');
      service.addRoute({
        name: 'staff',
        matches: [HttpMatch.allOf({ path: PathMatch.exact('/x') })],
        action: RouteAction.respond(404),
      });
      at(app, 'a', { tokens: [IngressTokens.optional({ issuers: [issuer(LOGIN)] })], routes: byClaim() }, service);
    }),
  },
  {
    input: 'a route of a gateway that changes nothing',
    code: Code.ROUTE,
    value: 'staff',
    provoke: synthesized((app) => {
      const routes = [{ name: 'staff', matches: [BY_CLAIM] }];
      at(app, 'a', { tokens: [IngressTokens.optional({ issuers: [issuer(LOGIN)] })], routes });
    }),
  },
  {
    input: 'a route of a gateway to a service that does not let it in',
    code: Code.ROUTE,
    value: 'shop/beta',
    provoke: synthesized((app) => {
      const action = RouteAction.forward({ service: app.service('beta') });
      const checked = [IngressTokens.optional({ issuers: [issuer(LOGIN)] })];
      at(app, 'a', { tokens: checked, routes: byClaim(BY_CLAIM, { action }) });
    }),
  },
  {
    input: 'routes of a gateway inside of TLS that passes through',
    code: Code.INGRESS,
    value: 'routes',
    provoke: () => {
      const app = new MeshApp();
      const service = app.service('a', { ports: [Port.http(80), Port.https(443, { containerPort: 8080 })] });
      return at(app, 'a', { tls: IngressTls.passthrough(), routes: byClaim() }, service);
    },
  },
  {
    input: 'a route by claims of Gateway API',
    code: Code.UNSUPPORTED,
    value: 'groups',
    provoke: synthesized((app) => {
      const host = { name: 'all', namespace: 'edge', hosts: ['a.example.com'], tls: IngressTls.credential('a-tls') };
      const all = new IngressHost(app.chart, 'Host', { ...host, api: IngressApi.STANDARD, tokens: tokens(LOGIN) });
      new IngressRoute(app.chart, 'Route', {
        at: all,
        service: app.service('a'),
        routes: byClaim(HttpMatch.allOf({ path: PathMatch.exact('/a'), claims: [STAFF_CLAIM] }), {
          action: RouteAction.redirect({ path: '/staff' }),
        }),
      });
    }),
  },
];
