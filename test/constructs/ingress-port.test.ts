import type { IngressPortProps } from '../../lib';
import { IngressHost, IngressPort, IngressRoute, IngressTls, Port, Workload } from '../../lib';
import { schemaProblems, synthesize } from '../../lib/testing';
import { MeshApp, at, deployment, thrown } from '../support/mesh-app';

const PORTS = [Port.tcp(5672, { name: 'amqp' }), Port.https(8443), Port.http(80, { containerPort: 8080 })];

/** A service with a port of each kind, and a way to its connections. */
function opened(props: Partial<IngressPortProps> = {}, app = new MeshApp()): MeshApp {
  const workload = Workload.of(deployment(app.chart, 'queue', { ports: [5672, 8443, 8080] }));
  const service = app.service('queue', { ports: PORTS, workload });
  new IngressPort(app.chart, 'Port', {
    gatewayPort: 5671,
    service,
    port: 'amqp',
    tls: IngressTls.plaintext(),
    ...props,
  });
  return app;
}

test('connections on a port of the gateway go to the port of the service, which lets the gateway in there alone', () => {
  const app = opened();
  expect(app.find('Gateway', 'queue-ingress-amqp').spec).toEqual({
    selector: { istio: 'ingress' },
    servers: [{ port: { number: 5671, name: 'tcp', protocol: 'TCP' }, hosts: ['./*'] }],
  });
  expect(app.find('VirtualService', 'queue-ingress-amqp').spec).toEqual({
    hosts: ['*'],
    gateways: ['shop/queue-ingress-amqp'],
    tcp: [
      {
        match: [{ port: 5671 }],
        route: [{ destination: { host: 'queue.shop.svc.cluster.local', port: { number: 5672 } } }],
      },
    ],
  });
  expect(at(app.find('AuthorizationPolicy', 'queue'), 'spec', 'rules')).toEqual([
    {
      from: [{ source: { principals: ['cluster.local/ns/istio-ingress/sa/istio-ingress'] } }],
      to: [{ operation: { ports: ['5672'] } }],
    },
  ]);
  expect(schemaProblems(synthesize(app.chart))).toEqual([]);
});

test('the gateway takes TLS off them, for the server names that are given', () => {
  const app = opened({ tls: IngressTls.mutual('queue-tls'), hosts: ['queue.example.com'] });
  expect(at(app.find('Gateway', 'queue-ingress-amqp'), 'spec', 'servers')).toEqual([
    {
      port: { number: 5671, name: 'tls', protocol: 'TLS' },
      hosts: ['./queue.example.com'],
      tls: { mode: 'MUTUAL', credentialName: 'queue-tls', minProtocolVersion: 'TLSV1_2' },
    },
  ]);
  expect(app.find('VirtualService', 'queue-ingress-amqp').spec).toMatchObject({
    hosts: ['queue.example.com'],
    tcp: [{ match: [{ port: 5671 }] }],
  });
  expect(schemaProblems(synthesize(app.chart))).toEqual([]);
});

test('its only port for connections without TLS is meant where none is named and the gateway takes TLS off', () => {
  const app = opened({ port: undefined, tls: IngressTls.credential('queue-tls') });
  expect(JSON.stringify(app.find('VirtualService', 'queue-ingress-amqp').spec)).toContain('"number":5672');
});

test('HTTP on a port of its own is opened there, and plain HTTP is not sent to a port that is not 443', () => {
  const app = new MeshApp();
  new IngressHost(app.chart, 'Secure', {
    name: 'secure',
    hosts: ['a.example.com'],
    tls: IngressTls.credential('a-tls'),
    gatewayPort: 8443,
  });
  new IngressRoute(app.chart, 'Plain', {
    host: 'b.example.com',
    service: app.service('users'),
    tls: IngressTls.plaintext(),
    gatewayPort: 8080,
  });
  expect(at(app.find('Gateway', 'secure'), 'spec', 'servers')).toMatchObject([
    { port: { number: 8443, name: 'https', protocol: 'HTTPS' } },
  ]);
  expect(at(app.find('Gateway', 'users-ingress'), 'spec', 'servers')).toMatchObject([
    { port: { number: 8080, name: 'http', protocol: 'HTTP' } },
  ]);
});

test('TLS that passes through on a port of its own is matched there', () => {
  const app = new MeshApp();
  new IngressRoute(app.chart, 'Through', {
    host: 'b.example.com',
    service: app.service('users', { ports: [Port.tls(6443, { containerPort: 8080 })] }),
    tls: IngressTls.passthrough(),
    gatewayPort: 6443,
  });
  expect(at(app.find('VirtualService', 'users-ingress'), 'spec', 'tls')).toMatchObject([
    { match: [{ port: 6443, sniHosts: ['b.example.com'] }] },
  ]);
});

describe('a port of the gateway', () => {
  const host = (app: MeshApp, id: string, gatewayPort: number | undefined, tls: IngressTls, name = 'a') =>
    new IngressHost(app.chart, id, {
      name: id.toLowerCase(),
      hosts: [`${name}.example.com`],
      tls,
      ...(gatewayPort === undefined ? {} : { gatewayPort }),
    });

  test('is taken for one thing: connections, TLS or plain HTTP', () => {
    const used = (tls: IngressTls, gatewayPort: number) => () => host(opened(), 'Other', gatewayPort, tls);
    expect(thrown(used(IngressTls.plaintext(), 5671))).toMatch(
      /MESH-API-083: port `5671` of the gateway is taken at `shop\/Port` and again at `shop\/Other`: once for TCP, and once for HTTP; fix: /,
    );
    expect(used(IngressTls.plaintext(), 5673)).not.toThrow();
    const app = new MeshApp();
    host(app, 'One', undefined, IngressTls.credential('a'));
    expect(thrown(() => host(app, 'Two', 443, IngressTls.plaintext(), 'b'))).toMatch(/MESH-API-083: port `443`/);
    expect(thrown(() => host(app, 'Three', 80, IngressTls.credential('b'), 'b'))).toMatch(/MESH-API-083: port `80`/);
  });

  test('is that of one service where it takes connections as they come', () => {
    const app = opened();
    const again = () =>
      new IngressPort(app.chart, 'Again', {
        gatewayPort: 5671,
        service: app.service('other', { ports: [Port.tcp(1, { containerPort: 8080 })] }),
        tls: IngressTls.plaintext(),
      });
    expect(thrown(again)).toMatch(/MESH-API-083: port `5671`/);
  });

  test('has each host once, and another port may have it again', () => {
    const app = new MeshApp();
    host(app, 'One', undefined, IngressTls.credential('a', { redirectHttp: false }));
    expect(() => host(app, 'Two', 8443, IngressTls.credential('a'))).not.toThrow();
    expect(thrown(() => host(app, 'Three', 8443, IngressTls.credential('b')))).toMatch(
      /MESH-API-081: host `a.example.com`/,
    );
  });
});
