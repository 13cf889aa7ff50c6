import { Yaml } from 'cdk8s';
import type { IngressRouteProps, MeshedServiceProps } from '../../lib';
import {
  CanaryRelease,
  HeaderMatch,
  HttpMatch,
  IngressRoute,
  IngressTls,
  Operation,
  PathMatch,
  Port,
  Retries,
  Workload,
} from '../../lib';
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
