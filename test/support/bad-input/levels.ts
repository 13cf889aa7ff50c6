import { Duration } from 'cdk8s';
import type { MeshedService, ScopedResilienceOptions } from '../../../lib';
import {
  CanaryRelease,
  ConnectionPool,
  HeaderMatch,
  HttpMatch,
  LoadBalancing,
  MeshedNamespace,
  OutlierDetection,
  PathMatch,
  Peer,
  Port,
  RateLimit,
  Retries,
  RetryBudget,
  Timeout,
  Workload,
} from '../../../lib';
import { Code } from '../../../lib/errors';
import { MeshApp, deployment } from '../mesh-app';
import type { Provocation } from './provocation';

const POOL = { connectionPool: ConnectionPool.of({ maxConnections: 7 }) };
const seconds = (count: number) => ({ timeout: Timeout.of(Duration.seconds(count)) });

interface Scene {
  readonly app: MeshApp;
  readonly cart: MeshedService;
  readonly web: MeshedService;
}

/** A service `cart` with three ports and versions `v1` and `v2`, which share its requests. */
function scene(version?: string): Scene {
  const app = new MeshApp(version === undefined ? {} : { version });
  const workload = (name: string, replicas?: number) =>
    Workload.of(
      deployment(app.chart, `cart-${name}`, {
        labels: { app: 'cart', version: name },
        ports: [8080, 9000, 6379],
        ...(replicas === undefined ? {} : { replicas }),
      }),
    );
  const web = app.service('web');
  const cart = app.service('cart', {
    workload: workload('v1', 4),
    ports: [Port.http(80, { containerPort: 8080 }), Port.grpc(9000), Port.tcp(6379, { name: 'redis' })],
  });
  new CanaryRelease(app.chart, 'Release', {
    service: cart,
    stable: { version: 'v1' },
    candidate: { version: 'v2', workload: workload('v2', 4), weightPercent: 10 },
    candidateWhen: [HttpMatch.allOf({ headers: [HeaderMatch.exact('x-canary', 'true')] })],
  });
  return { app, cart, web };
}

/** The objects of the service with these levels. */
function synth(levels: (scene: Scene) => readonly ScopedResilienceOptions[], version?: string): unknown {
  const made = scene(version);
  levels(made).forEach((level) => made.cart.addResilience(level));
  return made.app.objects();
}

const refused = (
  input: string,
  value: string,
  levels: (scene: Scene) => readonly ScopedResilienceOptions[],
): Provocation => ({ input, code: Code.RESILIENCE, value, provoke: () => synth(levels) });

