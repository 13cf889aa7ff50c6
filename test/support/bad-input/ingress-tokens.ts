import type { IngressRouteProps, RequiredTokensOptions, TokenIssuerProps } from '../../../lib';
import {
  IngressHost,
  IngressPort,
  IngressRoute,
  IngressTls,
  IngressTokens,
  PathMatch,
  Port,
  TokenIssuer,
  TokenKeys,
} from '../../../lib';
import { Code } from '../../../lib/errors';
import { MeshApp } from '../mesh-app';
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
];
