import { Duration } from 'cdk8s';
import type { RetriesOptions } from '../../../lib';
import {
  CanaryRelease,
  ConnectionPool,
  ExternalHost,
  HeaderMatch,
  HttpMatch,
  MeshedNamespace,
  Mirror,
  Operation,
  OutlierDetection,
  PathMatch,
  Port,
  RateLimit,
  Retries,
  RetryBudget,
  RetryCondition,
  Timeout,
  Workload,
} from '../../../lib';
import { Code } from '../../../lib/errors';
import { MeshApp, deployment } from '../mesh-app';
import type { Provocation } from './provocation';
import { untyped } from './provocation';

const ZERO = Duration.seconds(0);
const UNAVAILABLE = Retries.of({ conditions: [RetryCondition.SERVICE_UNAVAILABLE] });

const PUT = Operation.http({ methods: ['PUT'] });

function repeating(operation: Operation, conditions?: readonly (keyof typeof RetryCondition)[]): Retries {
  return Retries.of({
    repeatUnsafe: [operation],
    ...(conditions === undefined ? {} : { conditions: conditions.map((name) => RetryCondition[name]) }),
  });
}

function cart(options: Parameters<MeshApp['service']>[1]) {
  return new MeshApp().service('cart', options);
}

export const RESILIENCE: readonly Provocation[] = [
  ...(
    [
      ['timeout', () => Timeout.of(ZERO)],
      ['try', () => Retries.of({ perTryTimeout: ZERO })],
      ['TCP handshake', () => ConnectionPool.of({ connectTimeout: ZERO })],
      ['idle time', () => ConnectionPool.of({ idleTimeout: ZERO })],
      ['interval of ejection', () => OutlierDetection.of({ interval: ZERO })],
      ['first ejection', () => OutlierDetection.of({ baseEjectionTime: ZERO })],
      ['back-off', () => Retries.of({ backoff: ZERO })],
      ['idle time of connections', () => ConnectionPool.of({ tcpIdleTimeout: ZERO })],
      ['rate limit', () => RateLimit.perPod({ requests: 1, per: ZERO })],
    ] satisfies [string, () => unknown][]
  ).map(([what, provoke]) => ({
    input: `a duration of zero for the ${what}`,
    code: Code.DURATION,
    value: '0',
    provoke,
  })),
  ...(
    [
      ['no attempts', '0', () => Retries.of({ attempts: 0 })],
      ['conditions with no attempts', '0', () => Retries.of({ attempts: 0, conditions: [RetryCondition.BAD_GATEWAY] })],
      ['half an attempt', '0.5', () => Retries.of({ attempts: 0.5 })],
      ['no conditions of retries', 'conditions', () => Retries.of({ conditions: [] })],
      ['a retry budget above all requests', '101', () => RetryBudget.of({ percent: 101 })],
      ['a retry budget below nothing', '-1', () => RetryBudget.of({ minRetryConcurrency: -1 })],
      ['a pool without connections', '0', () => ConnectionPool.of({ maxConnections: 0 })],
      ['a pool beyond 32 bits', '2147483648', () => ConnectionPool.of({ maxRequests: 2147483648 })],
      ['ejection after no error', '0', () => OutlierDetection.of({ consecutive5xxErrors: 0 })],
      ['ejection of nothing', '0', () => OutlierDetection.of({ maxEjectionPercent: 0 })],
      ['ejection of more than all', '101', () => OutlierDetection.of({ maxEjectionPercent: 101 })],
      ['health of more than all', '101', () => OutlierDetection.of({ minHealthPercent: 101 })],
      ['an error rate above all answers', '101', () => OutlierDetection.of({ errorRatePercent: 101 })],
      ['a rate limit of no requests', '0', () => RateLimit.perPod({ requests: 0, per: Duration.seconds(1) })],
      ['a rate limit of half a request', '0.5', () => RateLimit.perPod({ requests: 0.5, per: Duration.seconds(1) })],
      ['a burst below the rate', '9', () => RateLimit.perPod({ requests: 10, per: Duration.seconds(1), burst: 9 })],
    ] satisfies [string, string, () => unknown][]
  ).map(([input, value, provoke]) => ({ input, code: Code.RESILIENCE, value, provoke })),
  {
    input: 'a rate limit that is refilled faster than proxies refill',
    code: Code.DURATION,
    value: '49',
    provoke: () => RateLimit.perPod({ requests: 1, per: Duration.millis(49) }),
  },
  {
    input: 'a rate limit where the mesh sees no requests',
    code: Code.RESILIENCE,
    value: 'rateLimit',
    provoke: () =>
      new MeshApp().service('cart', {
        ports: [Port.tcp(6379)],
        rateLimit: RateLimit.perPod({ requests: 1, per: Duration.seconds(1) }),
      }),
  },
  {
    input: 'a limit on streams where nothing may stay open',
    code: Code.RESILIENCE,
    value: 'streamIdleTimeout',
    provoke: () => new MeshApp().service('cart', { streamIdleTimeout: Timeout.of(Duration.minutes(5)) }),
  },
  {
    input: 'a limit on streams to what is outside of the mesh',
    code: Code.RESILIENCE,
    value: 'streamIdleTimeout',
    provoke: () =>
      new ExternalHost(new MeshApp().chart, 'Stripe', {
        host: 'api.stripe.com',
        ports: [Port.http(80, { streaming: true })],
        streamIdleTimeout: Timeout.of(Duration.minutes(5)),
      }),
  },
  {
    input: 'silence that the other side does not bear',
    code: Code.UNSUPPORTED,
    value: 'shop/redis',
    provoke: () =>
      new MeshApp().service('redis', {
        ports: [Port.tcp(6379)],
        connectionPool: ConnectionPool.of({ tcpIdleTimeout: Duration.minutes(61) }),
      }),
  },
  {
    input: 'a back-off that lasts as long as the request',
    code: Code.RESILIENCE,
    value: '4000',
    provoke: () =>
      new MeshApp().service('cart', {
        timeout: Timeout.of(Duration.seconds(4)),
        retries: Retries.of({ backoff: Duration.seconds(4) }),
      }),
  },
  ...(
    [
      ['a back-off', 'retries.backoff', { backoff: Duration.millis(100) }],
      ['a choice of other endpoints', 'retries.retryIgnorePreviousHosts', { otherEndpoint: true }],
    ] satisfies [string, string, RetriesOptions][]
  ).flatMap(([what, field, options]) => {
    const old = () => new MeshApp({ version: '1.25.5', defaults: { retryBudget: RetryBudget.off() } });
    return [
      {
        input: `${what} of a service that the installed version does not have`,
        code: Code.UNSUPPORTED,
        value: field,
        provoke: () => old().service('cart', { retries: Retries.of(options) }),
      },
      {
        input: `${what} of a route that the installed version does not have`,
        code: Code.UNSUPPORTED,
        value: 'slow',
        provoke: () => {
          old()
            .service('cart')
            .addRoute({
              name: 'slow',
              matches: [HttpMatch.allOf({ methods: ['GET'] })],
              retries: Retries.of(options),
            });
        },
      },
    ];
  }),
  {
    input: 'a rate limit of what is outside of the mesh',
    code: Code.RESILIENCE,
    value: 'rateLimit',
    provoke: () =>
      new ExternalHost(new MeshApp().chart, 'Stripe', {
        host: 'api.stripe.com',
        ports: [Port.http(80)],
        rateLimit: RateLimit.perPod({ requests: 1, per: Duration.seconds(1) }),
      }),
  },
  {
    input: 'a try that may take longer than its request',
    code: Code.RESILIENCE,
    value: 'shop/cart',
    provoke: () =>
      new MeshApp().service('cart', {
        timeout: Timeout.of(Duration.seconds(2)),
        retries: Retries.of({ perTryTimeout: Duration.seconds(3) }),
      }),
  },
  {
    input: 'ejection that ejects none of the replicas',
    code: Code.RESILIENCE,
    value: '30',
    provoke: () => {
      const app = new MeshApp();
      app.service('cart', {
        workload: Workload.of(deployment(app.chart, 'cart', { replicas: 3 })),
        outlierDetection: OutlierDetection.of({ maxEjectionPercent: 30 }),
      });
      return app.objects();
    },
  },
  {
    input: 'a condition of retries that there is not',
    code: Code.RESILIENCE,
    value: '5xx',
    provoke: () => Retries.of({ conditions: untyped(['5xx']) }),
  },
  {
    input: 'retries of gRPC after which nothing is ever repeated',
    code: Code.RESILIENCE,
    value: '503',
    provoke: () => new MeshApp().service('cart', { ports: [Port.grpc(9000)], retries: UNAVAILABLE }),
  },
  {
    input: 'retries of writing methods after which nothing is ever repeated',
    code: Code.RESILIENCE,
    value: '503',
    provoke: () =>
      new MeshApp()
        .service('cart')
        .addRoute({ name: 'write', matches: [HttpMatch.allOf({ methods: ['POST', 'PUT'] })], retries: UNAVAILABLE }),
  },
  ...(
    [
      ['a safe method as unsafe', 'GET', () => repeating(Operation.http({ methods: ['GET'] }))],
      [
        'every method of a path as unsafe',
        'methods',
        () => repeating(Operation.http({ paths: [PathMatch.exact('/a')] })),
      ],
      ['what it repeats anyway', 'connect-failure', () => cart({ retries: repeating(PUT, ['CONNECT_FAILURE']) })],
      ['calls of gRPC without a port of gRPC', 'a.B/C', () => cart({ retries: repeating(Operation.grpc('a.B', 'C')) })],
      ['methods without a port of HTTP', 'PUT', () => cart({ ports: [Port.grpc(9000)], retries: repeating(PUT) })],
      [
        'calls of gRPC on a status that gRPC does not have',
        'a.B/C',
        () => cart({ ports: [Port.grpc(9000)], retries: repeating(Operation.grpc('a.B', 'C'), ['BAD_GATEWAY']) }),
      ],
      [
        'unsafe operations in the whole mesh',
        'repeatUnsafe',
        () => new MeshApp({ defaults: { retries: repeating(PUT) } }),
      ],
      [
        'unsafe operations in a whole namespace',
        'legacy',
        () =>
          new MeshedNamespace(new MeshApp().chart, 'Legacy', {
            name: 'legacy',
            resilience: { retries: repeating(PUT) },
          }),
      ],
      [
        'unsafe operations that its route does not match',
        'PUT',
        () => {
          const matches = [HttpMatch.allOf({ methods: ['POST', 'GET'] })];
          cart({}).addRoute({ name: 'write', matches, retries: repeating(PUT) });
        },
      ],
      [
        'unsafe operations of a port, on conditions of its service after which everything is repeated',
        'connect-failure',
        () => {
          const app = new MeshApp();
          const conditions = [RetryCondition.CONNECT_FAILURE];
          const service = app.service('cart', { retries: Retries.of({ conditions }) });
          service.addResilience({ ports: ['http'], retries: repeating(PUT) });
          app.objects();
        },
      ],
    ] satisfies [string, string, () => unknown][]
  ).map(([what, value, provoke]) => ({ input: `retries that name ${what}`, code: Code.RESILIENCE, value, provoke })),
  {
    input: 'the value of a cookie that ends it',
    code: Code.MATCH,
    value: 'a;b',
    provoke: () => HeaderMatch.cookie('group', 'a;b'),
  },
  {
    input: 'a timeout for a version that gets copies only',
    code: Code.RESILIENCE,
    value: 'v2',
    provoke: () => {
      const app = new MeshApp();
      const version = (name: string) =>
        Workload.of(deployment(app.chart, `cart-${name}`, { labels: { app: 'cart', version: name } }));
      const cart = app.service('cart', { workload: version('v1') });
      const mirror = Mirror.toVersion({ version: 'v2', workload: version('v2'), percent: 10 });
      new CanaryRelease(app.chart, 'Release', { service: cart, stable: { version: 'v1' }, mirror });
      cart.addResilience({ version: 'v2', timeout: Timeout.of(Duration.seconds(1)) });
      return app.objects();
    },
  },
  {
    input: 'proxy resources that are no quantity',
    code: Code.QUANTITY,
    value: '100 m',
    provoke: () => new MeshApp().service('cart', { proxy: { cpuRequest: '100 m' } }),
  },
  {
    input: 'a proxy without worker threads',
    code: Code.RESILIENCE,
    value: '0',
    provoke: () => new MeshApp().service('cart', { proxy: { concurrency: 0 } }),
  },
];
