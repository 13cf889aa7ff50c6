import { Chart } from 'cdk8s';
import type { IngressRouteProps } from '../../lib';
import { IngressHost, IngressRoute, IngressTls, MeshedService, PathMatch, Port, ZeroTrustNamespace } from '../../lib';
import { Workload } from '../../lib';
import { schemaProblems, synthesize } from '../../lib/testing';
import { MeshApp, at, deployment, find, names, objects } from '../support/mesh-app';

/** Hosts in `shop`, the service `users` there, and `carts` of another team in `carts`. */
function shared(hosts = ['shop.example.com'], tls = IngressTls.credential('shop-example-com')) {
  const app = new MeshApp();
  const chart = new Chart(app.app, 'carts', { namespace: 'carts' });
  const service = new MeshedService(chart, 'Carts', {
    name: 'carts',
    namespace: new ZeroTrustNamespace(chart, 'Namespace', { name: 'carts' }),
    ports: [Port.http(80, { containerPort: 8080 })],
    workload: Workload.of(deployment(chart, 'carts')),
  });
  const users = app.service('users');
  const host = new IngressHost(app.chart, 'Host', { name: 'shop', hosts, tls });
  const toUsers = (props: Partial<IngressRouteProps> = {}) =>
    new IngressRoute(app.chart, 'ToUsers', { at: host, service: users, ...props });
  const toCarts = (props: Partial<IngressRouteProps> = {}) =>
    new IngressRoute(chart, 'ToCarts', { at: host, service, ...props });
  return { app, chart, toUsers, toCarts };
}

const USERS = [PathMatch.prefix('/users')];
const CARTS = [PathMatch.prefix('/carts')];

test('teams share one Gateway, which takes routes of their namespaces and no others', () => {
  const { app, chart, toUsers, toCarts } = shared();
  toUsers({ paths: USERS });
  toCarts({ paths: CARTS });
  const own = [...app.objects(), ...objects(chart)].filter(({ kind }) => kind === 'Gateway');
  expect(names(own)).toEqual(['Gateway shop']);
  expect(at(own[0]!, 'spec', 'servers')).toMatchObject([
    { port: { number: 443 }, hosts: ['carts/shop.example.com', './shop.example.com'] },
    { port: { number: 80 }, hosts: ['carts/shop.example.com', './shop.example.com'] },
  ]);
  for (const [route, prefix] of [
    [app.find('VirtualService', 'users-ingress'), '/users'],
    [find(objects(chart), 'VirtualService', 'carts-ingress'), '/carts'],
  ] as const) {
    expect(route.spec).toMatchObject({ hosts: ['shop.example.com'], gateways: ['shop/shop'] });
    expect(JSON.stringify(route)).toContain(`"exact":"${prefix}"`);
  }
  expect([...schemaProblems(synthesize(app.chart)), ...schemaProblems(synthesize(chart))]).toEqual([]);
});

test('each service lets the gateway call the paths of its own route', () => {
  const { app, chart, toUsers, toCarts } = shared();
  toUsers({ paths: USERS });
  toCarts({ paths: CARTS });
  const paths = (policy: object) => JSON.stringify(at(policy, 'spec', 'rules'));
  expect(paths(app.find('AuthorizationPolicy', 'users'))).toContain('"paths":["/users","/users/*"]');
  expect(paths(find(objects(chart), 'AuthorizationPolicy', 'carts'))).toContain('"paths":["/carts","/carts/*"]');
});

test('routes divide hosts of one certificate among themselves, and each namespace gets its own alone', () => {
  const { app, toUsers, toCarts } = shared(['users.example.com', 'carts.example.com', 'late.example.com']);
  toUsers({ hosts: ['users.example.com'] });
  toCarts({ host: 'carts.example.com' });
  expect(at(app.find('Gateway', 'shop'), 'spec', 'servers')).toContainEqual(
    expect.objectContaining({ hosts: ['./users.example.com', 'carts/carts.example.com', './late.example.com'] }),
  );
});

test.each([
  ['all paths and some', {}, { paths: CARTS }],
  ['a prefix and a path below it', { paths: [PathMatch.prefix('/a')] }, { paths: [PathMatch.exact('/a/b')] }],
  ['what cannot be compared', { paths: [PathMatch.template('/{*}/b')] }, { paths: [PathMatch.template('/a/{*}')] }],
])('two routes for one host are an error that names both: %s', (_, users, carts) => {
  const { toUsers, toCarts } = shared();
  toUsers(users);
  expect(() => toCarts(carts)).toThrow(
    /MESH-API-081: `shop.example.com` with path .*`shop\/ToUsers`.*`carts\/ToCarts`/,
  );
});

test('a path beside a longer one of the same letters is another', () => {
  const { toUsers, toCarts } = shared();
  toUsers({ paths: [PathMatch.prefix('/a')] });
  expect(() => toCarts({ paths: [PathMatch.prefix('/ab')] })).not.toThrow();
});
