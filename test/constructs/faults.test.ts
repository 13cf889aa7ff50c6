import { Duration } from 'cdk8s';
import type { FaultOptions, HttpMatchProps, RouteOptions } from '../../lib';
import {
  CanaryRelease,
  Environment,
  GrpcStatus,
  HeaderMatch,
  HttpMatch,
  IngressRoute,
  IngressTls,
  Operation,
  PathMatch,
  Peer,
  Port,
  Retries,
  Workload,
} from '../../lib';
import { schemaProblems, synthesize } from '../../lib/testing';
import { MeshApp, at, deployment } from '../support/mesh-app';

const TESTERS: HttpMatchProps = { headers: [HeaderMatch.exact('x-tester', 'yes')] };
const DELAY: FaultOptions = { delay: { duration: Duration.millis(2500) } };

interface Route {
  readonly match?: readonly Readonly<Record<string, unknown>>[];
  readonly fault?: object;
}

/** Routes of the VirtualService of that name. */
function routes(app: MeshApp, name = 'cart'): readonly Route[] {
  expect(schemaProblems(synthesize(app.chart))).toEqual([]);
  return at(app.find('VirtualService', name), 'spec', 'http') as readonly Route[];
}

/** A service `cart` with this fault, where nobody depends on it. */
function faulty(fault: FaultOptions, options: Partial<RouteOptions> = {}, ports?: Port[]): MeshApp {
  const app = new MeshApp({}, { environment: Environment.OTHER });
  const cart = app.service('cart', { retries: Retries.off(), ...(ports === undefined ? {} : { ports }) });
  cart.addRoute({ name: 'fault', matches: [HttpMatch.allOf(TESTERS)], fault, ...options });
  return app;
}

test.each<[string, FaultOptions, object]>([
  ['all wait', DELAY, { delay: { fixedDelay: '2500ms', percentage: { value: 100 } } }],
  [
    'some wait',
    { delay: { duration: Duration.seconds(7), percent: 0.1 } },
    { delay: { fixedDelay: '7s', percentage: { value: 0.1 } } },
  ],
  ['all fail', { abort: { httpStatus: 503 } }, { abort: { httpStatus: 503, percentage: { value: 100 } } }],
  [
    'some wait and others fail',
    { ...DELAY, abort: { httpStatus: 429, percent: 33.3333 } },
    {
      delay: { fixedDelay: '2500ms', percentage: { value: 100 } },
      abort: { httpStatus: 429, percentage: { value: 33.3333 } },
    },
  ],
])('%s', (_, fault, expected) => {
  const [first, last] = routes(faulty(fault));
  expect(first).toMatchObject({ match: [{ headers: { 'x-tester': { exact: 'yes' } } }], fault: expected });
  expect(last).not.toHaveProperty('fault');
});

test('gRPC calls fail with a status of gRPC', () => {
  const [first] = routes(
    faulty({ abort: { grpcStatus: GrpcStatus.UNAVAILABLE } }, {}, [Port.grpc(9000, { containerPort: 8080 })]),
  );
  expect(first?.fault).toEqual({ abort: { grpcStatus: 'UNAVAILABLE', percentage: { value: 100 } } });
});

test('a fault holds for every way in which its requests are treated, and for no others', () => {
  const app = new MeshApp({}, { environment: Environment.OTHER });
  const cart = app.service('cart', {
    streamingOperations: [Operation.http({ paths: [PathMatch.exact('/events')] })],
    workload: Workload.of(deployment(app.chart, 'v1', { labels: { app: 'cart', version: 'v1' } })),
  });
  cart.addRoute({ name: 'fault', matches: [HttpMatch.allOf(TESTERS)], fault: DELAY });
  new CanaryRelease(app.chart, 'Release', {
    service: cart,
    stable: { version: 'v1' },
    candidate: {
      version: 'v2',
      weightPercent: 10,
      workload: Workload.of(deployment(app.chart, 'v2', { labels: { app: 'cart', version: 'v2' } })),
    },
  });
  const all = routes(app);
  const chosen = (route: Route) => (route.match ?? []).some(({ headers }) => headers !== undefined);
  expect(all.filter(chosen)).toHaveLength(4);
  expect(all.filter(chosen).every(({ fault }) => fault !== undefined)).toBe(true);
  expect(all.filter((route) => !chosen(route)).some(({ fault }) => fault !== undefined)).toBe(false);
});

describe('at an ingress, where callers are outside of the mesh', () => {
  function atGateway(...matches: HttpMatchProps[]): readonly Route[] {
    const app = new MeshApp({}, { environment: Environment.OTHER });
    const cart = app.service('cart', { retries: Retries.off() });
    cart.access.allowFrom(Peer.namespace('qa'));
    cart.addRoute({ name: 'fault', matches: matches.map((match) => HttpMatch.allOf(match)), fault: DELAY });
    new IngressRoute(app.chart, 'Ingress', { host: 'a.example.com', service: cart, tls: IngressTls.plaintext() });
    expect(routes(app).filter(({ fault }) => fault !== undefined)).toHaveLength(matches.length);
    return routes(app, 'cart-ingress');
  }

  test('a fault for a header holds', () => {
    const [first, last] = atGateway(TESTERS);
    expect(first).toHaveProperty('fault');
    expect(last).not.toHaveProperty('fault');
  });

  test.each<[string, HttpMatchProps]>([
    ['callers', { callers: [Peer.namespace('qa')] }],
    ['callers and a header', { ...TESTERS, callers: [Peer.namespace('qa')] }],
  ])('a fault for %s does not come to be', (_, match) => {
    expect(JSON.stringify(atGateway(match))).not.toContain('fault');
  });

  test('of a fault for callers or for a header, only the header is left', () => {
    const found = atGateway({ callers: [Peer.namespace('qa')] }, TESTERS).filter(({ fault }) => fault !== undefined);
    expect(found.map(({ match }) => match)).toEqual([[{ headers: { 'x-tester': { exact: 'yes' } } }]]);
  });
});

test('in production a fault is named', () => {
  const app = new MeshApp();
  const fault = { ...DELAY, allowInProduction: true };
  app.service('cart').addRoute({ name: 'fault', matches: [HttpMatch.allOf(TESTERS)], fault });
  expect(routes(app)[0]).toHaveProperty('fault.delay.fixedDelay', '2500ms');
});
