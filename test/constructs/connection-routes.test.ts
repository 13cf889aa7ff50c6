import type { ConnectionRouteOptions, MeshedService } from '../../lib';
import {
  CanaryRelease,
  ConnectionMatch,
  ConnectionPool,
  IngressRoute,
  IngressTls,
  MeshedService as Service,
  Peer,
  Port,
  RouteAction,
  Workload,
} from '../../lib';
import { schemaProblems, synthesize } from '../../lib/testing';
import { MeshApp, at, deployment, names, thrown } from '../support/mesh-app';

const HOST = 'db.shop.svc.cluster.local';
const OTHER = 'copy.shop.svc.cluster.local';
const PORTS = [Port.tcp(5432, { name: 'sql' }), Port.tls(8443, { name: 'bus' })];

interface Databases {
  readonly app: MeshApp;
  readonly db: MeshedService;
  readonly copy: MeshedService;
  readonly web: MeshedService;
  readonly batch: MeshedService;
}

/** The services `db` and `copy`, both of which `web` and `batch` may call. */
function databases(ports: readonly Port[] = PORTS): Databases {
  const app = new MeshApp();
  const database = (name: string) =>
    app.service(name, {
      ports: [...ports],
      workload: Workload.of(
        deployment(app.chart, name, { ports: ports.map(({ containerPort }) => containerPort), labels: { app: name } }),
      ),
    });
  const [db, copy] = [database('db'), database('copy')];
  const [web, batch] = [app.service('web'), app.service('batch')];
  for (const callee of [db, copy]) for (const caller of [web, batch]) callee.access.allowFrom(caller);
  return { app, db, copy, web, batch };
}

/** Each route as `port names from -> host`, what stands in a list in one line. */
function lines({ app }: Pick<Databases, 'app'>, field: 'tcp' | 'tls', name = 'db'): string[] {
  expect(schemaProblems(synthesize(app.chart))).toEqual([]);
  return list(at(app.find('VirtualService', name), 'spec', field)).map((route) => {
    const matches = list(at(route, 'match')).map((match) =>
      [at(match, 'port'), at(match, 'sniHosts'), at(match, 'sourceLabels', 'app')].flatMap(plain).join(' '),
    );
    const to = list(at(route, 'route')).map((target) =>
      [at(target, 'destination', 'host'), at(target, 'destination', 'port', 'number'), at(target, 'weight')]
        .flatMap(plain)
        .join(' '),
    );
    return `${matches.join(' or ')} -> ${to.join(' and ')}`;
  });
}

