import { Chart, Duration } from 'cdk8s';
import type { MeshedService as Meshed } from '../../lib';
import {
  CanaryRelease,
  ConnectionPool,
  HeaderMatch,
  HttpMatch,
  IstioMesh,
  Mesh,
  MeshApp,
  MeshedService,
  PathMatch,
  Port,
  RateLimit,
  Retries,
  RouteAction,
  Share,
  Timeout,
  UserKey,
  IdDigits,
  Workload,
  ZeroTrustNamespace,
} from '../../lib';

const SMALL = 250;
const LARGE = 1000;
const RUNS = 3;
/** 1 is linear time, 2 is that of looking at every pair. */
const MOST = 1.3;

function workload(name: string, version: string): Workload {
  const labels = { app: name, version };
  return Workload.external({
    kind: 'Deployment',
    name: `${name}-${version}`,
    labels,
    serviceAccount: name,
    containerPorts: [8080],
  });
}

/** A service with routes, a release and protections, and a way from this one over the last to the one before. */
function routed(chart: Chart, index: number, [last, before]: readonly Meshed[]): Meshed {
  const name = `service-${index}`;
  const service = new MeshedService(chart, name, {
    name,
    ports: [Port.http(80, { containerPort: 8080 })],
    workload: workload(name, 'v1'),
    retries: Retries.of({ attempts: 1, perTryTimeout: Duration.seconds(2) }),
    rateLimit: RateLimit.perPod({ requests: 100, per: Duration.seconds(1) }),
  });
  const path = PathMatch.prefix('/slow');
  service.addRoute({ name: 'slow', matches: [HttpMatch.allOf({ path })], timeout: Timeout.of(Duration.seconds(60)) });
  service.addResilience({ ports: ['http'], connectionPool: ConnectionPool.of({ maxRequests: 100 }) });
  if (last !== undefined) {
    last.access.allowFrom(service);
    last.addResilience({ callers: [service], timeout: Timeout.of(Duration.seconds(10)) });
  }
  if (last !== undefined && before !== undefined) {
    before.access.allowFrom(service);
    const matches = [HttpMatch.allOf({ path: PathMatch.prefix('/far'), callers: [service] })];
    last.addRoute({ name: 'far', matches, action: RouteAction.forward({ service: before }) });
  }
  new CanaryRelease(service, 'Release', {
    service,
    stable: { version: 'v1' },
    candidate: { version: 'v2', workload: workload(name, 'v2'), weightPercent: 20 },
    candidateWhen: [HttpMatch.allOf({ headers: [HeaderMatch.exact('x-canary', 'yes')] })],
    share: Share.users(UserKey.header('x-user-id', IdDigits.DECIMAL)),
  });
  return service;
}

/** A service that the last two let call them. */
function plain(chart: Chart, index: number, called: readonly Meshed[]): Meshed {
  const name = `service-${index}`;
  const ports = [Port.http(80, { containerPort: 8080 })];
  const service = new MeshedService(chart, name, { name, ports, workload: workload(name, 'v1') });
  called.forEach(({ access }) => access.allowFrom(service));
  return service;
}

/** Milliseconds of computing that so many services take, from the first construct to the text. */
function cost(services: number, routes: boolean): number {
  const start = process.cpuUsage();
  const app = new MeshApp();
  Mesh.use(app, new IstioMesh({ version: '1.30.3' }));
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  new ZeroTrustNamespace(chart, 'Namespace', { name: 'shop' });
  let made: readonly Meshed[] = [];
  for (let index = 0; index < services; index++) {
    made = [(routes ? routed : plain)(chart, index, made), ...made.slice(0, 1)];
  }
  expect(app.synthYaml().length).toBeGreaterThan(services * 1000);
  return process.cpuUsage(start).user / 1000;
}

/** The least of several runs, which is what the work itself takes. */
function least(services: number, routes: boolean): number {
  return Math.min(...Array.from({ length: RUNS }, () => cost(services, routes)));
}

test.each([
  ['services that call each other', false],
  ['those with routes, releases and protections', true],
])('%s cost time that grows with their number', (what, routes) => {
  cost(SMALL, routes);
  const [small, large] = [least(SMALL, routes), least(LARGE, routes)];
  const exponent = Math.log(large / small) / Math.log(LARGE / SMALL);
  process.stdout.write(
    `${what}: ${SMALL} in ${small.toFixed()} ms, ${LARGE} in ${large.toFixed()} ms: exponent ${exponent.toFixed(2)}\n`,
  );
  expect(exponent).toBeLessThan(MOST);
});
