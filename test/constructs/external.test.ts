import { Yaml } from 'cdk8s';
import type { ExternalHostProps, ExternalServiceProps } from '../../lib';
import {
  ConnectionPool,
  ExternalHost,
  ExternalService,
  MeshedService,
  Port,
  Retries,
  WildcardResolution,
} from '../../lib';
import { MeshApp, at, find, names } from '../support/mesh-app';

const KINDS = ['ServiceEntry', 'DestinationRule', 'VirtualService'];

function hostApp(props: Partial<ExternalHostProps> = {}) {
  const app = new MeshApp();
  const stripe = new ExternalHost(app.chart, 'Stripe', { host: 'api.stripe.com', ports: [Port.https(443)], ...props });
  return { app, stripe, cart: app.service('cart') };
}

function databaseApp(props: Partial<ExternalServiceProps> = {}) {
  const app = new MeshApp();
  const database = new ExternalService(app.chart, 'Db', {
    name: 'orders-db',
    addresses: ['10.20.0.6', '10.20.0.5'],
    ports: [Port.tcp(5432)],
    ...props,
  });
  return { app, database, cart: app.service('cart') };
}

describe('an ExternalHost', () => {
  test('is what this YAML says', () => {
    const { app, stripe, cart } = hostApp();
    cart.access.allowTo(stripe);
    const own = app.objects().filter(({ metadata }) => metadata.name === 'api-stripe-com');
    expect(names(own)).toEqual(['ServiceEntry api-stripe-com', 'DestinationRule api-stripe-com']);
    expect(Yaml.stringify(...own)).toMatchSnapshot();
  });

  test('is visible to the namespaces of those who may call it alone, each once', () => {
    const { app, stripe, cart } = hostApp();
    const ledger = MeshedService.fromRef(app.chart, 'Ledger', {
      name: 'ledger',
      namespace: 'bank',
      serviceAccount: 'ledger',
      podLabels: { app: 'ledger' },
    });
    stripe.access.allowFrom(cart);
    stripe.access.allowFrom(app.service('search'));
    stripe.access.allowFrom(ledger);
    for (const kind of ['ServiceEntry', 'DestinationRule']) {
      expect(at(app.find(kind, 'api-stripe-com'), 'spec', 'exportTo')).toEqual(['bank', 'shop']);
    }
  });

  test('that nobody may call is visible to nobody, in words that Istio takes for each kind', () => {
    const { app } = hostApp({ ports: [Port.http(80)] });
    const exported = KINDS.map((kind) => at(app.find(kind, 'api-stripe-com'), 'spec', 'exportTo'));
    expect(exported).toEqual([['~'], ['.'], ['.']]);
  });

  test('opens below the mesh only the port, outside private and metadata ranges', () => {
    const { app, stripe, cart } = hostApp();
    cart.access.allowTo(stripe);
    expect(at(app.find('NetworkPolicy', 'cart'), 'spec', 'egress')).toEqual([
      {
        to: [
          {
            ipBlock: {
              cidr: '0.0.0.0/0',
              except: expect.arrayContaining([
                '10.0.0.0/8',
                '172.16.0.0/12',
                '192.168.0.0/16',
                '169.254.0.0/16',
                '127.0.0.0/8',
                '100.64.0.0/10',
                '168.63.129.16/32',
                '192.0.0.0/24',
                '198.18.0.0/15',
                '224.0.0.0/3',
              ]) as unknown,
            },
          },
          {
            ipBlock: {
              cidr: '::/0',
              except: expect.arrayContaining(['::1/128', 'fc00::/7', 'fe80::/10']) as unknown,
            },
          },
        ],
        ports: [{ port: 443, protocol: 'TCP' }],
      },
    ]);
    expect(at(app.find('Sidecar', 'cart'), 'spec', 'egress')).toEqual([{ hosts: ['shop/api.stripe.com'] }]);
  });

  test('opens the ports that are granted, not all that it has', () => {
    const { app, stripe, cart } = hostApp({ ports: [Port.https(443), Port.tls(8443, { name: 'alt' })] });
    cart.access.allowTo(stripe, { ports: ['alt'] });
    expect(at(app.find('NetworkPolicy', 'cart'), 'spec', 'egress')).toMatchObject([{ ports: [{ port: 8443 }] }]);
  });

  test('that carries requests gets routes, so that unsafe ones are not repeated', () => {
    const { app, stripe, cart } = hostApp({ ports: [Port.http(80)], retries: Retries.off() });
    cart.access.allowTo(stripe);
    expect(app.find('VirtualService', 'api-stripe-com').spec).toEqual({
      hosts: ['api.stripe.com'],
      http: [
        {
          route: [{ destination: { host: 'api.stripe.com', port: { number: 80 } } }],
          timeout: '15s',
          retries: { attempts: 0 },
        },
      ],
      exportTo: ['shop'],
    });
  });

  test('has a circuit breaker that can be set', () => {
    const { app } = hostApp({ connectionPool: ConnectionPool.of({ maxConnections: 3 }) });
    expect(at(app.find('DestinationRule', 'api-stripe-com'), 'spec', 'trafficPolicy')).toMatchObject({
      connectionPool: { tcp: { maxConnections: 3 } },
      outlierDetection: { consecutive5xxErrors: 5 },
    });
  });

  test('has a maximum on everything where the mesh sees requests', () => {
    const { app } = hostApp({ ports: [Port.http(80)] });
    expect(at(app.find('DestinationRule', 'api-stripe-com'), 'spec', 'trafficPolicy')).toMatchObject({
      connectionPool: {
        tcp: { maxConnections: 1024, connectTimeout: '3s' },
        http: { http1MaxPendingRequests: 1024, http2MaxRequests: 1024, idleTimeout: '300s' },
      },
      outlierDetection: { consecutive5xxErrors: 5 },
      retryBudget: { percent: 20 },
    });
  });

  test('with a wildcard by name is one entry that resolves each name, and HTTPS is TLS there', () => {
    const { app } = hostApp({ host: '*.example.com', wildcard: WildcardResolution.DYNAMIC_DNS });
    expect(app.find('ServiceEntry', 'wildcard-example-com').spec).toMatchObject({
      hosts: ['*.example.com'],
      resolution: 'DYNAMIC_DNS',
      ports: [{ number: 443, name: 'https', protocol: 'TLS' }],
    });
    expect(app.find('ServiceEntry', 'wildcard-example-com').spec).not.toHaveProperty('addresses');
  });
});

