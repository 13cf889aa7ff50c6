// Every way to route, to release and to protect a service, one small service for each.
import { App, Chart, Duration } from 'cdk8s';
import {
  CanaryRelease,
  ConnectionMatch,
  ConnectionPool,
  Environment,
  GrpcStatus,
  HeaderMatch,
  HttpMatch,
  IdDigits,
  IstioMesh,
  LoadBalancing,
  Locality,
  Mesh,
  MeshedService,
  type MeshedServiceProps,
  Mirror,
  Operation,
  OutlierDetection,
  PathMatch,
  Port,
  QueryMatch,
  RateLimit,
  Retries,
  RetryCondition,
  RouteAction,
  Share,
  Timeout,
  UserKey,
  ZeroTrustNamespace,
} from 'cdk8s-mesh';
import { deployment } from './deployment';

const app = new App();
Mesh.use(app, new IstioMesh({ version: '1.30.3' }), { environment: Environment.OTHER });
const chart = new Chart(app, 'traffic', { namespace: 'traffic' });
new ZeroTrustNamespace(chart, 'Namespace', { name: 'traffic' });

const http = [Port.http(80, { containerPort: 8080 })];
const grpc = [Port.grpc(9090, { containerPort: 8080 })];

const web = new MeshedService(chart, 'Web', { name: 'web', workload: deployment(chart, 'web', 'v1'), ports: http });
const batch = new MeshedService(chart, 'Batch', {
  name: 'batch',
  workload: deployment(chart, 'batch', 'v1'),
  ports: http,
});

type Settings = Omit<MeshedServiceProps, 'name' | 'workload'>;

/** A service that both clients may call. */
function service(name: string, settings: Settings): MeshedService {
  const made = new MeshedService(chart, name, { name, workload: deployment(chart, name, 'v1'), ...settings });
  made.access.allowFrom(web);
  made.access.allowFrom(batch);
  return made;
}

// Routing.
const catalog = service('catalog', { ports: http });
const search = service('search', { ports: http });
catalog.addRoute({
  name: 'search',
  matches: [HttpMatch.allOf({ path: PathMatch.exact('/search'), callers: [web] })],
  action: RouteAction.forward({ service: search, rewritePath: '/v2/query' }),
});
catalog.addRoute({
  name: 'images',
  matches: [HttpMatch.allOf({ path: PathMatch.prefix('/images') })],
  action: RouteAction.forward({ rewritePath: '/static/images', rewriteHost: 'images.example.com' }),
});
catalog.addRoute({
  name: 'items',
  matches: [HttpMatch.allOf({ path: PathMatch.regex('/items/[0-9]+') })],
  requestHeaders: { set: { 'x-kind': '100%' }, remove: ['x-debug'] },
  responseHeaders: { add: { 'cache-control': 'no-store' } },
});
catalog.addRoute({
  name: 'preview',
  matches: [HttpMatch.allOf({ path: PathMatch.exact('/offers'), query: [QueryMatch.exact('preview', 'yes')] })],
  action: RouteAction.respond(403, 'not yet'),
});
catalog.addRoute({
  name: 'old',
  matches: [HttpMatch.allOf({ path: PathMatch.exact('/old') })],
  action: RouteAction.redirect({ status: 302, path: '/new' }),
});
catalog.addRoute({
  name: 'reports',
  matches: [HttpMatch.allOf({ path: PathMatch.prefix('/reports'), methods: ['GET'] })],
  timeout: Timeout.of(Duration.seconds(1)),
});
catalog.addRoute({
  name: 'prices',
  matches: [HttpMatch.allOf({ path: PathMatch.exact('/prices') })],
  cors: { origins: ['https://shop.example.com'], methods: ['GET'], maxAge: Duration.minutes(10) },
});

const tables = [Port.tcp(5432, { containerPort: 8080 }), Port.tls(5443, { containerPort: 8443 })];
const accounts = service('accounts', { ports: tables });
const accountsCopy = service('accounts-copy', { ports: tables });
accounts.addConnectionRoute({
  name: 'batch',
  ports: ['tcp'],
  matches: [ConnectionMatch.allOf({ callers: [batch] })],
  action: RouteAction.forward({ service: accountsCopy, port: 'tcp' }),
});
accounts.addConnectionRoute({
  name: 'copy',
  ports: ['tls'],
  matches: [ConnectionMatch.allOf({ serverNames: ['copy.accounts.example.com'] })],
  action: RouteAction.forward({ service: accountsCopy, port: 'tls' }),
});

