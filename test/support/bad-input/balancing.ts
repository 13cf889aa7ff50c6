import { Duration } from 'cdk8s';
import type { ResilienceOptions } from '../../../lib';
import { ExternalService, LoadBalancing, Locality, OutlierDetection, Port } from '../../../lib';
import { Code } from '../../../lib/errors';
import { MeshApp } from '../mesh-app';
import type { Provocation } from './provocation';

const FAILOVER = Locality.failover([{ region: 'eu', failoverTo: 'us' }]);
const BY_HEADER = LoadBalancing.consistentHash({ header: 'x-user' });

export const BALANCING: readonly Provocation[] = [
  ...(
    [
      ['a hash with two keys', 'header x', () => LoadBalancing.consistentHash({ header: 'x', cookie: 'c' })],
      ['the name of a cookie with a space', 'cookie a b', () => LoadBalancing.consistentHash({ cookie: 'a b' })],
      [
        'the life of a cookie that is not asked for',
        'header x',
        () => LoadBalancing.consistentHash({ header: 'x', cookieTtl: Duration.hours(1) }),
      ],
      ['a maglev table that is no prime', '9', () => LoadBalancing.consistentHash({ header: 'x', maglevTableSize: 9 })],
      ['failover to its own region', 'eu', () => Locality.failover([{ region: 'eu', failoverTo: 'eu' }])],
      [
        'failover to two regions',
        'eu',
        () =>
          Locality.failover([
            { region: 'eu', failoverTo: 'us' },
            { region: 'eu', failoverTo: 'asia' },
          ]),
      ],
    ] satisfies [string, string, () => unknown][]
  ).map(([input, value, provoke]) => ({ input, code: Code.RESILIENCE, value, provoke })),
  {
    input: 'shares of places that do not add up',
    code: Code.WEIGHT,
    value: '90',
    provoke: () => Locality.distribute([{ source: 'eu/a', shares: { 'eu/a': 80, 'eu/b': 10 } }]),
  },
  ...(
    [
      [
        'a locality without outlier detection',
        'locality',
        { locality: FAILOVER, outlierDetection: OutlierDetection.off() },
      ],
      ['a header that keeps connections together', 'header', { loadBalancing: BY_HEADER, ports: [Port.tcp(8080)] }],
    ] satisfies [string, string, ResilienceOptions & { ports?: Port[] }][]
  ).map(([input, value, options]) => ({
    input,
    code: Code.RESILIENCE,
    value,
    provoke: () => new MeshApp().service('cart', options),
  })),
  {
    input: 'load balancing where callers choose the address',
    code: Code.RESILIENCE,
    value: 'loadBalancing',
    provoke: () =>
      new ExternalService(new MeshApp().chart, 'Db', {
        name: 'db',
        addresses: ['10.0.0.7'],
        ports: [Port.tcp(5432)],
        loadBalancing: LoadBalancing.random(),
      }),
  },
  {
    input: 'ejection by an error rate, which no Istio has',
    code: Code.UNSUPPORTED,
    value: 'shop/cart',
    provoke: () => new MeshApp().service('cart', { outlierDetection: OutlierDetection.of({ errorRatePercent: 50 }) }),
  },
  {
    input: 'a warm-up that the installed version does not have',
    code: Code.UNSUPPORTED,
    value: 'warmup',
    provoke: () =>
      new MeshApp({ version: '1.23.0', defaults: {} }).service('cart', {
        ports: [Port.tcp(6379, { containerPort: 8080 })],
        loadBalancing: LoadBalancing.roundRobin({ warmup: Duration.seconds(30) }),
      }),
  },
];