test('a wildcard whose names nobody verifies goes where its callers want, in any version, and is warned of', () => {
  const app = new MeshApp({ version: '1.28.0' });
  const wildcard = WildcardResolution.UNVERIFIED_ADDRESSES;
  new ExternalHost(app.chart, 'Any', { host: '*.example.com', wildcard, ports: [Port.https(443)] });
  expect(app.find('ServiceEntry', 'wildcard-example-com').spec).toMatchObject({
    hosts: ['*.example.com'],
    resolution: 'NONE',
    ports: [{ protocol: 'HTTPS' }],
  });
  expect(at(app.find('DestinationRule', 'wildcard-example-com'), 'spec', 'trafficPolicy')).not.toHaveProperty(
    'loadBalancer',
  );
  expect(app.mesh.warnings()).toEqual([expect.stringContaining('nobody checks')]);
});

describe('an ExternalService', () => {
  test('is what this YAML says', () => {
    const { app, database, cart } = databaseApp();
    cart.access.allowTo(database);
    const own = app.objects().filter(({ metadata }) => metadata.name === 'orders-db');
    expect(names(own)).toEqual(['ServiceEntry orders-db', 'DestinationRule orders-db']);
    expect(Yaml.stringify(...own)).toMatchSnapshot();
  });

  test('opens exactly its addresses and ports, also in a metadata range and of IPv6', () => {
    const { app, database, cart } = databaseApp({ addresses: ['169.254.169.254', 'fd00::7'] });
    database.access.allowFrom(cart);
    expect(at(app.find('NetworkPolicy', 'cart'), 'spec', 'egress')).toEqual([
      {
        to: [{ ipBlock: { cidr: '169.254.169.254/32' } }, { ipBlock: { cidr: 'fd00::7/128' } }],
        ports: [{ port: 5432, protocol: 'TCP' }],
      },
    ]);
  });

  test('under a host shares the load between its addresses', () => {
    const { app, database, cart } = databaseApp({ host: 'db.example.com' });
    cart.access.allowTo(database);
    const found = app.objects();
    expect(find(found, 'ServiceEntry', 'orders-db').spec).toMatchObject({
      hosts: ['db.example.com'],
      resolution: 'STATIC',
      addresses: ['10.20.0.5', '10.20.0.6'],
      endpoints: [{ address: '10.20.0.5' }, { address: '10.20.0.6' }],
    });
    expect(at(find(found, 'Sidecar', 'cart'), 'spec', 'egress')).toEqual([{ hosts: ['shop/db.example.com'] }]);
  });

  test('may be a range of addresses, and nothing beside it', () => {
    const { app, database, cart } = databaseApp({ addresses: ['10.20.0.0/24', 'fd00:1::/64'] });
    cart.access.allowTo(database);
    expect(app.find('ServiceEntry', 'orders-db').spec).toMatchObject({
      addresses: ['10.20.0.0/24', 'fd00:1::/64'],
      resolution: 'NONE',
    });
    expect(at(app.find('NetworkPolicy', 'cart'), 'spec', 'egress')).toMatchObject([
      { to: [{ ipBlock: { cidr: '10.20.0.0/24' } }, { ipBlock: { cidr: 'fd00:1::/64' } }] },
    ]);
  });

  test('may have addresses of another one that has other callers, other ports, or hosts in requests', () => {
    const { app, database, cart } = databaseApp({ host: 'a.example.com', ports: [Port.http(80), Port.tcp(5432)] });
    const declare = (name: string, ports: Port[]) =>
      new ExternalService(app.chart, name, { name, host: `${name}.example.com`, addresses: ['10.20.0.5'], ports });
    cart.access.allowTo(database);
    cart.access.allowTo(declare('web', [Port.http(80)]));
    cart.access.allowTo(declare('other-port', [Port.tcp(5433)]));
    app.service('search').access.allowTo(declare('other-caller', [Port.tcp(5432)]));
    expect(names(app.objects())).toContain('ServiceEntry other-caller');
  });

  test('two on one port are told apart by their addresses', () => {
    const { app } = databaseApp();
    const ports = [Port.tcp(5432)];
    new ExternalService(app.chart, 'Other', { name: 'other-db', addresses: ['10.20.0.9'], ports });
    expect(at(app.find('ServiceEntry', 'other-db'), 'spec', 'addresses')).toEqual(['10.20.0.9']);
  });
});