// Faults, for testers only.
const ratings = service('ratings', { ports: http });
ratings.addRoute({
  name: 'slow',
  matches: [HttpMatch.allOf({ headers: [HeaderMatch.exact('end-user', 'jason')] })],
  fault: { delay: { duration: Duration.seconds(2) } },
});
ratings.addRoute({
  name: 'broken',
  matches: [HttpMatch.allOf({ headers: [HeaderMatch.cookie('group', 'testers')] })],
  fault: { abort: { httpStatus: 503, percent: 50 } },
});
const stock = service('stock', { ports: grpc });
stock.addRoute({
  name: 'broken',
  matches: [HttpMatch.allOf({ headers: [HeaderMatch.exact('x-test', 'yes')] })],
  fault: { abort: { grpcStatus: GrpcStatus.UNAVAILABLE } },
});

// Releases.
const users = service('users', { ports: http });
new CanaryRelease(chart, 'UsersRelease', {
  service: users,
  stable: { version: 'v1' },
  candidate: { version: 'v2', workload: deployment(chart, 'users', 'v2'), weightPercent: 30 },
  candidateWhen: [HttpMatch.allOf({ headers: [HeaderMatch.cookie('beta', 'yes')] })],
  share: Share.users(UserKey.header('x-user-id', IdDigits.DECIMAL)),
});
const orders = service('orders', { ports: http });
new CanaryRelease(chart, 'OrdersRelease', {
  service: orders,
  stable: { version: 'v1' },
  candidate: { version: 'v2', workload: deployment(chart, 'orders', 'v2'), weightPercent: 20 },
  furtherCandidates: [{ version: 'v3', workload: deployment(chart, 'orders', 'v3'), weightPercent: 30 }],
});
const audit = service('audit', { ports: http });
new CanaryRelease(chart, 'AuditRelease', {
  service: audit,
  stable: { version: 'v1' },
  mirror: Mirror.toVersion({ version: 'v2', workload: deployment(chart, 'audit', 'v2'), percent: 25 }),
});
const queue = service('queue', {
  ports: [Port.tcp(5000, { containerPort: 8080 }), Port.tls(5443, { containerPort: 8443 })],
});
new CanaryRelease(chart, 'QueueRelease', {
  service: queue,
  stable: { version: 'v1' },
  candidate: { version: 'v2', workload: deployment(chart, 'queue', 'v2'), weightPercent: 20 },
});

// Resilience.
service('limited', { ports: http, rateLimit: RateLimit.perPod({ requests: 5, per: Duration.minutes(1) }) });
service('limited-calls', { ports: grpc, rateLimit: RateLimit.perPod({ requests: 5, per: Duration.minutes(1) }) });
service('patient', {
  ports: http,
  timeout: Timeout.of(Duration.seconds(30)),
  retries: Retries.of({
    attempts: 3,
    conditions: [RetryCondition.CONNECT_FAILURE, RetryCondition.SERVICE_UNAVAILABLE],
    backoff: Duration.seconds(2),
  }),
});
service('ledger', {
  ports: [...http, Port.grpc(9090, { containerPort: 8443 })],
  // An entry is known again by its number, and a report by its day.
  retries: Retries.of({
    repeatUnsafe: [
      Operation.http({ methods: ['PUT'], paths: [PathMatch.prefix('/entries')] }),
      Operation.grpc('ledger.Reports', 'Close'),
    ],
  }),
});
service('narrow', {
  ports: http,
  connectionPool: ConnectionPool.of({ maxConnections: 1, maxPendingRequests: 1 }),
});
service('sticky', { ports: http, loadBalancing: LoadBalancing.consistentHash({ header: 'x-session' }) });
service('stickier', {
  ports: http,
  loadBalancing: LoadBalancing.consistentHash({
    cookie: 'session',
    cookieTtl: Duration.hours(1),
    maglevTableSize: 65537,
  }),
});
service('near', {
  ports: http,
  outlierDetection: OutlierDetection.of({ consecutive5xxErrors: 1, maxEjectionPercent: 100 }),
  locality: Locality.failover([{ region: 'eu', failoverTo: 'us' }]),
});
service('spread', {
  ports: http,
  locality: Locality.distribute([{ source: 'eu/*', shares: { 'eu/*': 80, 'us/*': 20 } }]),
});

// Levels: a port is waited for longer, a caller less and one request at a time.
const tiered = service('tiered', {
  ports: [...http, Port.http(81, { name: 'reports', containerPort: 8443 })],
  timeout: Timeout.of(Duration.seconds(2)),
});
tiered.addResilience({ ports: ['reports'], timeout: Timeout.of(Duration.seconds(4)) });
tiered.addResilience({
  callers: [batch],
  timeout: Timeout.of(Duration.seconds(1)),
  connectionPool: ConnectionPool.of({ maxConnections: 1, maxPendingRequests: 1 }),
});

app.synth();
