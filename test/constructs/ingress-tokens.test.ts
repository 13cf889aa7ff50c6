import { Chart } from 'cdk8s';
import type { IngressRouteProps } from '../../lib';
import {
  IngressApi,
  IngressHost,
  IngressRoute,
  IngressTls,
  IngressTokens,
  IstioPathNormalization,
  MeshedService,
  PathMatch,
  Port,
  TokenIssuer,
  TokenKeys,
  Workload,
  ZeroTrustNamespace,
} from '../../lib';
import type { KubeObject } from '../../lib/testing';
import { schemaProblems } from '../../lib/testing';
import type { Manifest } from '../support/mesh-app';
import { MeshApp, at, deployment, find, names, objects as objectsOf } from '../support/mesh-app';

const LOGIN = issuer('https://login.example.com');
const STAFF = issuer('https://staff.example.com');
const TLS = IngressTls.credential('a-tls');
const HOST = 'a.example.com';
const DENIED = 'shop-users-ingress-token-required';

function issuer(name: string): TokenIssuer {
  return new TokenIssuer({ issuer: name, keys: TokenKeys.url(`${name}/keys`), audiences: ['shop'] });
}

function meshApp(): MeshApp {
  return new MeshApp({ pathNormalization: IstioPathNormalization.MERGE_SLASHES });
}

function objects(app: MeshApp): Manifest[] {
  const found = app.objects();
  expect(schemaProblems(found as unknown as KubeObject[])).toEqual([]);
  return found;
}

/** The objects of a route to a service at a host of its own. */
function route(tokens: IngressTokens[], props: Partial<IngressRouteProps> = {}): Manifest[] {
  const app = meshApp();
  new IngressRoute(app.chart, 'Ingress', { host: HOST, tls: TLS, service: app.service('users'), tokens, ...props });
  return objects(app);
}

const rules = (found: readonly Manifest[], name = DENIED) => {
  const policy = find(found, 'AuthorizationPolicy', name);
  expect(at(policy, 'spec', 'action')).toBe('DENY');
  return at(policy, 'spec', 'rules');
};
const issuers = (found: readonly Manifest[]) =>
  found
    .filter(({ kind }) => kind === 'RequestAuthentication')
    .map(({ spec }) => (spec?.['jwtRules'] as { readonly issuer: string }[]).map((rule) => rule.issuer))
    .sort();

test('a token is checked at the gateway, and requests for the host without one are refused there', () => {
  const found = route([IngressTokens.required({ issuers: [LOGIN] })]);
  const checks = find(found, 'RequestAuthentication', 'shop-users-ingress-tokens');
  expect(checks.metadata.namespace).toBe('istio-ingress');
  expect(checks.spec).toEqual({
    selector: { matchLabels: { istio: 'ingress' } },
    jwtRules: [{ issuer: 'https://login.example.com', audiences: ['shop'], jwksUri: 'https://login.example.com/keys' }],
  });
  expect(find(found, 'AuthorizationPolicy', DENIED)).toMatchObject({
    metadata: { namespace: 'istio-ingress' },
    spec: { selector: { matchLabels: { istio: 'ingress' } }, action: 'DENY' },
  });
  expect(rules(found)).toEqual([
    {
      from: [{ source: { notRequestPrincipals: ['https://login.example.com/*'] } }],
      to: [{ operation: { hosts: ['a.example.com', 'a.example.com:*'] } }],
    },
  ]);
});

test('a token at the gateway adds nothing to what is allowed', () => {
  const allows = (found: readonly Manifest[]) =>
    found.filter(({ kind, spec }) => kind === 'AuthorizationPolicy' && spec?.['action'] !== 'DENY');
  expect(allows(route([IngressTokens.required({ issuers: [LOGIN] })]))).toEqual(allows(route([])));
});

test('without tokens nothing of them is in the output', () => {
  expect(names(route([])).filter((name) => name.includes('token'))).toEqual([]);
});

test('a token is needed on some paths of a host, but for some, and but for preflight requests', () => {
  const found = route([
    IngressTokens.required({
      issuers: [LOGIN],
      paths: [PathMatch.prefix('/account'), PathMatch.exact('/me')],
      exceptPaths: [PathMatch.exact('/account/login')],
      exceptPreflight: true,
    }),
  ]);
  const from = [{ source: { notRequestPrincipals: ['https://login.example.com/*'] } }];
  const operation = {
    hosts: ['a.example.com', 'a.example.com:*'],
    paths: ['/account', '/account/*', '/me', '/me/'],
    notPaths: ['/account/login'],
  };
  expect(rules(found)).toEqual([
    {
      from,
      to: [{ operation: { ...operation, methods: ['OPTIONS'] } }],
      when: [{ key: 'request.headers[access-control-request-method]', notValues: ['*'] }],
    },
    { from, to: [{ operation: { ...operation, notMethods: ['OPTIONS'] } }] },
  ]);
});