/** A text or a number, or a list of them. */
function plain(value: unknown): readonly (string | number)[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((one) => typeof one === 'string' || typeof one === 'number');
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

const from = (...callers: MeshedService[]) => [ConnectionMatch.allOf({ callers })];
const asking = (...serverNames: string[]) => [ConnectionMatch.allOf({ serverNames })];
const to = (service: MeshedService, port: string) => RouteAction.forward({ service, port });

describe('connections of a TCP port', () => {
  test('are led to another service for some callers, and the rest stays', () => {
    const shop = databases();
    shop.db.addConnectionRoute({
      name: 'batch',
      ports: ['sql'],
      matches: from(shop.batch),
      action: to(shop.copy, 'sql'),
    });
    expect(lines(shop, 'tcp')).toEqual([`5432 batch -> ${OTHER} 5432`, `5432 -> ${HOST} 5432`]);
    expect(lines(shop, 'tls')).toEqual([]);
  });

  test('are led to another service for everybody, and then there is no other route', () => {
    const shop = databases();
    shop.db.addConnectionRoute({ name: 'moved', ports: ['sql'], action: to(shop.copy, 'sql') });
    expect(lines(shop, 'tcp')).toEqual([`5432 -> ${OTHER} 5432`]);
  });

  test('are led by whoever is meant more closely first, in whatever order routes are added', () => {
    const orders: readonly (readonly number[])[] = [
      [0, 1, 2],
      [2, 1, 0],
      [1, 0, 2],
    ];
    for (const order of orders) {
      const shop = databases();
      const routes: readonly ConnectionRouteOptions[] = [
        { name: 'moved', action: to(shop.copy, 'sql') },
        { name: 'web', matches: from(shop.web) },
        {
          name: 'ops',
          matches: [ConnectionMatch.allOf({ callers: [Peer.namespace('ops')] })],
          action: to(shop.copy, 'bus'),
        },
      ];
      order.forEach((index) =>
        routes.slice(index, index + 1).forEach((route) => shop.db.addConnectionRoute({ ...route, ports: ['sql'] })),
      );
      expect(lines(shop, 'tcp')).toEqual([
        `5432 web -> ${HOST} 5432`,
        `5432 -> ${OTHER} 8443`,
        `5432 -> ${OTHER} 5432`,
      ]);
    }
  });

  test('follow the release of the service to which they are led', () => {
    const shop = databases();
    new CanaryRelease(shop.app.chart, 'Release', {
      service: shop.copy,
      stable: { version: 'v1' },
      candidate: {
        version: 'v2',
        workload: Workload.of(
          deployment(shop.app.chart, 'copy-v2', { labels: { app: 'copy', version: 'v2' }, ports: [5432, 8443] }),
        ),
        weightPercent: 10,
      },
    });
    shop.db.addConnectionRoute({ name: 'moved', ports: ['sql'], action: to(shop.copy, 'sql') });
    expect(lines(shop, 'tcp')).toEqual([`5432 -> ${OTHER} 5432 90 and ${OTHER} 5432 10`]);
  });

  test('are treated as the service to which they are led says for their caller', () => {
    const shop = databases();
    shop.copy.addResilience({ callers: [shop.batch], connectionPool: ConnectionPool.of({ maxConnections: 1 }) });
    shop.db.addConnectionRoute({ name: 'moved', ports: ['sql'], action: to(shop.copy, 'sql') });
    expect(lines(shop, 'tcp')).toEqual([`5432 batch -> ${OTHER} 5432`, `5432 -> ${OTHER} 5432`]);
    const [first] = list(at(shop.app.find('VirtualService', 'db'), 'spec', 'tcp'));
    const subset = at(list(at(first, 'route'))[0], 'destination', 'subset');
    expect(list(at(shop.app.find('DestinationRule', 'copy'), 'spec', 'subsets'))).toMatchObject([{ name: subset }]);
  });
});

describe('connections of a TLS port', () => {
  test('are led by server name, which becomes a name of the service', () => {
    const shop = databases();
    shop.db.addConnectionRoute({
      name: 'eu',
      ports: ['bus'],
      matches: asking('eu.db.example.com'),
      action: to(shop.copy, 'bus'),
    });
    expect(lines(shop, 'tls')).toEqual([`8443 eu.db.example.com -> ${OTHER} 8443`, `8443 ${HOST} -> ${HOST} 8443`]);
    expect(at(shop.app.find('VirtualService', 'db'), 'spec', 'hosts')).toEqual([HOST, 'eu.db.example.com']);
  });

  test('are led by server name before they are led by caller, each name of each caller once', () => {
    const shop = databases();
    const { db, copy, web, batch } = shop;
    db.addConnectionRoute({ name: 'web', ports: ['bus'], matches: from(web), action: to(copy, 'bus') });
    db.addConnectionRoute({
      name: 'batch',
      ports: ['bus'],
      matches: [ConnectionMatch.allOf({ callers: [batch], serverNames: ['a.example.com'] })],
      action: to(copy, 'bus'),
    });
    db.addConnectionRoute({ name: 'names', ports: ['bus'], matches: asking('b.example.com') });
    expect(lines(shop, 'tls')).toEqual([
      `8443 a.example.com batch -> ${OTHER} 8443`,
      `8443 b.example.com -> ${HOST} 8443`,
      `8443 ${HOST} web or 8443 a.example.com web -> ${OTHER} 8443`,
      `8443 ${HOST} or 8443 a.example.com -> ${HOST} 8443`,
    ]);
  });

  test('are led at a gateway that passes them through by its hosts alone, and the gateway needs no grant where none stays', () => {
    const shop = databases();
    shop.copy.access.allowFrom(Peer.ingressGateway(), { ports: ['bus'] });
    shop.db.addConnectionRoute({
      name: 'moved',
      ports: ['bus'],
      matches: asking('a.example.com'),
      action: to(shop.copy, 'bus'),
    });
    shop.db.addConnectionRoute({ name: 'web', ports: ['bus'], matches: from(shop.web), action: to(shop.copy, 'bus') });
    const host = (name: string) =>
      new IngressRoute(shop.app.chart, name, {
        name,
        host: `${name}.example.com`,
        service: shop.db,
        port: 'bus',
        tls: IngressTls.passthrough(),
      });
    host('a');
    expect(lines(shop, 'tls', 'a')).toEqual([`443 a.example.com -> ${OTHER} 8443`]);
    const callers = () => JSON.stringify(shop.app.find('AuthorizationPolicy', 'db').spec);
    expect(callers()).not.toContain('istio-ingress');
    host('b');
    expect(lines(shop, 'tls', 'b')).toEqual([`443 b.example.com -> ${HOST} 8443`]);
    expect(callers()).toContain('istio-ingress');
  });
});

test('a service without requests gets its VirtualService with its first route, and one only', () => {
  const shop = databases();
  const there = () => names(shop.app.objects()).filter((name) => name.startsWith('VirtualService d'));
  expect(there()).toEqual([]);
  shop.db.addConnectionRoute({ name: 'a', ports: ['sql'], matches: from(shop.web), action: to(shop.copy, 'sql') });
  shop.db.addConnectionRoute({ name: 'b', ports: ['sql'], matches: from(shop.batch), action: to(shop.copy, 'sql') });
  expect(there()).toEqual(['VirtualService db']);
});

test('a route without ports is for every port that carries no requests', () => {
  const shop = databases([Port.http(80), Port.tcp(5432, { name: 'sql' })]);
  shop.db.addConnectionRoute({ name: 'moved', action: RouteAction.forward({ service: shop.copy }) });
  expect(lines(shop, 'tcp')).toEqual([`5432 -> ${OTHER} 5432`]);
  expect(JSON.stringify(at(shop.app.find('VirtualService', 'db'), 'spec', 'http'))).not.toContain(OTHER);
});

describe('a route leads nobody where it may not call', () => {
  const missing =
    /MESH-API-064: route `moved` of `shop\/db` leads .*`shop\/ops`.* to `shop\/copy`, which it may not call; fix: add the missing grant: `access.allowFrom` of `shop\/copy` for `shop\/ops` with `\{ ports: \['sql'\] \}`/;

  test('but whoever is granted the service and not the one behind is told which grant is missing', () => {
    const shop = databases();
    shop.db.access.allowFrom(shop.app.service('ops'), { ports: ['sql'] });
    shop.db.addConnectionRoute({ name: 'moved', ports: ['sql'], action: to(shop.copy, 'sql') });
    expect(thrown(() => shop.app.objects())).toMatch(missing);
  });

  test('and whoever the route is not for needs no such grant', () => {
    const shop = databases();
    const ops = shop.app.service('ops');
    shop.db.access.allowFrom(ops, { ports: ['sql'] });
    shop.db.addConnectionRoute({ name: 'moved', ports: ['sql'], action: to(shop.copy, 'sql') });
    shop.db.addConnectionRoute({ name: 'ops', ports: ['sql'], matches: from(ops) });
    expect(() => shop.app.objects()).not.toThrow();
  });

  test('and a gateway that it leads elsewhere is told, too', () => {
    const shop = databases();
    shop.db.addConnectionRoute({ name: 'moved', ports: ['bus'], action: to(shop.copy, 'bus') });
    new IngressRoute(shop.app.chart, 'Ingress', {
      host: 'a.example.com',
      service: shop.db,
      port: 'bus',
      tls: IngressTls.passthrough(),
    });
    expect(thrown(() => shop.app.objects())).toContain('leads the ingress gateway to `shop/copy`');
  });
});

test('a service of another app can be where connections are led', () => {
  const shop = databases();
  const ledger = Service.fromRef(shop.app.chart, 'Ledger', {
    name: 'ledger',
    namespace: 'bank',
    serviceAccount: 'ledger',
    podLabels: { app: 'ledger' },
    ports: [Port.tcp(5432)],
  });
  for (const caller of [shop.web, shop.batch]) ledger.access.allowFrom(caller);
  shop.db.addConnectionRoute({ name: 'moved', ports: ['sql'], action: RouteAction.forward({ service: ledger }) });
  expect(lines(shop, 'tcp')).toEqual(['5432 -> ledger.bank.svc.cluster.local 5432']);
});
