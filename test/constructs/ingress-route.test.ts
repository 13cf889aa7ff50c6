import { ApiObject, Duration, Yaml } from 'cdk8s';
import type { IngressRouteProps, MeshedServiceProps } from '../../lib';
import {
  CanaryRelease,
  CertificateIssuerKind,
  HeaderMatch,
  HttpMatch,
  IngressRoute,
  IngressTls,
  Operation,
  PathMatch,
  Port,
  Retries,
  TlsVersion,
  Workload,
} from '../../lib';
import { schemaProblems, synthesize } from '../../lib/testing';
import { MeshApp, at, deployment, find, names } from '../support/mesh-app';

function ingress(
  route: Partial<IngressRouteProps> = {},
  service: Partial<MeshedServiceProps> = {},
  app = new MeshApp(),
) {
  const users = app.service('users', service);
  new IngressRoute(app.chart, 'Ingress', {
    host: 'users.example.com',
    service: users,
    tls: IngressTls.credential('users-example-com'),
    ...route,
  });
  return { app, users };
}

/** Match, timeout and retries of each route, and where it leads. */
function routes(app: MeshApp, name: string): readonly object[] {
  return at(app.find('VirtualService', name), 'spec', 'http') as readonly object[];
}

test('is what this YAML says', () => {
  const { app } = ingress({ paths: [PathMatch.exact('/login')] }, { retries: Retries.off() });
  const own = app.objects().filter(({ metadata }) => metadata.name === 'users-ingress');
  expect(names(own)).toEqual(['Gateway users-ingress', 'VirtualService users-ingress']);
  expect(Yaml.stringify(...own)).toMatchSnapshot();
});

test('plain text is a choice, and redirects nothing', () => {
  const { app } = ingress({ tls: IngressTls.plaintext() });
  expect(at(app.find('Gateway', 'users-ingress'), 'spec', 'servers')).toEqual([
    { port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['./users.example.com'] },
  ]);
});

test('only VirtualServices of its namespace can bind to the Gateway, so that no other one takes its requests', () => {
  const { app } = ingress();
  const servers = at(app.find('Gateway', 'users-ingress'), 'spec', 'servers') as { hosts: string[] }[];
  expect(servers.map(({ hosts }) => hosts)).toEqual([['./users.example.com'], ['./users.example.com']]);
});

test('the gateway may call this port on these paths with these methods, and nothing else', () => {
  const app = new MeshApp();
  const workload = Workload.of(deployment(app.chart, 'users', { ports: [8080, 8081] }));
  const ports = [Port.http(80, { containerPort: 8080 }), Port.http(81, { name: 'admin', containerPort: 8081 })];
  ingress(
    { paths: [PathMatch.prefix('/api'), PathMatch.template('/users/{*}')], methods: ['GET'], port: 'http' },
    { workload, ports },
    app,
  );
  const found = app.objects();
  expect(at(find(found, 'AuthorizationPolicy', 'users'), 'spec', 'rules')).toEqual([
    {
      from: [{ source: { principals: ['cluster.local/ns/istio-ingress/sa/istio-ingress'] } }],
      to: [{ operation: { ports: ['8080'], methods: ['GET'], paths: ['/api', '/api/*', '/users/{*}'] } }],
    },
  ]);
  expect(at(find(found, 'NetworkPolicy', 'users'), 'spec', 'ingress')).toMatchObject([
    { from: [{ podSelector: { matchLabels: { istio: 'ingress' } } }], ports: [{ port: 8080 }] },
  ]);
  const matched = routes(app, 'users-ingress').map((route) => at(route, 'match'));
  expect(JSON.stringify(matched)).not.toContain('"prefix":"/api"');
  expect(matched[0]).toMatchObject([
    { uri: { exact: '/api' } },
    { uri: { prefix: '/api/' } },
    { uri: { regex: '/users/[^/]+' } },
  ]);
});

test('shares, header matches, timeouts and retries of the service are repeated for the gateway', () => {
  const app = new MeshApp();
  const version = (name: string) =>
    Workload.of(deployment(app.chart, `users-${name}`, { labels: { app: 'users', version: name } }));
  const { users } = ingress({}, { workload: version('v1') }, app);
  new CanaryRelease(app.chart, 'Release', {
    service: users,
    stable: { version: 'v1' },
    candidate: { version: 'v2', workload: version('v2'), weightPercent: 25 },
    candidateWhen: [HttpMatch.allOf({ headers: [HeaderMatch.exact('x-canary', 'true')] })],
  });
  expect(routes(app, 'users')).toHaveLength(4);
  expect(routes(app, 'users-ingress')).toEqual(routes(app, 'users'));
});

