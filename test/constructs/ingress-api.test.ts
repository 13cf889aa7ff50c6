import { Chart, Duration } from 'cdk8s';
import type { IngressHostProps, IngressRouteProps, MeshedService, RouteOptions } from '../../lib';
import {
  CertificateIssuerKind,
  HeaderMatch,
  HttpMatch,
  IngressApi,
  IngressHost,
  IngressRoute,
  IngressTls,
  Operation,
  PathMatch,
  Port,
  Retries,
  RouteAction,
  Timeout,
} from '../../lib';
import { schemaProblems, synthesize } from '../../lib/testing';
import type { Manifest } from '../support/mesh-app';
import { MeshApp, at, find, names, objects, printed, thrown } from '../support/mesh-app';

const HOST = 'shop.example.com';
const CREDENTIAL = IngressTls.credential('shop-example-com');

/** A service `users` that a gateway of its own, in the namespace `edge`, leads to by the standard API. */
class Standard {
  readonly app: MeshApp;
  readonly edge: Chart;
  readonly users: MeshedService;
  private host: IngressHost | undefined;

  constructor(mesh: ConstructorParameters<typeof MeshApp>[0] = {}, ports = [Port.http(80, { containerPort: 8080 })]) {
    this.app = new MeshApp({ ingressGateway: undefined, ...mesh });
    this.edge = new Chart(this.app.app, 'edge', { namespace: 'edge' });
    this.users = this.app.service('users', { ports });
  }

  at(props: Partial<IngressHostProps> = {}): IngressHost {
    this.host ??= new IngressHost(this.edge, 'Host', {
      name: 'public',
      hosts: [HOST],
      tls: CREDENTIAL,
      api: IngressApi.STANDARD,
      ...props,
    });
    return this.host;
  }

  route(props: Partial<IngressRouteProps> = {}, host: Partial<IngressHostProps> = {}): this {
    new IngressRoute(this.app.chart, 'Route', { at: this.at(host), service: this.users, ...props });
    return this;
  }

  /** Everything, valid against the schemas of Gateway API, Istio and Kubernetes. */
  objects(): Manifest[] {
    const all = [...this.app.objects(), ...objects(this.edge)];
    expect([...schemaProblems(synthesize(this.app.chart)), ...schemaProblems(synthesize(this.edge))]).toEqual([]);
    return all;
  }

  rules(): readonly unknown[] {
    return at(
      find(
        quietly(() => this.objects()),
        'HTTPRoute',
        'users-ingress',
      ),
      'spec',
      'rules',
    ) as unknown[];
  }

  problem(): string {
    return thrown(() => quietly(() => this.app.objects()));
  }
}

function quietly<T>(make: () => T): T {
  const made: T[] = [];
  printed(() => made.push(make()));
  return made[0] as T;
}

test('hosts become a Gateway of Kubernetes, with a listener for each that takes routes of its namespaces alone', () => {
  const standard = new Standard();
  standard.route({ paths: [PathMatch.prefix('/users'), PathMatch.exact('/login')] });
  const all = quietly(() => standard.objects());
  expect(names(all).filter((name) => /Gateway|VirtualService .*ingress/.test(name))).toEqual(['Gateway public']);
  expect(find(all, 'Gateway', 'public')).toMatchObject({
    apiVersion: 'gateway.networking.k8s.io/v1',
    metadata: { namespace: 'edge' },
    spec: {
      gatewayClassName: 'istio',
      listeners: [
        {
          name: 'https-shop.example.com',
          hostname: HOST,
          port: 443,
          protocol: 'HTTPS',
          tls: { mode: 'Terminate', certificateRefs: [{ name: 'shop-example-com' }] },
          allowedRoutes: {
            namespaces: {
              from: 'Selector',
              selector: {
                matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: ['shop'] }],
              },
            },
          },
        },
        { name: 'http-shop.example.com', port: 80, protocol: 'HTTP', allowedRoutes: { namespaces: { from: 'Same' } } },
      ],
    },
  });
  expect(find(all, 'HTTPRoute', 'users-ingress').spec).toEqual({
    parentRefs: [{ name: 'public', namespace: 'edge', sectionName: 'https-shop.example.com' }],
    hostnames: [HOST],
    rules: [
      {
        matches: [{ path: { type: 'PathPrefix', value: '/users' } }, { path: { type: 'Exact', value: '/login' } }],
        backendRefs: [{ name: 'users', port: 80 }],
        timeouts: { request: '15s' },
      },
    ],
  });
  expect(find(all, 'HTTPRoute', 'public-redirect').spec).toEqual({
    parentRefs: [{ name: 'public', sectionName: 'http-shop.example.com' }],
    rules: [{ filters: [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } }] }],
  });
});

