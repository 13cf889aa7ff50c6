import type { ExternalHostProps, ExternalServiceProps, SimpleTlsOptions } from '../../../lib';
import {
  EgressGateway,
  ExternalHost,
  ExternalService,
  IngressRoute,
  IngressTls,
  Operation,
  PathMatch,
  Peer,
  Port,
  TlsOrigination,
  WildcardResolution,
} from '../../../lib';
import { Code } from '../../../lib/errors';
import { MeshApp } from '../mesh-app';
import type { Provocation } from './provocation';
import { untyped } from './provocation';

const HTTPS = [Port.https(443)];

export const OUTSIDE: readonly Provocation[] = [
  {
    input: 'an address as the name of a host',
    code: Code.EXTERNAL_HOST,
    value: '198.51.100.7',
    provoke: () => new ExternalHost(new MeshApp().chart, 'Host', { host: '198.51.100.7', ports: [Port.https(443)] }),
  },
  {
    input: 'a way to resolve a wildcard that is none',
    code: Code.EXTERNAL_HOST,
    value: 'yes',
    provoke: () => {
      const props = untyped<ExternalHostProps>({ host: '*.example.com', wildcard: 'yes', ports: [Port.https(443)] });
      return new ExternalHost(new MeshApp().chart, 'Host', props);
    },
  },
  ...['*', '*.com', 'localhost', 'API.stripe.com', '10.0.0.7:443', 'https://a.example.com'].map((host) => ({
    input: `the external host ${host}`,
    code: Code.EXTERNAL_HOST,
    value: host,
    provoke: () => new ExternalHost(new MeshApp().chart, 'Host', { host, ports: HTTPS }),
  })),
  {
    input: 'two hosts whose objects have one name',
    code: Code.EXTERNAL_HOST,
    value: 'a-b-example-com',
    provoke: () => {
      const { chart } = new MeshApp();
      new ExternalHost(chart, 'First', { host: 'a.b.example.com', ports: HTTPS });
      new ExternalHost(chart, 'Second', { host: 'a-b.example.com', ports: HTTPS });
    },
  },
  {
    input: 'a wildcard that is not asked for by name',
    code: Code.EXTERNAL_HOST,
    value: '*.example.com',
    provoke: () => new ExternalHost(new MeshApp().chart, 'Host', { host: '*.example.com', ports: HTTPS }),
  },
  {
    input: 'a resolution of wildcards for a host that is none',
    code: Code.EXTERNAL_HOST,
    value: 'a.example.com',
    provoke: () =>
      new ExternalHost(new MeshApp().chart, 'Host', {
        host: 'a.example.com',
        ports: HTTPS,
        wildcard: WildcardResolution.DYNAMIC_DNS,
      }),
  },
  {
    input: 'a wildcard where the installed Istio cannot resolve it',
    code: Code.UNSUPPORTED,
    value: 'DYNAMIC_DNS',
    provoke: () =>
      new ExternalHost(new MeshApp({ version: '1.29.0' }).chart, 'Host', {
        host: '*.example.com',
        ports: HTTPS,
        wildcard: WildcardResolution.DYNAMIC_DNS,
      }),
  },
  ...['cart.shop.svc.cluster.local', 'cart.shop.svc'].map((host) => ({
    input: `the Service ${host} of the cluster as an external host`,
    code: Code.UNSUPPORTED,
    value: host,
    provoke: () => new ExternalHost(new MeshApp().chart, 'Host', { host, ports: HTTPS }),
  })),
  ...['*.cluster.local', '*.shop.svc.cluster.local'].map((host) => ({
    input: `the wildcard ${host}, which Services of the cluster match`,
    code: Code.UNSUPPORTED,
    value: host,
    provoke: () =>
      new ExternalHost(new MeshApp().chart, 'Host', { host, ports: HTTPS, wildcard: WildcardResolution.DYNAMIC_DNS }),
  })),
  {
    input: 'an external host without ports',
    code: Code.EXTERNAL_HOST,
    value: 'a.example.com',
    provoke: () => new ExternalHost(new MeshApp().chart, 'Host', { host: 'a.example.com', ports: [] }),
  },
  {
    input: 'an external host that is declared twice',
    code: Code.EXTERNAL_HOST,
    value: 'shop/Again',
    provoke: () => {
      const { chart } = new MeshApp();
      new ExternalHost(chart, 'Host', { host: 'a.example.com', ports: HTTPS });
      new ExternalHost(chart, 'Again', { host: 'a.example.com', ports: HTTPS });
    },
  },
  {
    input: 'a TCP host without addresses',
    code: Code.EXTERNAL_TCP,
    value: 'db.example.com',
    provoke: () => new ExternalHost(new MeshApp().chart, 'Host', { host: 'db.example.com', ports: [Port.tcp(5432)] }),
  },
  ...(
    [
      ['an external service without addresses', Code.EXTERNAL_ADDRESS, 'db', { addresses: [] }],
      ['a range with host bits', Code.EXTERNAL_ADDRESS, '10.0.0.5/8', { addresses: ['10.0.0.5/8'] }],
      ['a range of every address', Code.EXTERNAL_ADDRESS, '0.0.0.0/0', { addresses: ['0.0.0.0/0'] }],
      ['a range and an address in it', Code.EXTERNAL_ADDRESS, '10.0.0.0/8', { addresses: ['10.0.0.0/8', '10.1.2.3'] }],
      [
        'a range that shares load',
        Code.EXTERNAL_ADDRESS,
        '10.0.0.0/8',
        { addresses: ['10.0.0.0/8'], host: 'db.example.com' },
      ],
      [
        'a range where proxies compare server names',
        Code.EXTERNAL_ADDRESS,
        'tls',
        { addresses: ['10.0.0.0/8'], ports: [Port.tls(443)] },
      ],
      ['an address that is none', Code.EXTERNAL_ADDRESS, 'db.local', { addresses: ['db.local'] }],
      ['an address with a zone', Code.EXTERNAL_ADDRESS, 'fe80::1%eth0', { addresses: ['fe80::1%eth0'] }],
      ['every address', Code.EXTERNAL_ADDRESS, '0.0.0.0', { addresses: ['0.0.0.0'] }],
      ['every IPv6 address', Code.EXTERNAL_ADDRESS, '::', { addresses: ['::'] }],
      ['the address of the pod itself', Code.EXTERNAL_ADDRESS, '127.0.0.1', { addresses: ['127.0.0.1'] }],
      ['an address of a group', Code.EXTERNAL_ADDRESS, '224.0.0.1', { addresses: ['224.0.0.1'] }],
      ['an address twice', Code.EXTERNAL_ADDRESS, '10.0.0.7', { addresses: ['10.0.0.7', '10.0.0.7'] }],
      ['requests to addresses without a host', Code.EXTERNAL_HOST, 'http', { ports: [Port.http(80)] }],
      ['a host of addresses that is no DNS name', Code.EXTERNAL_HOST, 'db', { host: 'db' }],
      ['an external service with a name that Kubernetes refuses', Code.NAME, 'DB', { name: 'DB' }],
      ['an external service in a namespace that Kubernetes refuses', Code.NAME, 'Shop', { namespace: 'Shop' }],
    ] satisfies [string, Code, string, Partial<ExternalServiceProps>][]
  ).map(([input, code, value, overrides]) => ({
    input,
    code,
    value,
    provoke: () =>
      new ExternalService(new MeshApp().chart, 'Db', {
        name: 'db',
        addresses: ['10.0.0.7'],
        ports: [Port.tcp(5432)],
        ...overrides,
      }),
  })),
  ...(
    [
      ['on one port', [Port.tcp(5432)], ['10.0.0.7']],
      ['in one range', [Port.tcp(5432)], ['10.0.0.0/24']],
      ['that are encrypted', [Port.tls(5432)], ['10.0.0.7']],
    ] as const
  ).map(([where, ports, addresses]) => ({
    input: `two external services for one caller with an address in common ${where}`,
    code: Code.EXTERNAL_TCP,
    value: 'shop/other-db',
    provoke: () => {
      const app = new MeshApp();
      const cart = app.service('cart');
      const shared = { ports: [...ports], addresses: [...addresses] };
      const databases = [
        new ExternalService(app.chart, 'Db', { name: 'db', ports: [Port.tcp(5432)], addresses: ['10.0.0.7'] }),
        new ExternalService(app.chart, 'Other', { name: 'other-db', ...shared }),
      ];
      databases.forEach((database) => cart.access.allowTo(database));
      app.objects();
    },
  })),
  {
    input: 'a wildcard whose names nobody verifies',
    code: Code.NAMES_UNVERIFIED,
    value: '*.example.com',
    provoke: () => {
      const app = new MeshApp();
      const wildcard = WildcardResolution.UNVERIFIED_ADDRESSES;
      new ExternalHost(app.chart, 'Host', { host: '*.example.com', ports: HTTPS, wildcard });
      return app.mesh.warnings();
    },
  },
  {
    input: 'operations at an external host, which no proxy would compare',
    code: Code.GRANT,
    value: 'a.example.com',
    provoke: () => {
      const app = new MeshApp();
      const host = new ExternalHost(app.chart, 'Host', { host: 'a.example.com', ports: [Port.http(80)] });
      app.service('cart').access.allowTo(host, { operations: [Operation.http({ methods: ['GET'] })] });
    },
  },
  ...(
    [
      ['TLS from nobody', Code.EXTERNAL_TLS, 'a.example.com', { originateTls: TlsOrigination.simple() }],
      [
        'a certificate of our own without a gateway',
        Code.UNSUPPORTED,
        'client-cert',
        { ports: [Port.http(80)], originateTls: TlsOrigination.mutual('client-cert') },
      ],
      [
        'an authority of our own without a gateway',
        Code.UNSUPPORTED,
        'their-ca',
        { ports: [Port.http(80)], originateTls: TlsOrigination.simple({ caCredential: 'their-ca' }) },
      ],
    ] satisfies [string, Code, string, Partial<ExternalHostProps>][]
  ).map(([input, code, value, overrides]) => ({
    input: `an external host with ${input}`,
    code,
    value,
    provoke: () => new ExternalHost(new MeshApp().chart, 'Host', { host: 'a.example.com', ports: HTTPS, ...overrides }),
  })),
  ...(
    [
      ['certificateNames', { certificateNames: [] }],
      ['A.example.com', { certificateNames: ['A.example.com'] }],
      ['a b', { serverName: 'a b' }],
    ] as const
  ).map(([value, options]) => ({
    input: `TLS to the outside with ${JSON.stringify(options)}`,
    code: Code.EXTERNAL_TLS,
    value,
    provoke: () => TlsOrigination.simple({ ...options } as SimpleTlsOptions),
  })),
  {
    input: 'an egress gateway that is declared twice',
    code: Code.EGRESS_GATEWAY,
    value: 'shop/Again',
    provoke: () => {
      const app = new MeshApp();
      gateway(app, 'Egress');
      gateway(app, 'Again');
    },
  },
  {
    input: 'a host with two ports through a gateway',
    code: Code.EGRESS_GATEWAY,
    value: 'a.example.com',
    provoke: () => {
      const app = new MeshApp();
      through(app, { ports: [Port.https(443), Port.http(80)] });
    },
  },
  {
    input: 'a wildcard through a gateway',
    code: Code.UNSUPPORTED,
    value: '*.example.com',
    provoke: () => {
      through(new MeshApp(), { host: '*.example.com', wildcard: WildcardResolution.DYNAMIC_DNS });
    },
  },
  {
    input: 'one host in two namespaces through one gateway',
    code: Code.EGRESS_GATEWAY,
    value: 'shop/Again',
    provoke: () => {
      const app = new MeshApp();
      const egress = through(app, {});
      new ExternalHost(app.chart, 'Again', { host: 'a.example.com', namespace: 'bank', ports: HTTPS, through: egress });
    },
  },
  {
    input: 'two hosts with one name at a gateway',
    code: Code.EGRESS_GATEWAY,
    value: 'shop-a-b',
    provoke: () => {
      const app = new MeshApp();
      const egress = through(app, { name: 'a-b' });
      const other = { host: 'b.example.com', name: 'b', namespace: 'shop-a' };
      new ExternalHost(app.chart, 'Again', { ...other, ports: HTTPS, through: egress });
    },
  },
  {
    input: 'a caller of an external host that is no service',
    code: Code.GRANT,
    value: 'a.example.com',
    provoke: () =>
      new ExternalHost(new MeshApp().chart, 'Host', { host: 'a.example.com', ports: HTTPS }).access.allowFrom(
        Peer.namespace('ops'),
      ),
  },
  ...['users', '*.example.com', 'Users.example.com'].map((host) => ({
    input: `the ingress host ${host}`,
    code: Code.INGRESS,
    value: host,
    provoke: () => ingress(new MeshApp(), 'Ingress', host),
  })),
  {
    input: 'one host at the gateway for two services',
    code: Code.INGRESS_HOST_TWICE,
    value: 'users.example.com',
    provoke: () => {
      const app = new MeshApp();
      ingress(app, 'Ingress', 'users.example.com', 'users');
      ingress(app, 'Again', 'users.example.com', 'accounts');
    },
  },
  {
    input: 'an ingress to a service without requests',
    code: Code.INGRESS,
    value: 'shop/users',
    provoke: () => ingress(new MeshApp(), 'Ingress', 'a.example.com', 'users', [Port.tcp(80, { containerPort: 8080 })]),
  },
  {
    input: 'an ingress to several ports at once',
    code: Code.INGRESS,
    value: 'admin',
    provoke: () =>
      ingress(new MeshApp(), 'Ingress', 'a.example.com', 'users', [Port.http(80), Port.http(81, { name: 'admin' })]),
  },
  {
    input: 'a certificate with a name that Kubernetes refuses',
    code: Code.NAME,
    value: 'Cert',
    provoke: () => IngressTls.credential('Cert'),
  },
  {
    input: 'an ingress when the identity of the gateway was never given',
    code: Code.GATEWAY_UNKNOWN,
    value: 'shop/users-ingress',
    provoke: () => ingress(new MeshApp({ ingressGateway: undefined }), 'Ingress', 'a.example.com'),
  },
  {
    input: 'a regular expression for paths that are let in, which the grant cannot compare',
    code: Code.UNSUPPORTED,
    value: '/v[12]',
    provoke: () => {
      const app = new MeshApp();
      new IngressRoute(app.chart, 'Ingress', {
        host: 'a.example.com',
        service: app.service('users'),
        tls: IngressTls.plaintext(),
        paths: [PathMatch.regex('/v[12]')],
      });
    },
  },
];

function ingress(app: MeshApp, id: string, host: string, name = 'users', ports = [Port.http(80)]): void {
  new IngressRoute(app.chart, id, { host, service: app.service(name, { ports }), tls: IngressTls.plaintext() });
}

function gateway(app: MeshApp, id: string): EgressGateway {
  return new EgressGateway(app.chart, id, { name: 'egress', namespace: 'egress', podLabels: { istio: 'egress' } });
}

function through(app: MeshApp, props: Partial<ExternalHostProps>): EgressGateway {
  const egress = gateway(app, 'Egress');
  new ExternalHost(app.chart, 'Host', { host: 'a.example.com', ports: HTTPS, ...props, through: egress });
  return egress;
}
