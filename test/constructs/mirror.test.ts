import type { CanaryReleaseProps, MeshedService, MeshedServiceProps, MirrorServiceOptions } from '../../lib';
import {
  CanaryRelease,
  HeaderMatch,
  HttpMatch,
  IngressRoute,
  IngressTls,
  Mirror,
  Operation,
  PathMatch,
  Peer,
  Port,
  Retries,
  RouteAction,
  Workload,
} from '../../lib';
import { schemaProblems, synthesize } from '../../lib/testing';
import { MeshApp, at, deployment } from '../support/mesh-app';

const GRPC = Port.grpc(9000, { containerPort: 8080 });

function version(app: MeshApp, name: string): Workload {
  return Workload.of(deployment(app.chart, `users-${name}`, { labels: { app: 'users', version: name } }));
}

interface Released {
  readonly app: MeshApp;
  readonly users: MeshedService;
  readonly audit: MeshedService;
}

function released(
  release: (made: Released) => Partial<CanaryReleaseProps>,
  service: Partial<MeshedServiceProps> = {},
): Released {
  const app = new MeshApp();
  const users = app.service('users', { workload: version(app, 'v1'), retries: Retries.off(), ...service });
  const made = { app, users, audit: app.service('audit') };
  new CanaryRelease(app.chart, 'Release', { service: users, stable: { version: 'v1' }, ...release(made) });
  return made;
}

function toVersion(operations?: Operation[], service: Partial<MeshedServiceProps> = {}): MeshApp {
  const options = operations === undefined ? {} : { operations };
  return released(
    ({ app }) => ({
      mirror: Mirror.toVersion({ version: 'v2', workload: version(app, 'v2'), percent: 12.5, ...options }),
    }),
    service,
  ).app;
}

/** Routes as `method path -> subsets, mirror host/subset percent`. */
function routes(app: MeshApp, name = 'users'): string[] {
  expect(schemaProblems(synthesize(app.chart))).toEqual([]);
  return (at(app.find('VirtualService', name), 'spec', 'http') as object[]).map((route) => {
    const [match] = (at(route, 'match') ?? [{}]) as object[];
    const method = Object.values(at(match, 'method') ?? {}).join();
    const uri = Object.values(at(match, 'uri') ?? {}).join();
    const headers = Object.keys(at(match, 'headers') ?? {}).join();
    const ends = (at(route, 'route') as object[]).map((end) => text(at(end, 'destination', 'subset')));
    const [host = ''] = text(at(route, 'mirror', 'host')).split('.');
    const copy = [host, text(at(route, 'mirror', 'subset')), at(route, 'mirrorPercentage', 'value')].join(' ');
    const what = [method, uri, headers].filter((part) => part !== '').join(' ');
    return `${what} -> ${ends.join(', ')}${host === 'all' ? '' : `, mirror ${copy}`}`.trim();
  });
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : 'all';
}

const SAFE = 'GET|HEAD|OPTIONS';

test('safe requests are copied to a version that takes none, and its subset is defined', () => {
  const app = toVersion();
  expect(routes(app)).toEqual([`${SAFE} -> v1, mirror users v2 12.5`, '-> v1']);
  expect(at(app.find('DestinationRule', 'users'), 'spec', 'subsets')).toMatchObject([{ name: 'v1' }, { name: 'v2' }]);
});

test('unsafe requests are copied where they are named', () => {
  expect(routes(toVersion([Operation.http({ methods: ['POST'], paths: [PathMatch.exact('/find')] })]))).toEqual([
    'POST /find -> v1, mirror users v2 12.5',
    '-> v1',
  ]);
  expect(routes(toVersion([Operation.http({ paths: [PathMatch.exact('/find')] })]))).toEqual([
    `${SAFE} /find -> v1, mirror users v2 12.5`,
    '-> v1',
  ]);
});

test('calls of gRPC are copied where they are named', () => {
  expect(routes(toVersion([Operation.grpc('users.Users', 'Get')], { ports: [GRPC] }))).toEqual([
    'POST /users.Users/Get -> v1, mirror users v2 12.5',
    '-> v1',
  ]);
});

