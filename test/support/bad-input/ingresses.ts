import { ApiObject, Chart, Duration } from 'cdk8s';
import type { IngressHostProps, IngressPortProps, IngressRouteProps } from '../../../lib';
import { CertificateIssuerKind, IngressApi, IngressHost, IngressPort, IngressRoute, IngressTls } from '../../../lib';
import { PathMatch, Port, TlsVersion, ZeroTrustNamespace } from '../../../lib';
import { Code } from '../../../lib/errors';
import { MeshApp, printed } from '../mesh-app';
import type { Provocation } from './provocation';
import { untyped } from './provocation';

const HOST = 'a.example.com';
const ISSUER = { issuer: 'ca', issuerKind: CertificateIssuerKind.ISSUER };
const TLS = IngressTls.plaintext();
const THROUGH = IngressTls.passthrough();
const WEB = [Port.https(443, { containerPort: 8080 })];

/** A route to a service with these ports. */
function route(props: Partial<IngressRouteProps>, ports?: Port[]) {
  return () => {
    const app = new MeshApp();
    const service = app.service('users', ports === undefined ? {} : { ports });
    return new IngressRoute(app.chart, 'Ingress', { service, ...props });
  };
}

/** Routes of two services at one host. */
function shared(
  host: Partial<IngressHostProps>,
  first: Partial<IngressRouteProps>,
  second?: Partial<IngressRouteProps>,
) {
  return () => {
    const app = new MeshApp();
    const at = new IngressHost(app.chart, 'Host', { name: 'all', hosts: [HOST], tls: TLS, ...host });
    const ports = at._entrance.tls.kind === 'passthrough' ? { ports: WEB } : {};
    [first, ...(second === undefined ? [] : [second])].forEach((props, index) => {
      new IngressRoute(app.chart, `Route${index}`, { at, service: app.service(`users${index}`, ports), ...props });
    });
  };
}

/** A way to the connections of a service. */
function connections(props: Partial<IngressPortProps>, app = new MeshApp(), name = 'one') {
  return () => {
    const service = app.service(name, { ports: [Port.tcp(5672, { containerPort: 8080 })] });
    return new IngressPort(app.chart, `${name}-port`, { gatewayPort: 5671, service, tls: TLS, ...props });
  };
}

