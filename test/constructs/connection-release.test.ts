import { Yaml } from 'cdk8s';
import { CanaryRelease, HeaderMatch, HttpMatch, Port, Retries, Workload } from '../../lib';
import { schemaProblems, synthesize } from '../../lib/testing';
import { MeshApp, at, deployment, names } from '../support/mesh-app';

const PORTS = {
  tcp: Port.tcp(6379, { name: 'redis' }),
  tls: Port.tls(8443, { name: 'bus' }),
  https: Port.https(443),
  http: Port.http(80),
};
const HOST = 'cache.shop.svc.cluster.local';

function released(ports: readonly Port[], weightPercent = 20, canary = false): MeshApp {
  const app = new MeshApp();
  const version = (name: string) =>
    Workload.of(
      deployment(app.chart, `cache-${name}`, {
        labels: { app: 'cache', version: name },
        ports: ports.map(({ containerPort }) => containerPort),
      }),
    );
  const retries = ports.some((port) => port.carriesRequests) ? { retries: Retries.off() } : {};
  new CanaryRelease(app.chart, 'Release', {
    service: app.service('cache', { ports: [...ports], workload: version('v1'), ...retries }),
    stable: { version: 'v1' },
    candidate: { version: 'v2', workload: version('v2'), weightPercent },
    ...(canary ? { candidateWhen: [HttpMatch.allOf({ headers: [HeaderMatch.exact('x-canary', '1')] })] } : {}),
  });
  expect(schemaProblems(synthesize(app.chart))).toEqual([]);
  return app;
}

function shares(number: number) {
  return [
    { destination: { host: HOST, port: { number }, subset: 'v1' }, weight: 80 },
    { destination: { host: HOST, port: { number }, subset: 'v2' }, weight: 20 },
  ];
}

test('connections of a service without requests follow the shares', () => {
  const app = released([PORTS.tcp]);
  expect(at(app.find('DestinationRule', 'cache'), 'spec', 'subsets')).toHaveLength(2);
  expect(Yaml.stringify(app.find('VirtualService', 'cache'))).toMatchSnapshot();
});

test.each(['tls', 'https'] as const)('connections of a port with %s follow the shares by server name', (protocol) => {
  const { servicePort } = PORTS[protocol];
  expect(released([PORTS[protocol]]).find('VirtualService', 'cache').spec).toEqual({
    hosts: [HOST],
    tls: [{ match: [{ port: servicePort, sniHosts: [HOST] }], route: shares(servicePort) }],
  });
});

test('every port of a service follows the shares, whatever it carries', () => {
  const spec = released(Object.values(PORTS), 20, true).find('VirtualService', 'cache').spec;
  expect(spec).toMatchObject({
    http: [{ route: [{ destination: { subset: 'v2' } }] }, { route: shares(80) }],
    tcp: [{ match: [{ port: 6379 }], route: shares(6379) }],
    tls: [
      { match: [{ port: 443, sniHosts: [HOST] }], route: shares(443) },
      { match: [{ port: 8443, sniHosts: [HOST] }], route: shares(8443) },
    ],
  });
});

test.each([
  [0, 'v1'],
  [100, 'v2'],
])('with a share of %i percent, all connections go to %s, since proxies refuse a weight of 0', (percent, subset) => {
  const app = released([PORTS.tcp], percent);
  expect(at(app.find('VirtualService', 'cache'), 'spec', 'tcp')).toMatchObject([
    { route: [{ destination: { host: HOST, port: { number: 6379 }, subset } }] },
  ]);
  expect(JSON.stringify(app.find('VirtualService', 'cache'))).not.toContain('weight');
});

test('a release that is ending sends connections to all pods', () => {
  const app = new MeshApp();
  const ports = [PORTS.tcp, PORTS.tls];
  const numbers = ports.map(({ containerPort }) => containerPort);
  const workload = Workload.of(
    deployment(app.chart, 'cache', { labels: { app: 'cache', version: 'v1' }, ports: numbers }),
  );
  const service = app.service('cache', { ports, workload });
  new CanaryRelease(app.chart, 'Release', { service, stable: { version: 'v1' }, ending: true });
  expect(schemaProblems(synthesize(app.chart))).toEqual([]);
  expect(app.find('VirtualService', 'cache').spec).toMatchObject({
    tcp: [{ match: [{ port: 6379 }], route: [{ destination: { host: HOST, port: { number: 6379 } } }] }],
    tls: [{ match: [{ sniHosts: [HOST] }], route: [{ destination: { host: HOST, port: { number: 8443 } } }] }],
  });
  expect(JSON.stringify(app.find('VirtualService', 'cache'))).not.toContain('subset');
  expect(at(app.find('DestinationRule', 'cache'), 'spec', 'subsets')).toMatchObject([{ name: 'v1' }]);
});

test('without a release, a service without requests has no VirtualService, and TCP ports beside requests no routes', () => {
  const app = new MeshApp();
  app.service('cache', { ports: [Port.tcp(6379, { containerPort: 8080 })] });
  app.service('web', {
    workload: Workload.of(deployment(app.chart, 'web', { ports: [8080, 90] })),
    ports: [Port.http(80, { containerPort: 8080 }), Port.tcp(90)],
  });
  expect(names(app.objects()).filter((name) => name.startsWith('VirtualService'))).toEqual(['VirtualService web']);
  expect(at(app.find('VirtualService', 'web'), 'spec', 'tcp')).toBeUndefined();
});

test('the DestinationRule that defines the versions stands before the routes that name them', () => {
  const found = names(released([PORTS.tcp]).objects());
  expect(found.indexOf('DestinationRule cache')).toBeLessThan(found.indexOf('VirtualService cache'));
  expect(found.indexOf('DestinationRule cache')).toBeGreaterThan(-1);
});