test('a token of a route is needed on its paths alone, as far as both name them', () => {
  const paths = [PathMatch.prefix('/api'), PathMatch.exact('/login')];
  const whole = route([IngressTokens.required({ issuers: [LOGIN] })], { paths });
  expect(rules(whole)).toMatchObject([{ to: [{ operation: { paths: ['/api', '/api/*', '/login', '/login/'] } }] }]);
  const part = route([IngressTokens.required({ issuers: [LOGIN], paths: [PathMatch.prefix('/api/admin')] })], {
    paths,
  });
  expect(rules(part)).toMatchObject([{ to: [{ operation: { paths: ['/api/admin', '/api/admin/*'] } }] }]);
});

test('tokens that requests may do without are checked, and those of somebody else are refused', () => {
  const found = route([IngressTokens.optional({ issuers: [LOGIN] })]);
  expect(issuers(found)).toEqual([['https://login.example.com']]);
  expect(rules(found)).toEqual([
    {
      from: [{ source: { requestPrincipals: ['*'], notRequestPrincipals: ['https://login.example.com/*'] } }],
      to: [{ operation: { hosts: ['a.example.com', 'a.example.com:*'] } }],
    },
  ]);
});

/** Two hosts at the mesh's gateway, each with a service and tokens of its own. */
function twoHosts(order: readonly ['a' | 'b', 'a' | 'b'] = ['a', 'b']): Manifest[] {
  const app = meshApp();
  const tokens = { a: LOGIN, b: STAFF };
  for (const name of order) {
    new IngressRoute(app.chart, name, {
      host: `${name}.example.com`,
      tls: IngressTls.credential(`${name}-tls`),
      service: app.service(name),
      tokens: [IngressTokens.required({ issuers: [tokens[name]] })],
    });
  }
  return objects(app);
}

test('hosts of one gateway with different issuers are checked by one object, and each takes its own issuer only', () => {
  const found = twoHosts();
  expect(issuers(found)).toEqual([['https://login.example.com', 'https://staff.example.com']]);
  expect(rules(found, 'shop-a-ingress-token-required')).toEqual([
    {
      from: [{ source: { notRequestPrincipals: ['https://login.example.com/*'] } }],
      to: [{ operation: { hosts: ['a.example.com', 'a.example.com:*'] } }],
    },
  ]);
  expect(rules(found, 'shop-b-ingress-token-required')).toMatchObject([
    { from: [{ source: { notRequestPrincipals: ['https://staff.example.com/*'] } }] },
  ]);
});

test('what checks the tokens of several hosts says the same in whatever order they are declared', () => {
  const [one, other] = [twoHosts(['b', 'a']), twoHosts(['a', 'b'])];
  expect(issuers(one)).toEqual(issuers(other));
  expect(names(one).sort()).toEqual(names(other).sort());
  expect(names(one)).toContain('RequestAuthentication shop-a-ingress-tokens');
});

test('what a gateway demands for a shared host stands beside the host, in whatever order its routes are declared', () => {
  const files = (order: readonly string[]) => {
    const app = meshApp();
    const at = new IngressHost(app.chart, 'Host', { name: 'all', hosts: [HOST], tls: TLS });
    const charts = order.map((name) => {
      const chart = new Chart(app.app, name, { namespace: name });
      const namespace = new ZeroTrustNamespace(chart, 'Namespace', { name });
      const workload = Workload.of(deployment(chart, name));
      const ports = [Port.http(80, { containerPort: 8080 })];
      const service = new MeshedService(chart, 'Service', { name, namespace, workload, ports });
      const paths = [PathMatch.prefix(`/${name}`)];
      const tokens = [IngressTokens.required({ issuers: [LOGIN] })];
      new IngressRoute(chart, 'Route', { at, service, paths, tokens });
      return chart;
    });
    return [app.chart, ...charts.sort((a, b) => (a.node.id < b.node.id ? -1 : 1))].map((chart) => objectsOf(chart));
  };
  const tokens = (found: readonly Manifest[]) => names(found).filter((name) => name.includes('token'));
  const [first, second] = [files(['carts', 'users']), files(['users', 'carts'])];
  expect(second).toEqual(first);
  expect(first.map(tokens)).toEqual([
    ['RequestAuthentication shop-all-tokens', 'AuthorizationPolicy shop-all-token-required'],
    [],
    [],
  ]);
});

test.each([
  ['the same tokens', [IngressTokens.required({ issuers: [LOGIN] })], undefined],
  ['other tokens', [IngressTokens.optional({ issuers: [LOGIN] })], /MESH-API-150: .*`a\.example\.com`.*`443`.*`8443`/],
])('a host on two ports of a gateway demands %s', (_, second, error) => {
  const app = meshApp();
  const at = (id: string, gatewayPort: number, tokens: IngressTokens[]) =>
    new IngressRoute(app.chart, id, {
      host: HOST,
      tls: IngressTls.credential(id.toLowerCase()),
      service: app.service(id.toLowerCase()),
      gatewayPort,
      tokens,
    });
  at('One', 443, [IngressTokens.required({ issuers: [LOGIN] })]);
  at('Two', 8443, second);
  const synthesis = expect(() => app.objects());
  if (error === undefined) synthesis.not.toThrow();
  else synthesis.toThrow(error);
});

