import { Yaml } from 'cdk8s';
import type { EgressGatewayProps, ExternalHostProps, IPeer } from '../../lib';
import {
  EgressGateway,
  ExternalEnforcement,
  ExternalHost,
  ExternalService,
  MeshedNamespace,
  MeshedService,
  Operation,
  Port,
  Retries,
  TlsOrigination,
  Workload,
} from '../../lib';
import { schemaProblems } from '../../lib/testing';
import { MeshApp, at, deployment, names } from '../support/mesh-app';

const GATEWAY: EgressGatewayProps = { name: 'egress', namespace: 'egress', podLabels: { istio: 'egress' } };

function gatewayApp(props: Partial<ExternalHostProps> = {}, gateway: Partial<EgressGatewayProps> = {}) {
  const app = new MeshApp();
  const egress = new EgressGateway(app.chart, 'Egress', { ...GATEWAY, ...gateway });
  const stripe = new ExternalHost(app.chart, 'Stripe', {
    host: 'api.stripe.com',
    ports: [Port.https(443)],
    through: egress,
    ...props,
  });
  return { app, egress, stripe, cart: app.service('cart') };
}

describe('a host behind an EgressGateway', () => {
  test.each([
    ['that callers encrypt for', {}],
    [
      'for which the gateway encrypts',
      { ports: [Port.http(80)], originateTls: TlsOrigination.mutual('stripe-client') },
    ],
  ])('%s is what this YAML says', (_, props) => {
    const { app, stripe, cart } = gatewayApp(props);
    cart.access.allowTo(stripe);
    const own = app.objects().filter(({ metadata }) => ['api-stripe-com', 'egress'].includes(metadata.name));
    expect(names(own).sort()).toEqual(
      [
        ...['Gateway', 'DestinationRule', 'AuthorizationPolicy', 'NetworkPolicy'].map((kind) => `${kind} egress`),
        ...['ServiceEntry', 'DestinationRule', 'VirtualService'].map((kind) => `${kind} api-stripe-com`),
      ].sort(),
    );
    expect(schemaProblems(own.map((object) => ({ ...object })))).toEqual([]);
    expect(Yaml.stringify(app.find('Gateway', 'egress'))).toMatchSnapshot();
    expect(Yaml.stringify(app.find('VirtualService', 'api-stripe-com'))).toMatchSnapshot();
  });

  test('lets the NetworkPolicy of its caller out to the gateway and nowhere else', () => {
    const { app, stripe, cart } = gatewayApp({}, { port: 8443, containerPort: 9443 });
    cart.access.allowTo(stripe);
    expect(at(app.find('NetworkPolicy', 'cart'), 'spec', 'egress')).toEqual([
      {
        to: [
          {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'egress' } },
            podSelector: { matchLabels: { istio: 'egress' } },
          },
        ],
        ports: [{ port: 9443, protocol: 'TCP' }],
      },
    ]);
  });

  test('is let through for its own callers alone, by who they are', () => {
    const { app, egress, stripe, cart } = gatewayApp();
    const other = new ExternalHost(app.chart, 'Other', {
      host: 'api.example.com',
      ports: [Port.https(443)],
      through: egress,
    });
    cart.access.allowTo(stripe);
    app.service('search').access.allowTo(other);
    new ExternalHost(app.chart, 'Idle', { host: 'idle.example.com', ports: [Port.https(443)], through: egress });
    const rules = at(app.find('AuthorizationPolicy', 'egress'), 'spec', 'rules');
    expect(rules).toEqual([
      {
        from: [{ source: { principals: ['cluster.local/ns/shop/sa/search'] } }],
        to: [{ operation: { ports: ['443'] } }],
        when: [{ key: 'connection.sni', values: ['api.example.com'] }],
      },
      {
        from: [{ source: { principals: ['cluster.local/ns/shop/sa/cart'] } }],
        to: [{ operation: { ports: ['443'] } }],
        when: [{ key: 'connection.sni', values: ['api.stripe.com'] }],
      },
    ]);
  });

  test('that nobody may call lets nobody through', () => {
    const { app } = gatewayApp();
    expect(app.find('AuthorizationPolicy', 'egress').spec).toEqual({
      selector: { matchLabels: { istio: 'egress' } },
      action: 'ALLOW',
    });
    expect(at(app.find('NetworkPolicy', 'egress'), 'spec', 'ingress')).toHaveLength(1);
  });

  test('can be called with some operations only', () => {
    const { app, stripe, cart } = gatewayApp({ ports: [Port.http(80)], originateTls: TlsOrigination.simple() });
    const search = app.service('search');
    stripe.access.allowFrom(cart, { operations: [Operation.http({ methods: ['POST'] })] });
    stripe.access.allowFrom(search, { operations: [Operation.http({ methods: ['GET'] })] });
    stripe.access.allowFrom(search);
    expect(at(app.find('AuthorizationPolicy', 'egress'), 'spec', 'rules')).toMatchObject([
      {
        from: [{ source: { principals: ['cluster.local/ns/shop/sa/cart'] } }],
        to: [{ operation: { ports: ['443'], methods: ['POST'] } }],
      },
      {
        from: [{ source: { principals: ['cluster.local/ns/shop/sa/search'] } }],
        to: [{ operation: { ports: ['443'] } }],
      },
    ]);
  });

  test('is repeated by the gateway and not once more by the caller', () => {
    const { app } = gatewayApp({ ports: [Port.http(80)], retries: Retries.of({ attempts: 3 }) });
    const routes = at(app.find('VirtualService', 'api-stripe-com'), 'spec', 'http');
    const mesh = [{ gateways: ['mesh'], port: 80 }];
    const gateway = { gateways: ['egress/egress'], port: 443 };
    expect(routes).toMatchObject([
      { match: mesh, timeout: '15s', retries: { attempts: 0 } },
      { match: [{ ...gateway, method: { regex: expect.any(String) as unknown } }], retries: { attempts: 3 } },
      { match: [gateway], timeout: '15s', retries: { attempts: 3 } },
    ]);
  });

  test('makes callers know the gateway, too', () => {
    const { app, stripe, cart } = gatewayApp({}, { service: 'egress-service' });
    cart.access.allowTo(stripe);
    const hosts = ['egress/egress-service.egress.svc.cluster.local', 'shop/api.stripe.com'];
    expect(at(app.find('Sidecar', 'cart'), 'spec', 'egress')).toEqual([{ hosts }]);
  });

  test('leaves the NetworkPolicy of the gateway to others where they want that', () => {
    const { app } = gatewayApp({}, { networkPolicy: false });
    expect(names(app.objects())).not.toContain('NetworkPolicy egress');
  });
});