test('the service admits the gateway that the mesh deploys: its account, its pods, and the paths of the route', () => {
  const all = quietly(() => new Standard().route({ paths: [PathMatch.prefix('/users')] }).objects());
  expect(JSON.stringify(at(find(all, 'AuthorizationPolicy', 'users'), 'spec', 'rules'))).toContain(
    '"principals":["cluster.local/ns/edge/sa/public-istio"]',
  );
  expect(JSON.stringify(at(find(all, 'AuthorizationPolicy', 'users'), 'spec', 'rules'))).toContain(
    '"paths":["/users","/users/*"]',
  );
  expect(JSON.stringify(at(find(all, 'NetworkPolicy', 'users'), 'spec', 'ingress'))).toContain(
    '"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"edge"}},"podSelector":{"matchLabels":{"gateway.networking.k8s.io/gateway-name":"public"}}',
  );
});

test('is what the whole mesh uses, where the mesh says so, under the revision that deploys its gateways', () => {
  const standard = new Standard({ ingressApi: IngressApi.STANDARD, revisionTag: 'stable' });
  const host = new IngressHost(standard.edge, 'Host', { name: 'public', hosts: [HOST], tls: CREDENTIAL });
  new IngressRoute(standard.app.chart, 'Route', { at: host, service: standard.users });
  const gateway = find(
    quietly(() => standard.objects()),
    'Gateway',
    'public',
  );
  expect(gateway).toMatchObject({
    apiVersion: 'gateway.networking.k8s.io/v1',
    metadata: { labels: { 'istio.io/rev': 'stable' } },
  });
});

test('a host is a peer: its gateway can be granted and denied by name', () => {
  const standard = new Standard({ pathNormalization: undefined });
  const admin = Operation.http({ paths: [PathMatch.prefix('/admin')] });
  standard.route();
  standard.users.access.denyFrom(standard.at(), { operations: [admin] });
  standard.app.service('web').access.allowFrom(standard.at(), { ports: ['http'] });
  const all = quietly(() => standard.objects());
  const gateway = 'cluster.local/ns/edge/sa/public-istio';
  for (const name of ['users-denied', 'web']) {
    expect(JSON.stringify(find(all, 'AuthorizationPolicy', name).spec)).toContain(`"principals":["${gateway}"]`);
  }
});

test('without a word on the API, a host is a peer as the ingress gateway of the mesh', () => {
  const app = new MeshApp();
  const host = new IngressHost(app.chart, 'Host', { name: 'public', hosts: [HOST], tls: CREDENTIAL });
  app.service('web').access.allowFrom(host);
  expect(JSON.stringify(app.find('AuthorizationPolicy', 'web').spec)).toContain(
    '"cluster.local/ns/istio-ingress/sa/istio-ingress"',
  );
});

test('certificates are asked for, and looked for, beside the gateway', () => {
  const tls = IngressTls.certManager({ issuer: 'ca', issuerKind: CertificateIssuerKind.ISSUER });
  const all = quietly(() => new Standard().route({}, { tls }).objects());
  expect(find(all, 'Certificate', 'edge-public').metadata.namespace).toBe('edge');
  const mutual = quietly(() => new Standard().route({}, { tls: IngressTls.mutual('both') }).objects());
  expect(JSON.stringify(find(mutual, 'Gateway', 'public').spec)).toContain(
    '"gateway.istio.io/tls-terminate-mode":"MUTUAL"',
  );
});

