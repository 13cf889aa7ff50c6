import { Duration } from 'cdk8s';
import {
  ConnectionPool,
  ExternalHost,
  LoadBalancing,
  Locality,
  OutlierDetection,
  Port,
  RetryBudget,
} from '../../../lib';
import type { MeshedServiceProps } from '../../../lib';
import { validateObjects } from '../../../lib/schemas';
import { MeshApp } from '../../support/mesh-app';

/** The trafficPolicy of a service with these options, which the API server would take. */
function policyOf(props: Partial<MeshedServiceProps>): unknown {
  const app = new MeshApp();
  app.service('cart', props);
  expect(validateObjects(app.objects())).toEqual([]);
  return app.find('DestinationRule', 'cart').spec?.trafficPolicy;
}

test.each([
  [LoadBalancing.leastRequest(), { simple: 'LEAST_REQUEST' }],
  [LoadBalancing.random(), { simple: 'RANDOM' }],
  [LoadBalancing.roundRobin({ warmup: Duration.seconds(60) }), { simple: 'ROUND_ROBIN', warmup: { duration: '60s' } }],
  [LoadBalancing.consistentHash({ header: 'X-User' }), { consistentHash: { httpHeaderName: 'x-user' } }],
  [LoadBalancing.consistentHash({ queryParameter: 'id' }), { consistentHash: { httpQueryParameterName: 'id' } }],
  [LoadBalancing.consistentHash({ sourceIp: true }), { consistentHash: { useSourceIp: true } }],
  [
    LoadBalancing.consistentHash({ cookie: 'session', cookieTtl: Duration.hours(1), cookiePath: '/' }),
    { consistentHash: { httpCookie: { name: 'session', ttl: '3600s', path: '/' } } },
  ],
  [
    LoadBalancing.consistentHash({ cookie: 'session', maglevTableSize: 65537 }),
    { consistentHash: { httpCookie: { name: 'session', ttl: '0s' }, maglev: { tableSize: 65537 } } },
  ],
])('load balancing %# is written as Istio has it', (loadBalancing, written) => {
  expect(policyOf({ loadBalancing })).toHaveProperty('loadBalancer', written);
});

test('locality stands beside the way of balancing', () => {
  expect(policyOf({ locality: Locality.failover([{ region: 'eu', failoverTo: 'us' }]) })).toHaveProperty(
    'loadBalancer',
    {
      simple: 'LEAST_REQUEST',
      localityLbSetting: { enabled: true, failover: [{ from: 'eu', to: 'us' }] },
    },
  );
  expect(
    policyOf({ locality: Locality.distribute([{ source: 'eu/a/*', shares: { 'eu/a/*': 80, 'eu/b/*': 20 } }]) }),
  ).toHaveProperty('loadBalancer.localityLbSetting', {
    enabled: true,
    distribute: [{ from: 'eu/a/*', to: { 'eu/a/*': 80, 'eu/b/*': 20 } }],
  });
  expect(policyOf({ locality: Locality.off() })).toHaveProperty('loadBalancer.localityLbSetting', { enabled: false });
});

test('keep-alive, requests per connection and minimum health are written where they are asked for, and only there', () => {
  const policy = policyOf({
    connectionPool: ConnectionPool.of({
      keepAlive: { time: Duration.minutes(5), interval: Duration.seconds(30) },
      maxRequestsPerConnection: 1000,
    }),
    outlierDetection: OutlierDetection.of({ minHealthPercent: 40 }),
  });
  expect(policy).toHaveProperty('connectionPool.tcp.tcpKeepalive', { time: '300s', interval: '30s', probes: 3 });
  expect(policy).toHaveProperty('connectionPool.http.maxRequestsPerConnection', 1000);
  expect(policy).toHaveProperty('outlierDetection.minHealthPercent', 40);
  const plain = policyOf({});
  expect(plain).not.toHaveProperty('connectionPool.tcp.tcpKeepalive');
  expect(plain).not.toHaveProperty('connectionPool.http.maxRequestsPerConnection');
  expect(plain).not.toHaveProperty('outlierDetection.minHealthPercent');
});

test('what a service says replaces what the mesh says, also of another kind', () => {
  const app = new MeshApp({
    defaults: {
      loadBalancing: LoadBalancing.roundRobin({ warmup: Duration.seconds(60) }),
      locality: Locality.failover([{ region: 'eu', failoverTo: 'us' }]),
      retryBudget: RetryBudget.off(),
    },
  });
  app.service('cart', { loadBalancing: LoadBalancing.random(), locality: Locality.off() });
  app.service('frontend');
  const balancer = (name: string) => app.find('DestinationRule', name).spec?.trafficPolicy;
  expect(balancer('cart')).toHaveProperty('loadBalancer', { simple: 'RANDOM', localityLbSetting: { enabled: false } });
  expect(balancer('frontend')).toHaveProperty('loadBalancer.simple', 'ROUND_ROBIN');
  expect(balancer('frontend')).toHaveProperty('loadBalancer.localityLbSetting.failover', [{ from: 'eu', to: 'us' }]);
});

test('an external host is balanced as it is told', () => {
  const app = new MeshApp();
  new ExternalHost(app.chart, 'Api', {
    host: 'api.example.com',
    ports: [Port.https(443)],
    loadBalancing: LoadBalancing.random(),
  });
  expect(app.find('DestinationRule', 'api-example-com').spec).toHaveProperty('trafficPolicy.loadBalancer', {
    simple: 'RANDOM',
  });
});