export const INGRESSES: readonly Provocation[] = [
  {
    input: 'silently a host below the wildcard of another certificate',
    code: Code.INGRESS_BELOW,
    value: '*.example.com',
    provoke: () => {
      const app = new MeshApp();
      const at = (id: string, props: Partial<IngressRouteProps>) =>
        new IngressRoute(app.chart, id, {
          service: app.service(id.toLowerCase()),
          tls: IngressTls.credential(id.toLowerCase()),
          ...props,
        });
      at('One', { host: HOST });
      at('All', { hosts: ['*.example.com'], wildcard: true });
      return printed(() => app.objects());
    },
  },
  { input: 'no host', code: Code.INGRESS, value: 'shop/Ingress', provoke: route({ tls: TLS }) },
  { input: 'an empty list of hosts', code: Code.INGRESS, value: 'hosts', provoke: route({ tls: TLS, hosts: [] }) },
  {
    input: 'a host and hosts',
    code: Code.INGRESS,
    value: 'hosts',
    provoke: route({ tls: TLS, host: HOST, hosts: ['b.example.com'] }),
  },
  {
    input: 'one host twice in a list',
    code: Code.INGRESS,
    value: HOST,
    provoke: route({ tls: TLS, hosts: [HOST, HOST] }),
  },
  {
    input: 'every host, when nobody said so',
    code: Code.INGRESS,
    value: '*',
    provoke: route({ tls: TLS, host: '*' }),
  },
  {
    input: 'a wildcard inside a name',
    code: Code.INGRESS,
    value: 'a.*.example.com',
    provoke: route({ tls: TLS, host: 'a.*.example.com', wildcard: true }),
  },
  {
    input: 'a host beside a wildcard that covers it',
    code: Code.INGRESS,
    value: HOST,
    provoke: route({ tls: TLS, hosts: ['*.example.com', HOST], wildcard: true }),
  },
  { input: 'a host without a word on TLS', code: Code.INGRESS, value: HOST, provoke: route({ host: HOST }) },
  {
    input: 'TLS without a certificate',
    code: Code.NAME,
    value: '',
    provoke: () => IngressTls.credential(''),
  },
  {
    input: 'TLS of every host that passes through',
    code: Code.INGRESS,
    value: '*',
    provoke: route({ tls: THROUGH, host: '*', wildcard: true }, WEB),
  },
  {
    input: 'TLS that passes through to a port without it',
    code: Code.INGRESS,
    value: 'shop/users',
    provoke: route({ tls: THROUGH, host: HOST }),
  },
  ...[{ paths: [PathMatch.prefix('/a')] }, { methods: ['GET'] }].map((limits) => ({
    input: `${Object.keys(limits).join()} of what passes through`,
    code: Code.INGRESS,
    value: Object.keys(limits).join(),
    provoke: route({ tls: THROUGH, host: HOST, ...limits }, WEB),
  })),
  {
    input: 'TLS of a route whose host says it',
    code: Code.INGRESS,
    value: 'tls',
    provoke: shared({}, { tls: TLS }),
  },
  {
    input: 'a wildcard of a route whose host says it',
    code: Code.INGRESS,
    value: 'wildcard',
    provoke: shared({}, { wildcard: true }),
  },
  {
    input: 'a host that the shared one does not have',
    code: Code.INGRESS,
    value: 'b.example.com',
    provoke: shared({}, { host: 'b.example.com' }),
  },
  {
    input: 'none of the shared hosts',
    code: Code.INGRESS,
    value: 'shop/Route0',
    provoke: shared({}, { hosts: [] }),
  },
  {
    input: 'two routes for one path of a host',
    code: Code.INGRESS_HOST_TWICE,
    value: '/a/b',
    provoke: shared({}, { paths: [PathMatch.prefix('/a')] }, { paths: [PathMatch.exact('/a/b')] }),
  },
  {
    input: 'two routes for one host that passes through',
    code: Code.INGRESS_HOST_TWICE,
    value: HOST,
    provoke: shared({ tls: THROUGH }, {}, {}),
  },
  {
    input: 'one certificate at two entrances',
    code: Code.INGRESS,
    value: 'wildcard-example-com',
    provoke: () => {
      const { chart } = new MeshApp();
      const tls = IngressTls.credential('wildcard-example-com');
      new IngressHost(chart, 'First', { name: 'first', hosts: [HOST], tls });
      new IngressHost(chart, 'Second', { name: 'second', hosts: ['b.example.com'], tls });
    },
  },
  {
    input: 'one port of the gateway for requests with TLS and without',
    code: Code.INGRESS_PORT,
    value: '443',
    provoke: () => {
      const { chart } = new MeshApp();
      const tls = IngressTls.credential('a-example-com');
      new IngressHost(chart, 'First', { name: 'first', hosts: [HOST], tls });
      new IngressHost(chart, 'Second', { name: 'second', hosts: ['b.example.com'], tls: TLS, gatewayPort: 443 });
    },
  },
  {
    input: 'one port of the gateway for connections to two services',
    code: Code.INGRESS_PORT,
    value: '5671',
    provoke: () => {
      const app = new MeshApp();
      ['one', 'two'].forEach((name) => connections({}, app, name)());
    },
  },
  {
    input: 'a port of the gateway that is none',
    code: Code.PORT_INVALID,
    value: '0',
    provoke: connections({ gatewayPort: 0 }),
  },
  {
    input: 'TLS that passes through as connections',
    code: Code.INGRESS,
    value: 'shop/one-port',
    provoke: connections({ tls: THROUGH }),
  },
  {
    input: 'hosts of connections without TLS',
    code: Code.INGRESS,
    value: HOST,
    provoke: connections({ hosts: [HOST] }),
  },
  {
    input: 'connections to a service that takes requests only',
    code: Code.INGRESS,
    value: 'shop/users',
    provoke: () => {
      const app = new MeshApp();
      return new IngressPort(app.chart, 'Port', { gatewayPort: 5671, service: app.service('users'), tls: TLS });
    },
  },
  {
    input: 'a redirect to a port that is not the one of the host',
    code: Code.INGRESS,
    value: '8443',
    provoke: route({ host: HOST, tls: IngressTls.credential('a', { redirectHttp: true }), gatewayPort: 8443 }),
  },
  {
    input: 'an API of ingresses that is none',
    code: Code.INGRESS,
    value: 'kubernetes',
    provoke: route({ host: HOST, tls: TLS, api: untyped('kubernetes') }),
  },
  {
    input: 'a port of the gateway of a route whose host says it',
    code: Code.INGRESS,
    value: 'gatewayPort',
    provoke: shared({}, { gatewayPort: 8080 }),
  },
  {
    input: 'a redirect of plain HTTP that another entrance takes',
    code: Code.INGRESS_HOST_TWICE,
    value: 'redirectHttp: false',
    provoke: () => {
      const app = new MeshApp();
      const service = app.service('users', { ports: [Port.http(80, { containerPort: 8080 })] });
      new IngressRoute(app.chart, 'One', { host: HOST, service, tls: IngressTls.credential('a') });
      new IngressRoute(app.chart, 'Two', { host: HOST, service, tls: TLS });
    },
  },
  {
    input: 'a list of no methods, which would let all in',
    code: Code.INGRESS,
    value: 'methods',
    provoke: route({ host: HOST, tls: TLS, methods: [] }),
  },
  {
    input: 'an address as a host',
    code: Code.INGRESS,
    value: '198.51.100.7',
    provoke: route({ host: '198.51.100.7', tls: TLS }),
  },
  {
    input: 'a version of TLS that is none',
    code: Code.INGRESS,
    value: '1.4',
    provoke: () => IngressTls.credential('a', { minVersion: untyped('1.4') }),
  },
  {
    input: 'the gateway of the mesh in a zero-trust namespace',
    code: Code.GATEWAY_NAMESPACE,
    value: 'shop/Edge',
    provoke: () => {
      const app = new MeshApp();
      new ZeroTrustNamespace(app.chart, 'Edge', { name: 'istio-ingress' });
      new IngressRoute(app.chart, 'Ingress', { host: HOST, service: app.service('users'), tls: TLS });
      return app.objects();
    },
  },
  {
    input: 'a gateway of its own in a zero-trust namespace',
    code: Code.GATEWAY_NAMESPACE,
    value: 'shop',
    provoke: () => {
      const app = new MeshApp();
      const service = app.service('users');
      new IngressRoute(app.chart, 'Ingress', { host: HOST, service, tls: TLS, api: IngressApi.STANDARD });
      return app.objects();
    },
  },
  {
    input: 'the oldest version of TLS where the API of the ingress has no field for it',
    code: Code.UNSUPPORTED,
    value: 'minVersion',
    provoke: route({
      host: HOST,
      tls: IngressTls.credential('a', { minVersion: TlsVersion.TLS_1_3 }),
      api: IngressApi.STANDARD,
    }),
  },
  {
    input: 'a certificate beside the service',
    code: Code.CREDENTIAL_NAMESPACE,
    value: 'istio-ingress',
    provoke: () => {
      const app = new MeshApp();
      const tls = IngressTls.credential('a-example-com');
      new IngressRoute(app.chart, 'Ingress', { host: HOST, service: app.service('users'), tls });
      new ApiObject(app.chart, 'Secret', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a-example-com' } });
      return app.objects();
    },
  },
  ...[
    { duration: Duration.minutes(59) },
    { renewBefore: Duration.minutes(4) },
    { duration: Duration.hours(2), renewBefore: Duration.hours(2) },
  ].map((times) => ({
    input: `times that cert-manager refuses: ${Object.keys(times).join(', ')}`,
    code: Code.INGRESS,
    value: Object.keys(times).at(-1) ?? '',
    provoke: () => IngressTls.certManager({ ...ISSUER, ...times }),
  })),
  {
    input: 'a kind of issuer that is none',
    code: Code.INGRESS,
    value: 'issuerKind',
    provoke: () => IngressTls.certManager({ ...ISSUER, issuerKind: untyped('CA') }),
  },
  {
    input: 'a certificate of every host',
    code: Code.INGRESS,
    value: '*',
    provoke: route({ tls: IngressTls.certManager(ISSUER), host: '*', wildcard: true }),
  },
  {
    input: 'a shared host without a namespace',
    code: Code.NAMESPACE_UNDECLARED,
    value: 'bare/Host',
    provoke: () => {
      const { app } = new MeshApp();
      const chart = new Chart(app, 'bare');
      new IngressHost(chart, 'Host', { name: 'all', hosts: [HOST], tls: TLS });
    },
  },
];