test('an operation of gRPC is copied on ports of gRPC only', () => {
  const ports = [Port.http(80, { containerPort: 8080 }), Port.grpc(9000)];
  const app = new MeshApp();
  const pods = (name: string) =>
    Workload.of(deployment(app.chart, name, { labels: { app: 'users', version: name }, ports: [8080, 9000] }));
  const users = app.service('users', { ports, workload: pods('v1'), retries: Retries.off() });
  const operations = [Operation.grpc('users.Users', 'Get')];
  const mirror = Mirror.toVersion({ version: 'v2', workload: pods('v2'), percent: 1, operations });
  new CanaryRelease(app.chart, 'Release', { service: users, stable: { version: 'v1' }, mirror });
  expect(routes(app)).toEqual(['-> v1', 'POST /users.Users/Get -> v1, mirror users v2 1', '-> v1']);
});

test('requests that stay open are not copied', () => {
  const app = toVersion(undefined, { streamingOperations: [Operation.http({ paths: [PathMatch.exact('/watch')] })] });
  expect(routes(app)).toEqual(['/watch -> v1', `${SAFE} -> v1, mirror users v2 12.5`, '-> v1']);
});

test('the pods of the mirror run under the account of the service', () => {
  const account = at(toVersion().find('Deployment', 'users-v2'), 'spec', 'template', 'spec', 'serviceAccountName');
  expect(account).toBe('users');
});

test('what a candidate takes is copied, too', () => {
  const { app } = released((made) => ({
    candidate: { version: 'v2', workload: version(made.app, 'v2'), weightPercent: 10 },
    candidateWhen: [HttpMatch.allOf({ headers: [HeaderMatch.exact('x-canary', '1')] })],
    mirror: Mirror.toVersion({ version: 'v3', workload: version(made.app, 'v3'), percent: 100 }),
  }));
  expect(routes(app)).toEqual([
    `${SAFE} x-canary -> v2, mirror users v3 100`,
    'x-canary -> v2',
    `${SAFE} -> v1, v2, mirror users v3 100`,
    '-> v1, v2',
  ]);
});