test('a host may take tokens for fewer audiences than its service, which others call, too', () => {
  const app = meshApp();
  const users = app.service('users');
  const more = new TokenIssuer({ ...LOGIN, keys: LOGIN.keys, audiences: ['shop', 'batch'], forward: true });
  const kept = new TokenIssuer({ ...LOGIN, keys: LOGIN.keys, forward: true });
  users.access.requireToken({ issuers: [more] });
  const tokens = [IngressTokens.required({ issuers: [kept] })];
  new IngressRoute(app.chart, 'Ingress', { host: HOST, tls: TLS, service: users, tokens });
  expect(issuers(objects(app))).toHaveLength(2);
});

test('a host and a route at it demand tokens in one policy', () => {
  const app = meshApp();
  const host = new IngressHost(app.chart, 'Host', {
    name: 'all',
    hosts: [HOST],
    tls: TLS,
    tokens: [IngressTokens.required({ issuers: [LOGIN], exceptPaths: [PathMatch.prefix('/admin')] })],
  });
  new IngressRoute(app.chart, 'Admin', {
    at: host,
    service: app.service('admin'),
    paths: [PathMatch.prefix('/admin')],
    tokens: [IngressTokens.required({ issuers: [STAFF] })],
  });
  const found = objects(app);
  expect(
    names(found)
      .filter((name) => name.includes('token'))
      .sort(),
  ).toEqual(['AuthorizationPolicy shop-all-token-required', 'RequestAuthentication shop-all-tokens']);
  expect(rules(found, 'shop-all-token-required')).toMatchObject([
    {
      from: [{ source: { notRequestPrincipals: ['https://login.example.com/*'] } }],
      to: [{ operation: { notPaths: ['/admin', '/admin/*'] } }],
    },
    {
      from: [{ source: { notRequestPrincipals: ['https://staff.example.com/*'] } }],
      to: [{ operation: { paths: ['/admin', '/admin/*'] } }],
    },
  ]);
});

test('a gateway of its own is meant by its Gateway, with all of its hosts, wildcards among them', () => {
  const app = meshApp();
  const host = new IngressHost(app.chart, 'Host', {
    name: 'all',
    namespace: 'edge',
    hosts: ['*.example.com'],
    wildcard: true,
    tls: TLS,
    api: IngressApi.STANDARD,
    tokens: [IngressTokens.required({ issuers: [LOGIN] })],
  });
  new IngressRoute(app.chart, 'Route', { at: host, service: app.service('users') });
  const found = objects(app);
  const targetRefs = [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'all' }];
  expect(find(found, 'RequestAuthentication', 'all-tokens')).toMatchObject({
    metadata: { namespace: 'edge' },
    spec: { targetRefs },
  });
  expect(find(found, 'AuthorizationPolicy', 'all-token-required').spec).toEqual({
    targetRefs,
    action: 'DENY',
    rules: [{ from: [{ source: { notRequestPrincipals: ['*'] } }] }],
  });
});

test('two gateways check tokens each for itself', () => {
  const app = meshApp();
  const tokens = [IngressTokens.required({ issuers: [LOGIN] })];
  new IngressRoute(app.chart, 'Shared', { host: HOST, tls: TLS, service: app.service('users'), tokens });
  const host = new IngressHost(app.chart, 'Host', {
    name: 'own',
    namespace: 'edge',
    hosts: [HOST, 'b.example.com'],
    tls: IngressTls.credential('b-tls'),
    gatewayPort: 8443,
    api: IngressApi.STANDARD,
  });
  new IngressRoute(app.chart, 'Own', { at: host, hosts: ['b.example.com'], service: app.service('own'), tokens });
  const found = objects(app);
  expect(issuers(found)).toEqual([['https://login.example.com'], ['https://login.example.com']]);
  expect(rules(found, 'own-token-required')).toEqual([
    {
      from: [{ source: { notRequestPrincipals: ['*'] } }],
      to: [{ operation: { hosts: ['b.example.com', 'b.example.com:*'] } }],
    },
  ]);
});

test('a service may check tokens again that the gateway leaves on', () => {
  const app = meshApp();
  const kept = new TokenIssuer({ ...LOGIN, keys: LOGIN.keys, forward: true });
  const users = app.service('users');
  users.access.requireToken({ issuers: [kept] });
  const tokens = [IngressTokens.required({ issuers: [kept] })];
  new IngressRoute(app.chart, 'Ingress', { host: HOST, tls: TLS, service: users, tokens });
  expect(issuers(objects(app))).toEqual([['https://login.example.com'], ['https://login.example.com']]);
});

test('issuers that read their tokens from another place leave those of services alone', () => {
  const app = meshApp();
  const users = app.service('users');
  users.access.requireToken({ issuers: [STAFF] });
  const cookie = new TokenIssuer({ ...LOGIN, keys: LOGIN.keys, fromCookies: ['session'] });
  const tokens = [IngressTokens.required({ issuers: [cookie] })];
  new IngressRoute(app.chart, 'Ingress', { host: HOST, tls: TLS, service: users, tokens });
  expect(issuers(objects(app))).toEqual([['https://login.example.com'], ['https://staff.example.com']]);
});
