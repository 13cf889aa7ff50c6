import type { MeshedService } from '../../lib';
import { Claim, IstioPathNormalization, PathMatch, Peer, Port, TokenIssuer, TokenKeys, Workload } from '../../lib';
import type { KubeObject } from '../../lib/testing';
import { schemaProblems } from '../../lib/testing';
import type { Manifest } from '../support/mesh-app';
import { MeshApp, PROVIDERS, at, deployment, find, names } from '../support/mesh-app';

const LOGIN = new TokenIssuer({
  issuer: 'https://login.example.com',
  keys: TokenKeys.url('https://login.example.com/keys'),
  audiences: ['shop'],
});
const MACHINES = new TokenIssuer({
  issuer: 'machines',
  keys: TokenKeys.inline('{"keys":[{"kty":"RSA","n":"abc","e":"AQAB"}]}'),
  anyAudience: true,
  fromHeaders: [{ name: 'x-machine', prefix: 'Token ' }],
  fromCookies: ['session'],
  fromParams: ['t'],
  forward: true,
});

function limited(limit: (cart: MeshedService, frontend: MeshedService) => void): Manifest[] {
  const app = new MeshApp({
    providers: PROVIDERS ?? [],
    auditing: true,
    pathNormalization: IstioPathNormalization.MERGE_SLASHES,
  });
  const ports = [Port.http(80, { containerPort: 8080 }), Port.tcp(6379, { name: 'redis' })];
  const workload = Workload.of(deployment(app.chart, 'cart', { ports: [8080, 6379] }));
  limit(app.service('cart', { ports, workload }), app.service('frontend'));
  const found = app.objects();
  expect(schemaProblems(found as unknown as KubeObject[])).toEqual([]);
  return found;
}

const allowed = (found: readonly Manifest[]) => at(find(found, 'AuthorizationPolicy', 'cart'), 'spec', 'rules');

/** The rules that refuse requests without a token; that policy never allows anything. */
function required(found: readonly Manifest[]): unknown {
  const policy = find(found, 'AuthorizationPolicy', 'cart-token-required');
  expect(at(policy, 'spec', 'action')).toBe('DENY');
  return at(policy, 'spec', 'rules');
}

test('a required token is a denial of requests without one, on ports with requests only', () => {
  const found = limited((cart, frontend) => {
    cart.access.allowFrom(frontend);
    cart.access.requireToken({ issuers: [LOGIN] });
  });
  expect(required(found)).toEqual([
    { from: [{ source: { notRequestPrincipals: ['*'] } }], to: [{ operation: { ports: ['8080'] } }] },
  ]);
  expect(find(found, 'RequestAuthentication', 'cart').spec).toEqual({
    selector: { matchLabels: { app: 'cart' } },
    jwtRules: [{ issuer: 'https://login.example.com', audiences: ['shop'], jwksUri: 'https://login.example.com/keys' }],
  });
});

test('a required token adds nothing to what is allowed', () => {
  const grant = (cart: MeshedService, frontend: MeshedService) => cart.access.allowFrom(frontend);
  const found = limited((cart, frontend) => {
    grant(cart, frontend);
    cart.access.requireToken({ issuers: [LOGIN] });
  });
  expect(allowed(found)).toEqual(allowed(limited(grant)));
  const allows = found.filter(({ kind, spec }) => kind === 'AuthorizationPolicy' && spec?.action !== 'DENY');
  expect(names(allows).sort()).toEqual([
    'AuthorizationPolicy cart',
    'AuthorizationPolicy default-deny',
    'AuthorizationPolicy frontend',
  ]);
});

test('a token is required on some paths, but for others, and but for preflight requests, by name only', () => {
  const found = limited((cart) =>
    cart.access.requireToken({
      issuers: [LOGIN],
      paths: [PathMatch.prefix('/api'), PathMatch.exact('/me')],
      exceptPaths: [PathMatch.exact('/api/health')],
      exceptPreflight: true,
    }),
  );
  const operation = { ports: ['8080'], paths: ['/api', '/api/*', '/me', '/me/'], notPaths: ['/api/health'] };
  const from = [{ source: { notRequestPrincipals: ['*'] } }];
  expect(required(found)).toEqual([
    {
      from,
      to: [{ operation: { ...operation, methods: ['OPTIONS'] } }],
      when: [{ key: 'request.headers[access-control-request-method]', notValues: ['*'] }],
    },
    { from, to: [{ operation: { ...operation, notMethods: ['OPTIONS'] } }] },
  ]);
});