describe('a mirror that is another service', () => {
  const mirrored = (options: Partial<MirrorServiceOptions> = {}, service: Partial<MeshedServiceProps> = {}) =>
    released(({ audit }) => ({ mirror: Mirror.toService(audit, { percent: 50, ...options }) }), service);

  test('gets copies on its port', () => {
    expect(routes(mirrored().app)).toEqual([`${SAFE} -> v1, mirror audit all 50`, '-> v1']);
  });

  test('gets them in its stable version during a release', () => {
    const { app, audit } = mirrored();
    const next = Workload.of(deployment(app.chart, 'audit-v2', { labels: { app: 'audit', version: 'v2' } }));
    const candidate = { version: 'v2', workload: next, weightPercent: 10 };
    new CanaryRelease(app.chart, 'Audit', { service: audit, stable: { version: 'v1' }, candidate });
    expect(routes(app)[0]).toBe(`${SAFE} -> v1, mirror audit v1 50`);
  });

  test('has to let every caller in, since copies carry the identity of the caller', () => {
    const { app, users, audit } = mirrored();
    const web = app.service('web');
    users.access.allowFrom(web);
    expect(() => app.objects()).toThrow(
      "MESH-API-062: what `shop/web` sends to `shop/users` is mirrored to `shop/audit`, which it may not call; fix: add the missing grant: `access.allowFrom` of `shop/audit` for `shop/web` with `{ ports: ['http'], operations: [Operation.http({ methods: ['GET', 'HEAD', 'OPTIONS'] })] }`",
    );
    audit.access.allowFrom(web, { operations: [Operation.http({ methods: ['GET', 'HEAD', 'OPTIONS'] })] });
    expect(() => app.objects()).not.toThrow();
  });

  test('is then known to the proxies of callers, and open in their NetworkPolicies', () => {
    const { app, users, audit } = mirrored();
    const web = app.service('web');
    [users, audit].forEach((service) => service.access.allowFrom(web));
    const found = app.objects();
    const sidecar = found.find(({ kind, metadata }) => kind === 'Sidecar' && metadata.name === 'web');
    expect(JSON.stringify(sidecar)).toContain('shop/audit.shop.svc.cluster.local');
    const policy = found.find(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'web');
    expect(JSON.stringify(at(policy, 'spec', 'egress'))).toContain('"app":"audit"');
  });

  test.each<[string, Operation[], boolean]>([
    ['a caller that may only send what is not copied', [Operation.http({ methods: ['PUT'] })], true],
    ['a caller that may send something that is', [Operation.http({ paths: [PathMatch.exact('/a')] })], false],
  ])('is checked for what is copied: %s', (_, operations, fine) => {
    const { app, users } = mirrored();
    users.access.allowFrom(app.service('web'), { operations });
    const synth = () => app.objects();
    if (fine) {
      expect(synth).not.toThrow();
    } else {
      expect(synth).toThrow(/mirrored to `shop\/audit`, path `\/a`/);
    }
  });

  test.each([
    ['/old', false],
    ['/new', true],
  ])('gets rewritten paths: a grant for %s is enough? %s', (path, enough) => {
    const { app, users, audit } = mirrored();
    const web = app.service('web');
    const matches = [HttpMatch.allOf({ path: PathMatch.prefix('/old') })];
    users.addRoute({ name: 'moved', matches, action: RouteAction.forward({ rewritePath: '/new' }) });
    const http = (...paths: PathMatch[]) => ({ operations: [Operation.http({ methods: ['GET'], paths })] });
    users.access.allowFrom(web, http(PathMatch.prefix('/old'), PathMatch.prefix('/new')));
    audit.access.allowFrom(web, http(PathMatch.prefix(path)));
    if (enough) {
      expect(() => app.objects()).not.toThrow();
    } else {
      expect(() => app.objects()).toThrow(/mirrored to `shop\/audit`, path `\/new`/);
    }
  });

  test('has to let the gateway in where the service has an ingress', () => {
    const { app, users, audit } = mirrored();
    new IngressRoute(app.chart, 'Ingress', { host: 'a.example.com', service: users, tls: IngressTls.plaintext() });
    expect(() => app.objects()).toThrow(/what .*gateway.* sends to `shop\/users` is mirrored to `shop\/audit`/);
    audit.access.allowFrom(Peer.ingressGateway());
    expect(routes(app, 'users-ingress')).toEqual([`${SAFE} -> v1, mirror audit all 50`, '-> v1']);
  });

  test('has to let those in whom another service leads there', () => {
    const { app, users, audit } = mirrored();
    const [web, shop] = [app.service('web'), app.service('front', { retries: Retries.off() })];
    const matches = [HttpMatch.allOf({ path: PathMatch.exact('/users') })];
    shop.addRoute({ name: 'users', matches, action: RouteAction.forward({ service: users }) });
    shop.access.allowFrom(web);
    users.access.allowFrom(web, { operations: [Operation.http({ paths: [PathMatch.exact('/users')] })] });
    expect(() => app.objects()).toThrow(/mirrored to `shop\/audit`, path `\/users`/);
    audit.access.allowFrom(web, { operations: [Operation.http({ paths: [PathMatch.exact('/users')] })] });
    expect(routes(app, 'front')).toEqual([`${SAFE} /users -> v1, mirror audit all 50`, '/users -> v1', '-> all']);
  });

  test('has to let the gateway in where another service leads there', () => {
    const { app, users, audit } = mirrored();
    const front = app.service('front', { retries: Retries.off() });
    const matches = [HttpMatch.allOf({ path: PathMatch.exact('/users') })];
    front.addRoute({ name: 'users', matches, action: RouteAction.forward({ service: users }) });
    new IngressRoute(app.chart, 'Ingress', { host: 'a.example.com', service: front, tls: IngressTls.plaintext() });
    users.access.allowFrom(Peer.ingressGateway());
    expect(() => app.objects()).toThrow(/sends to `shop\/users` is mirrored to `shop\/audit`, path `\/users`/);
    audit.access.allowFrom(Peer.ingressGateway());
    expect(() => app.objects()).not.toThrow();
  });
});