test('streaming requests have no timeout at the gateway either', () => {
  const events = Operation.http({ paths: [PathMatch.prefix('/events')] });
  const { app } = ingress({}, { streamingOperations: [events], retries: Retries.off() });
  expect(routes(app, 'users-ingress')).toMatchObject([
    { match: [{ uri: { exact: '/events' } }, { uri: { prefix: '/events/' } }] },
    { timeout: '15s' },
  ]);
  expect(at(routes(app, 'users-ingress')[0], 'timeout')).toBeUndefined();
});

test('streaming requests on paths that are not let in stay outside', () => {
  const events = Operation.http({ paths: [PathMatch.prefix('/events')] });
  const { app } = ingress({ paths: [PathMatch.prefix('/shop')] }, { streamingOperations: [events] });
  expect(JSON.stringify(routes(app, 'users-ingress'))).not.toContain('/events');
});

test('the service is not bound to the gateway by its own VirtualService', () => {
  const { app } = ingress();
  expect(at(app.find('VirtualService', 'users'), 'spec', 'gateways')).toBeUndefined();
  expect(at(app.find('VirtualService', 'users'), 'spec', 'hosts')).toEqual(['users.shop.svc.cluster.local']);
});

test('the gateway is selected by the labels that the mesh was given', () => {
  const ingressGateway = { namespace: 'edge', serviceAccount: 'edge-sa', podLabels: { gateway: 'public' } };
  const { app } = ingress({}, {}, new MeshApp({ ingressGateway }));
  expect(at(app.find('Gateway', 'users-ingress'), 'spec', 'selector')).toEqual({ gateway: 'public' });
  expect(JSON.stringify(app.find('AuthorizationPolicy', 'users'))).toContain('cluster.local/ns/edge/sa/edge-sa');
});

test('several hosts have one Gateway, and one VirtualService', () => {
  const hosts = ['users.example.com', 'www.example.com'];
  const { app } = ingress({ host: undefined, hosts });
  expect(at(app.find('Gateway', 'users-ingress'), 'spec', 'servers')).toMatchObject([
    { port: { number: 443 }, hosts: ['./users.example.com', './www.example.com'] },
    { port: { number: 80 }, hosts: ['./users.example.com', './www.example.com'] },
  ]);
  expect(at(app.find('VirtualService', 'users-ingress'), 'spec', 'hosts')).toEqual(hosts);
});

test('a wildcard is written where it is asked for by name', () => {
  const { app } = ingress({ host: '*.example.com', wildcard: true });
  expect(JSON.stringify(app.find('Gateway', 'users-ingress'))).toContain('["./*.example.com"]');
  expect(schemaProblems(synthesize(app.chart))).toEqual([]);
});

test('clients speak TLS 1.2 at least, unless more is asked for, and plain HTTP is redirected unless it is closed', () => {
  const tlsOf = (tls: IngressTls) => at(ingress({ tls }).app.find('Gateway', 'users-ingress'), 'spec', 'servers');
  expect(tlsOf(IngressTls.credential('a'))).toMatchObject([
    { port: { number: 443 }, tls: { mode: 'SIMPLE', minProtocolVersion: 'TLSV1_2' } },
    { port: { number: 80 }, tls: { httpsRedirect: true } },
  ]);
  expect(tlsOf(IngressTls.credential('a', { minVersion: TlsVersion.TLS_1_3, redirectHttp: false }))).toMatchObject([
    { port: { number: 443 }, tls: { minProtocolVersion: 'TLSV1_3' } },
  ]);
});

test('cert-manager makes the certificate of the hosts, where the gateway reads it', () => {
  const { app } = ingress({
    tls: IngressTls.certManager({
      issuer: 'letsencrypt',
      issuerKind: CertificateIssuerKind.CLUSTER_ISSUER,
      duration: Duration.days(30),
      renewBefore: Duration.days(10),
    }),
  });
  expect(app.find('Certificate', 'shop-users-ingress')).toMatchObject({
    metadata: { namespace: 'istio-ingress' },
    spec: {
      secretName: 'shop-users-ingress',
      dnsNames: ['users.example.com'],
      issuerRef: { group: 'cert-manager.io', kind: 'ClusterIssuer', name: 'letsencrypt' },
      duration: '2592000s',
      renewBefore: '864000s',
      privateKey: { rotationPolicy: 'Always' },
    },
  });
  expect(JSON.stringify(app.find('Gateway', 'users-ingress'))).toContain('"credentialName":"shop-users-ingress"');
  expect(schemaProblems(synthesize(app.chart))).toEqual([]);
});

test('mutual TLS asks clients for a certificate', () => {
  const { app } = ingress({ tls: IngressTls.mutual('partners') });
  expect(at(app.find('Gateway', 'users-ingress'), 'spec', 'servers')).toMatchObject([
    { tls: { mode: 'MUTUAL', credentialName: 'partners', minProtocolVersion: 'TLSV1_2' } },
    { tls: { httpsRedirect: true } },
  ]);
  expect(schemaProblems(synthesize(app.chart))).toEqual([]);
});