export const LEVELS: readonly Provocation[] = [
  {
    input: 'protections for a list of no callers, which would be ones for all',
    code: Code.RESILIENCE,
    value: 'callers',
    provoke: () =>
      new MeshApp().service('cart').addResilience({ ports: ['http'], callers: [], timeout: Timeout.off() }),
  },
  refused('a level for every call', 'shop/cart', () => [POOL]),
  refused('a level that says nothing', 'shop/cart', () => [{ ports: ['http'] }]),
  refused('a level for no port', 'ports', () => [{ ports: [], ...POOL }]),
  refused('a level for a version that does not run', 'v3', () => [{ version: 'v3', ...POOL }]),
  refused('a timeout on a port of connections', 'timeout', () => [{ ports: ['redis'], ...seconds(3) }]),
  refused('retries on a port of connections beside another one', 'redis', () => [
    { ports: ['http', 'redis'], retries: Retries.off() },
  ]),
  refused('a hash by header on a port of connections', 'header', () => [
    { ports: ['redis'], loadBalancing: LoadBalancing.consistentHash({ header: 'x-user' }) },
  ]),
  refused('a limit of what one caller sends', 'rateLimit', ({ web }) => [
    { callers: [web], rateLimit: RateLimit.perPod({ requests: 1, per: Duration.seconds(1) }) },
  ]),
  refused('two values for one port', '7', () => [
    { ports: ['http'], ...POOL },
    { ports: ['grpc', 'http'], connectionPool: ConnectionPool.of({ maxConnections: 8, maxRequests: 9 }) },
  ]),
  refused('a pool that is off and has a limit', 'off', () => [
    { version: 'v2', connectionPool: ConnectionPool.off() },
    { version: 'v2', ...POOL },
  ]),
  refused('two timeouts for one caller', '4s', ({ web }) => [
    { callers: [web, Peer.namespace('ops')], ...seconds(4) },
    { callers: [web], ...seconds(5) },
  ]),
  refused('callers of whom a pod may be both', 'shop/web', ({ web }) => [
    { callers: [web], ...POOL },
    { callers: [Peer.serviceAccount('shop', 'robot', { podLabels: { app: 'robot' } })], ...POOL },
  ]),
  refused('versions that share requests and differ in their timeout', 'timeout', () => [
    { version: 'v2', ...seconds(3) },
  ]),
  refused('tries at a port that do not fit into the timeout of a caller', 'shop/web', ({ web }) => [
    { ports: ['http'], retries: Retries.of({ attempts: 1, perTryTimeout: Duration.seconds(5) }) },
    { callers: [web], ...seconds(6) },
  ]),
  refused('ejection at a port that ejects none of the replicas', '20', () => [
    { ports: ['grpc'], outlierDetection: OutlierDetection.of({ maxEjectionPercent: 20 }) },
  ]),
  {
    input: 'tries of a route that do not fit into the timeout of a port',
    code: Code.RESILIENCE,
    value: 'all',
    provoke: () => {
      const { app, cart } = scene();
      cart.addResilience({ ports: ['http'], ...seconds(4) });
      cart.addRoute({
        name: 'all',
        matches: [HttpMatch.allOf({ path: PathMatch.prefix('/a') })],
        retries: Retries.of({ attempts: 1, perTryTimeout: Duration.seconds(3) }),
      });
      return app.objects();
    },
  },
  {
    input: 'different limits on one container port',
    code: Code.RESILIENCE,
    value: '8080',
    provoke: () => {
      const app = new MeshApp();
      const ports = [Port.http(80, { containerPort: 8080 }), Port.http(81, { name: 'alt', containerPort: 8080 })];
      app
        .service('cart', { ports })
        .addResilience({ ports: ['alt'], rateLimit: RateLimit.perPod({ requests: 1, per: Duration.seconds(1) }) });
      return app.objects();
    },
  },
  {
    input: 'a level for a port that is not there',
    code: Code.PORT_UNKNOWN,
    value: 'htttp',
    provoke: () => synth(() => [{ ports: ['htttp'], ...POOL }]),
  },
  {
    input: 'a level for the ingress gateway, where callers are unknown',
    code: Code.MATCH,
    value: 'ingressGateway',
    provoke: () => synth(() => [{ callers: [Peer.ingressGateway()], ...POOL }]),
  },
  {
    input: 'a level for a caller of another mesh',
    code: Code.GRANT,
    value: 'shop/api',
    provoke: () => synth(() => [{ callers: [new MeshApp().service('api')], ...POOL }]),
  },
  {
    input: 'a retry budget in a subset where the installed Istio loses it',
    code: Code.UNSUPPORTED,
    value: 'v2',
    provoke: () => synth(() => [{ version: 'v2', ...POOL }], '1.29.1'),
  },
  {
    input: 'an option of a level that the installed Istio does not have',
    code: Code.UNSUPPORTED,
    value: 'warmup',
    provoke: () => {
      const app = new MeshApp({ version: '1.23.0', defaults: { retryBudget: RetryBudget.off() } });
      const loadBalancing = LoadBalancing.roundRobin({ warmup: Duration.seconds(9) });
      app.service('cart').addResilience({ ports: ['http'], loadBalancing });
      return app.objects();
    },
  },
  {
    input: 'protections of a namespace that cannot hold together',
    code: Code.RESILIENCE,
    value: 'old/cart',
    provoke: () => {
      const app = new MeshApp({ defaults: { retries: Retries.of({ perTryTimeout: Duration.seconds(5) }) } });
      const namespace = new MeshedNamespace(app.chart, 'Old', { name: 'old', resilience: seconds(6) });
      return app.service('cart', { namespace });
    },
  },
  {
    input: 'the settings of a route that is not there',
    code: Code.ROUTE,
    value: 'al',
    provoke: () => new MeshApp().service('cart').explainResilience({ route: 'al' }),
  },
  {
    input: 'the settings of a port that is not there',
    code: Code.PORT_UNKNOWN,
    value: 'grpc',
    provoke: () => new MeshApp().service('cart').explainResilience({ port: 'grpc' }),
  },
];