test('an EgressGateway through which nothing goes changes nothing', () => {
  const app = new MeshApp();
  new EgressGateway(app.chart, 'Egress', GATEWAY);
  expect(app.objects()).toEqual([]);
});

describe('what holds for callers that evade their proxy', () => {
  test('is the proxy alone for a name', () => {
    const { stripe, cart } = gatewayApp({ through: undefined as never });
    cart.access.allowTo(stripe);
    expect(stripe.enforcement()).toBe(ExternalEnforcement.PROXY);
  });

  test('is the gateway and the NetworkPolicy for a name behind a gateway', () => {
    const { stripe, cart } = gatewayApp();
    cart.access.allowTo(stripe);
    expect(stripe.enforcement()).toBe(ExternalEnforcement.EGRESS_GATEWAY_AND_NETWORK_POLICY);
  });

  test('is the NetworkPolicy for addresses', () => {
    const { app, cart } = gatewayApp();
    const database = new ExternalService(app.chart, 'Db', {
      name: 'db',
      addresses: ['10.0.0.7'],
      ports: [Port.tcp(5432)],
    });
    cart.access.allowTo(database);
    expect(database.enforcement()).toBe(ExternalEnforcement.NETWORK_POLICY);
  });

  test.each<[string, (app: MeshApp) => IPeer]>([
    ['has no NetworkPolicy', (app) => app.service('other', { networkPolicy: false })],
    [
      'is in a namespace that locks nothing',
      (app) =>
        app.service('other', {
          namespace: new MeshedNamespace(app.chart, 'Open', { name: 'open' }),
          workload: Workload.of(deployment(app.chart, 'other', { namespace: 'open' })),
        }),
    ],
    [
      'is of another app',
      ({ chart }) =>
        MeshedService.fromRef(chart, 'Ledger', {
          name: 'ledger',
          namespace: 'bank',
          serviceAccount: 'ledger',
          podLabels: { app: 'ledger' },
        }),
    ],
  ])('is the proxy alone where one caller %s', (_, other) => {
    const { app, stripe, cart } = gatewayApp();
    cart.access.allowTo(stripe);
    const caller = other(app);
    expect(stripe.enforcement()).toBe(ExternalEnforcement.EGRESS_GATEWAY_AND_NETWORK_POLICY);
    stripe.access.allowFrom(caller);
    expect(stripe.enforcement()).toBe(ExternalEnforcement.PROXY);
  });

  test('is the proxy alone where one caller may reach public addresses on the port by another name', () => {
    const { app, stripe, cart } = gatewayApp();
    cart.access.allowTo(stripe);
    const host = (id: string, ports: Port[]) =>
      new ExternalHost(app.chart, id, { host: `${id}.example.com`, ports, originateTls: TlsOrigination.simple() });
    cart.access.allowTo(host('elsewhere', [Port.http(80), Port.tls(8443)]), { ports: ['tls'] });
    expect(stripe.enforcement()).toBe(ExternalEnforcement.EGRESS_GATEWAY_AND_NETWORK_POLICY);
    cart.access.allowTo(host('direct', [Port.http(80)]));
    expect(stripe.enforcement()).toBe(ExternalEnforcement.PROXY);
  });
});