describe('TLS that passes through', () => {
  const through = (port: Port, route: Partial<IngressRouteProps> = {}) =>
    ingress({ tls: IngressTls.passthrough(), ...route }, { ports: [port] }).app;

  test('is routed by its server name, with no word on requests', () => {
    const app = through(Port.https(443, { containerPort: 8080 }));
    expect(app.find('VirtualService', 'users-ingress').spec).toEqual({
      hosts: ['users.example.com'],
      gateways: ['shop/users-ingress'],
      tls: [
        {
          match: [{ port: 443, sniHosts: ['users.example.com'] }],
          route: [{ destination: { host: 'users.shop.svc.cluster.local', port: { number: 443 } } }],
        },
      ],
    });
    expect(schemaProblems(synthesize(app.chart))).toEqual([]);
  });

  test('grants the gateway the port', () => {
    const app = through(Port.tls(443, { containerPort: 8080 }));
    expect(at(app.find('AuthorizationPolicy', 'users'), 'spec', 'rules')).toEqual([
      {
        from: [{ source: { principals: ['cluster.local/ns/istio-ingress/sa/istio-ingress'] } }],
        to: [{ operation: { ports: ['8080'] } }],
      },
    ]);
  });

  test('redirects plain HTTP where HTTPS is inside, and on demand', () => {
    const modes = (port: Port, tls = IngressTls.passthrough()) =>
      (at(through(port, { tls }).find('Gateway', 'users-ingress'), 'spec', 'servers') as object[]).map((server) =>
        at(server, 'tls'),
      );
    const web = Port.https(443, { containerPort: 8080 });
    const other = Port.tls(443, { containerPort: 8080 });
    const [passes, redirects] = [{ mode: 'PASSTHROUGH' }, { httpsRedirect: true }];
    expect(modes(web)).toEqual([passes, redirects]);
    expect(modes(web, IngressTls.passthrough({ redirectHttp: false }))).toEqual([passes]);
    expect(modes(other)).toEqual([passes]);
    expect(modes(other, IngressTls.passthrough({ redirectHttp: true }))).toEqual([passes, redirects]);
  });

  test('follows the shares of a release', () => {
    const app = new MeshApp();
    const version = (name: string) =>
      Workload.of(deployment(app.chart, `users-${name}`, { labels: { app: 'users', version: name } }));
    const { users } = ingress(
      { tls: IngressTls.passthrough() },
      { workload: version('v1'), ports: [Port.https(443, { containerPort: 8080 })] },
      app,
    );
    new CanaryRelease(app.chart, 'Release', {
      service: users,
      stable: { version: 'v1' },
      candidate: { version: 'v2', workload: version('v2'), weightPercent: 25 },
    });
    expect(at(app.find('VirtualService', 'users-ingress'), 'spec', 'tls')).toMatchObject([
      {
        route: [
          { destination: { subset: 'v1' }, weight: 75 },
          { destination: { subset: 'v2' }, weight: 25 },
        ],
      },
    ]);
  });
});

describe('a certificate in the app', () => {
  const certified = (...objects: readonly { readonly namespace: string; readonly kind: string }[]) => {
    const { app } = ingress();
    objects.forEach(({ namespace, kind }, index) => {
      const name = 'users-example-com';
      new ApiObject(app.chart, `Certificate${index}`, {
        apiVersion: kind === 'Secret' ? 'v1' : 'cert-manager.io/v1',
        kind,
        metadata: { name: kind === 'Secret' ? name : 'users', namespace },
        ...(kind === 'Secret' ? { type: 'kubernetes.io/tls' } : { spec: { secretName: name } }),
      });
    });
    return () => app.objects();
  };

  test.each(['Secret', 'Certificate'])('is a %s beside the gateway', (kind) => {
    expect(certified({ kind, namespace: 'shop' })).toThrow(
      new RegExp(`MESH-API-082: .*\`${kind} shop/users.*\`istio-ingress\``),
    );
    expect(certified({ kind, namespace: 'istio-ingress' })).not.toThrow();
    expect(certified({ kind, namespace: 'shop' }, { kind, namespace: 'istio-ingress' })).not.toThrow();
  });
});

test('a second host of a service takes a name of its own', () => {
  const { app, users } = ingress();
  const tls = IngressTls.credential('www');
  const host = 'www.example.com';
  new IngressRoute(app.chart, 'Www', { host, service: users, tls, name: 'users-www' });
  expect(JSON.stringify(app.find('Gateway', 'users-www').spec)).toContain('["./www.example.com"]');
});

test('a second host of a service without a name of its own is an error that names both', () => {
  const { app, users } = ingress();
  new IngressRoute(app.chart, 'Www', { host: 'www.example.com', service: users, tls: IngressTls.plaintext() });
  expect(() => app.objects()).toThrow(/MESH-API-033: `Gateway shop\/users-ingress`.*`shop\/Ingress.*`shop\/Www/);
});