test('hosts whose names would be one can have names of their own', () => {
  const app = new MeshApp();
  new ExternalHost(app.chart, 'First', { host: 'a.b.example.com', ports: [Port.https(443)] });
  new ExternalHost(app.chart, 'Second', { host: 'a-b.example.com', name: 'second', ports: [Port.https(443)] });
  expect(app.find('ServiceEntry', 'a-b-example-com').spec).toHaveProperty('hosts', ['a.b.example.com']);
  expect(app.find('ServiceEntry', 'second').spec).toHaveProperty('hosts', ['a-b.example.com']);
  expect(app.find('DestinationRule', 'second').spec).toHaveProperty('host', 'a-b.example.com');
});

test.each<[string, (app: MeshApp) => unknown]>([
  ['a host of HTTP', ({ chart }) => new ExternalHost(chart, 'Out', { host: 'a.example.com', ports: [Port.http(80)] })],
  ['a host of TLS', ({ chart }) => new ExternalHost(chart, 'Out', { host: 'a.example.com', ports: [Port.tls(5433)] })],
  [
    'a service of TCP',
    ({ chart }) => new ExternalService(chart, 'Out', { name: 'db', addresses: ['10.20.0.5'], ports: [Port.tcp(5432)] }),
  ],
  [
    'a service that has a host',
    ({ chart }) =>
      new ExternalService(chart, 'Out', {
        name: 'db',
        host: 'db.example.com',
        addresses: ['10.20.0.5'],
        ports: [Port.tcp(5432)],
      }),
  ],
])('%s outside the mesh has a circuit breaker that nobody asked for', (_, declare) => {
  const app = new MeshApp();
  declare(app);
  const [rule] = app.objects().filter(({ kind }) => kind === 'DestinationRule');
  expect(at(rule, 'spec', 'trafficPolicy')).toMatchObject({
    connectionPool: { tcp: { maxConnections: 1024 } },
    outlierDetection: { consecutive5xxErrors: 5 },
  });
});