test('TLS passes through by a TLSRoute with the server names', () => {
  const standard = new Standard({}, [Port.https(443, { containerPort: 8080 })]);
  standard.route({}, { tls: IngressTls.passthrough(), hosts: [HOST, '*.example.org'], wildcard: true });
  const all = quietly(() => standard.objects());
  expect(find(all, 'TLSRoute', 'users-ingress').spec).toEqual({
    parentRefs: ['tls-shop.example.com', 'any-tls-example.org'].map((sectionName) => ({
      name: 'public',
      namespace: 'edge',
      sectionName,
    })),
    hostnames: [HOST, '*.example.org'],
    rules: [{ backendRefs: [{ name: 'users', port: 443 }] }],
  });
  expect(JSON.stringify(find(all, 'Gateway', 'public').spec)).toContain('"tls":{"mode":"Passthrough"}');
});

describe('routes of the service', () => {
  const withRoute = (route: RouteOptions, props: Partial<IngressRouteProps> = {}) => {
    const standard = new Standard();
    standard.users.addRoute(route);
    return standard.route(props);
  };
  const prefix = (path: string) => HttpMatch.allOf({ path: PathMatch.prefix(path) });

  test('rewrite, change headers and redirect as they do inside the mesh', () => {
    const standard = withRoute({
      name: 'old',
      matches: [prefix('/old')],
      action: RouteAction.forward({ rewritePath: '/new' }),
      requestHeaders: { set: { 'x-from': 'old' }, remove: ['cookie'] },
      timeout: Timeout.of(Duration.minutes(20)),
    });
    standard.users.addRoute({
      name: 'moved',
      matches: [prefix('/moved')],
      action: RouteAction.redirect({ path: '/here', status: 302 }),
    });
    expect(standard.rules()).toEqual([
      {
        matches: [{ path: { type: 'PathPrefix', value: '/moved' } }],
        filters: [
          {
            type: 'RequestRedirect',
            requestRedirect: { path: { type: 'ReplaceFullPath', replaceFullPath: '/here' }, statusCode: 302 },
          },
        ],
      },
      {
        matches: [{ path: { type: 'PathPrefix', value: '/old' } }],
        filters: [
          { type: 'URLRewrite', urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/new' } } },
          {
            type: 'RequestHeaderModifier',
            requestHeaderModifier: { set: [{ name: 'x-from', value: 'old' }], remove: ['cookie'] },
          },
        ],
        backendRefs: [{ name: 'users', port: 80 }],
        timeouts: { request: '1200s' },
      },
      { backendRefs: [{ name: 'users', port: 80 }], timeouts: { request: '15s' } },
    ]);
  });

  test('match methods one by one, and headers', () => {
    const standard = withRoute({
      name: 'writes',
      matches: [HttpMatch.allOf({ methods: ['PUT', 'POST'], headers: [HeaderMatch.prefix('x-a', 'b.')] })],
      timeout: Timeout.of(Duration.millis(1500)),
    });
    const headers = [{ name: 'x-a', type: 'RegularExpression', value: 'b\\..*' }];
    expect(standard.rules()[0]).toEqual({
      matches: ['POST', 'PUT'].map((method) => ({ method, headers })),
      backendRefs: [{ name: 'users', port: 80 }],
      timeouts: { request: '1s500ms' },
    });
  });

  test.each([
    ['an answer', { matches: [prefix('/a')], action: RouteAction.respond(404) }, 'an answer by route `odd`'],
    ['a header as a command', { matches: [prefix('/a')], requestHeaders: { set: { a: '50%' } } }, 'a header with `%`'],
    [
      'a rewrite of a pattern',
      {
        matches: [HttpMatch.allOf({ path: PathMatch.prefix('/a') })],
        action: RouteAction.forward({ rewritePath: '/b' }),
      },
      'a rewrite of `/a/{*}/c`',
    ],
    [
      'another order',
      { matches: [HttpMatch.allOf({ path: PathMatch.template('/a/{*}') })], timeout: Timeout.of(Duration.seconds(1)) },
      'the order of `odd`, `everything else`',
    ],
    [
      'an unknown method',
      { matches: [HttpMatch.allOf({ methods: ['PURGE'] })], timeout: Timeout.of(Duration.seconds(1)) },
      'method `PURGE`',
    ],
  ])('that Gateway API cannot express are an error: %s', (what, route, feature) => {
    const paths = what === 'a rewrite of a pattern' ? { paths: [PathMatch.template('/a/{*}/c')] } : {};
    const standard = withRoute({ name: 'odd', ...route }, paths);
    const text = standard.problem();
    expect(text).toContain(`MESH-API-092: IstioMesh cannot express ${feature}`);
    expect(text).toMatch(/; fix: .*`IngressApi.MESH`/);
  });

  test('whose order Gateway API would change are an error, and fine where it would not', () => {
    const timeout = Timeout.of(Duration.seconds(1));
    const api = PathMatch.prefix('/api');
    const both = (second: HttpMatch) => {
      const standard = new Standard();
      const headers = [HeaderMatch.exact('x-a', 'b')];
      standard.users.addRoute({ name: 'tagged', matches: [HttpMatch.allOf({ path: api, headers })], timeout });
      standard.users.addRoute({ name: 'other', matches: [second], action: RouteAction.forward({ rewriteHost: 'x' }) });
      return standard.route();
    };
    expect(both(HttpMatch.allOf({ path: api, methods: ['GET'] })).problem()).toContain(
      'the order of `tagged`, `other`',
    );
    expect(both(HttpMatch.allOf({ path: api })).rules()).toHaveLength(3);
  });
});

test('retries that Gateway API lacks are warned of, and calls that nobody may repeat are an error', () => {
  const standard = new Standard().route();
  expect(printed(() => standard.app.objects())).toContain(
    'routes of Gateway API have no retries: for clients of `shop.example.com`, nothing is repeated on `503`, as `shop/users` has it',
  );
  const off = new Standard({ defaults: { retries: Retries.off() } }).route();
  expect(off.problem()).toContain('MESH-API-092: IstioMesh cannot express calls that nobody repeats of `shop/users`');
  const grpc = new Standard({}, [Port.grpc(9000, { containerPort: 8080 })]).route();
  expect(grpc.problem()).toContain('MESH-API-092: IstioMesh cannot express gRPC of `shop/users`');
});

test('a gateway in a zero-trust namespace, which would refuse its clients, is an error', () => {
  const app = new MeshApp();
  new IngressRoute(app.chart, 'Route', {
    host: HOST,
    service: app.service('users'),
    tls: CREDENTIAL,
    api: IngressApi.STANDARD,
  });
  expect(thrown(() => quietly(() => app.objects()))).toMatch(
    /MESH-API-084: the gateway for `shop.example.com` .*`shop`/,
  );
});

test.each([
  ['minVersion', { tls: IngressTls.credential('a', { minVersion: '1.3' as never }) }, {}],
  ['the name', { name: 'n'.repeat(58) }, {}],
  ['17 hosts', { hosts: Array.from({ length: 17 }, (_, index) => `h${index}.example.com`) }, {}],
  ['TLSRoute', { tls: IngressTls.passthrough() }, { version: '1.29.2' }],
])('what a standard Gateway cannot say is an error at once: %s', (feature, props, mesh) => {
  expect(thrown(() => new Standard(mesh).at(props))).toMatch(new RegExp(`MESH-API-092: .*${feature}`));
});

test('a wildcard and the host that its name could be taken for have listeners of their own', () => {
  const standard = new Standard();
  standard.at({ hosts: ['*.example.org', 'any.example.org', '*'], wildcard: true });
  const listeners = at(find(standard.objects(), 'Gateway', 'public'), 'spec', 'listeners') as { name: string }[];
  expect(listeners.map(({ name }) => name).filter((name) => name.includes('https'))).toEqual([
    'any-https-example.org',
    'https-any.example.org',
    'any-https',
  ]);
});