describe('TLS that the mesh starts', () => {
  const http = { ports: [Port.http(80)], through: undefined as never };

  test('goes to the port of the host that speaks it, under a name and certificate that are checked', () => {
    const { app, stripe, cart } = gatewayApp({ ...http, originateTls: TlsOrigination.simple({ port: 8443 }) });
    cart.access.allowTo(stripe);
    expect(at(app.find('ServiceEntry', 'api-stripe-com'), 'spec', 'ports')).toEqual([
      { number: 80, name: 'http', protocol: 'HTTP', targetPort: 8443 },
    ]);
    expect(at(app.find('DestinationRule', 'api-stripe-com'), 'spec', 'trafficPolicy', 'tls')).toEqual({
      mode: 'SIMPLE',
      sni: 'api.stripe.com',
      subjectAltNames: ['api.stripe.com'],
    });
    expect(at(app.find('NetworkPolicy', 'cart'), 'spec', 'egress')).toMatchObject([{ ports: [{ port: 8443 }] }]);
  });

  test('leaves alone the ports whose callers encrypt, which keep their circuit breaker', () => {
    const { app } = gatewayApp({
      ...http,
      ports: [Port.http(80), Port.https(443)],
      originateTls: TlsOrigination.simple(),
    });
    const policy = at(app.find('DestinationRule', 'api-stripe-com'), 'spec', 'trafficPolicy');
    expect(policy).toMatchObject({
      tls: { mode: 'SIMPLE' },
      retryBudget: { percent: 20 },
      portLevelSettings: [{ port: { number: 443 }, outlierDetection: { consecutive5xxErrors: 5 } }],
    });
    expect((at(policy, 'portLevelSettings') as object[])[0]).not.toHaveProperty('tls');
  });

  test('may be for other names than the host', () => {
    const tls = TlsOrigination.simple({ serverName: 'edge.example.com', certificateNames: ['a.example', 'b.example'] });
    const { app } = gatewayApp({ ...http, originateTls: tls });
    expect(at(app.find('DestinationRule', 'api-stripe-com'), 'spec', 'trafficPolicy', 'tls')).toMatchObject({
      sni: 'edge.example.com',
      subjectAltNames: ['a.example', 'b.example'],
    });
  });
});