test('where a service takes tokens of several issuers, each path needs one of its own', () => {
  const found = limited((cart) => {
    cart.access.requireToken({ issuers: [LOGIN], paths: [PathMatch.prefix('/me')] });
    cart.access.requireToken({ issuers: [MACHINES], paths: [PathMatch.prefix('/feed')] });
    cart.access.requireToken({ issuers: [MACHINES, LOGIN], paths: [PathMatch.prefix('/any')] });
  });
  expect(required(found)).toMatchObject([
    { from: [{ source: { notRequestPrincipals: ['*'] } }], to: [{ operation: { paths: ['/any', '/any/*'] } }] },
    {
      from: [{ source: { notRequestPrincipals: ['https://login.example.com/*'] } }],
      to: [{ operation: { paths: ['/me', '/me/*'] } }],
    },
    {
      from: [{ source: { notRequestPrincipals: ['machines/*'] } }],
      to: [{ operation: { paths: ['/feed', '/feed/*'] } }],
    },
  ]);
  expect(at(find(found, 'RequestAuthentication', 'cart'), 'spec', 'jwtRules')).toMatchObject([
    { issuer: 'https://login.example.com' },
    {
      issuer: 'machines',
      jwks: '{"keys":[{"kty":"RSA","n":"abc","e":"AQAB"}]}',
      fromHeaders: [{ name: 'x-machine', prefix: 'Token ' }],
      fromCookies: ['session'],
      fromParams: ['t'],
      forwardOriginalToken: true,
    },
  ]);
});

test('claims are conditions of a grant, all of them, and inner ones are reached from the outside in', () => {
  const found = limited((cart, frontend) => {
    cart.access.requireToken({ issuers: [LOGIN, MACHINES] });
    cart.access.allowFrom(frontend, {
      ports: ['http'],
      claims: [Claim.of('groups').isOneOf('admin', 'owner'), Claim.path('realm', 'roles').isPresent()],
      tokenFrom: [LOGIN],
    });
    cart.access.allowFrom(Peer.namespace('ops'), { ports: ['redis'] });
  });
  expect(allowed(found)).toEqual([
    { from: [{ source: { principals: ['cluster.local/ns/ops/sa/*'] } }], to: [{ operation: { ports: ['6379'] } }] },
    {
      from: [
        {
          source: {
            principals: ['cluster.local/ns/shop/sa/frontend'],
            requestPrincipals: ['https://login.example.com/*'],
          },
        },
      ],
      to: [{ operation: { ports: ['8080'] } }],
      when: [
        { key: 'request.auth.claims[groups]', values: ['admin', 'owner'] },
        { key: 'request.auth.claims[realm][roles]', values: ['*'] },
      ],
    },
  ]);
});

test('a check asks the provider, which the proxy then knows and may call', () => {
  const found = limited((cart) => cart.access.checkWith('opa'));
  expect(find(found, 'AuthorizationPolicy', 'cart-checked').spec).toEqual({
    selector: { matchLabels: { app: 'cart' } },
    action: 'CUSTOM',
    provider: { name: 'opa' },
    rules: [{ to: [{ operation: { ports: ['8080'] } }] }],
  });
  expect(JSON.stringify(find(found, 'Sidecar', 'cart'))).toContain('policy/opa.policy.svc.cluster.local');
  expect(JSON.stringify(find(found, 'NetworkPolicy', 'cart'))).toContain('9191');
  expect(JSON.stringify(find(found, 'Sidecar', 'frontend'))).not.toContain('policy/opa');
});

test('an audit marks requests and allows nothing', () => {
  const found = limited((cart) => cart.access.markForAudit());
  expect(find(found, 'AuthorizationPolicy', 'cart-audited').spec).toMatchObject({
    action: 'AUDIT',
    rules: [{ to: [{ operation: { ports: ['8080'] } }] }],
  });
  expect(allowed(found)).toBeUndefined();
});
