import type { VirtualServiceSpec, VirtualServiceSpecHttp } from '../../../imports/networking.istio.io';
import { composeRoutes } from '../../../lib/intent/composition';
import { ANYTHING } from '../../../lib/intent/conditions';
import { HeaderMatch } from '../../../lib/intent/header-match';
import { HttpMatch } from '../../../lib/intent/http-match';
import { Operation } from '../../../lib/intent/operation';
import { PathMatch } from '../../../lib/intent/path-match';
import { Port } from '../../../lib/intent/port';
import type { ReleaseIntent } from '../../../lib/intent/release';
import { DEFAULT_RESILIENCE, RetryCondition, mergeResilience } from '../../../lib/intent/resilience';
import type { ServiceIntent } from '../../../lib/intent/service';
import { httpRoutes, virtualServiceSpec } from '../../../lib/providers/istio/routing';
import { serviceTarget } from '../../../lib/providers/istio/settings';
import { istioSettings, meshOf, shopService } from '../../support/istio-intent';

function specOf(service: ServiceIntent): VirtualServiceSpec {
  return virtualServiceSpec(istioSettings(), serviceTarget(istioSettings(), service), meshOf([service]));
}

/** Each route of a service as `matches -> retryOn timeout`. */
function routes(overrides: Partial<ServiceIntent>): string[] {
  const spec = specOf(shopService('cart', overrides));
  return (spec.http ?? []).map(line);
}

function line({ match, retries, timeout }: VirtualServiceSpecHttp): string {
  const { attempts = 0, retryOn = 'never', perTryTimeout = 'unlimited' } = retries ?? {};
  const conditions = (match ?? []).map((entry) => JSON.stringify(entry).replace(/"/g, '')).join(' or ');
  const tries = attempts === 0 ? 'once' : `${attempts} retries of ${perTryTimeout} on ${retryOn}`;
  return `${conditions || 'all'}: ${tries}, ${timeout ?? 'no timeout'}`;
}

const GRPC = Port.grpc(9000);
const HTTP = Port.http(80, { containerPort: 8080 });
const SAFE = '2 retries of 15s on connect-failure,refused-stream,503';
const HARMLESS = '2 retries of 15s on connect-failure,refused-stream';

test('safe methods are repeated after answers, others only where nothing can have taken effect', () => {
  expect(routes({})).toEqual([`{method:{regex:GET|HEAD|OPTIONS}}: ${SAFE}, 15s`, `all: ${HARMLESS}, 15s`]);
});

test('gRPC is repeated only where nothing can have taken effect, whatever was chosen', () => {
  expect(routes({ ports: [GRPC] })).toEqual([`all: ${HARMLESS}, 15s`]);
});

test('gRPC is not repeated where only answers were chosen', () => {
  const retries = { conditions: [RetryCondition.BAD_GATEWAY] };
  expect(routes({ ports: [GRPC], resilience: mergeResilience({ retries }) })).toEqual(['all: once, 15s']);
});

test('one route suffices where safe and unsafe methods are repeated alike', () => {
  const retries = { conditions: [RetryCondition.CONNECT_FAILURE] };
  expect(routes({ resilience: mergeResilience({ retries }) })).toEqual([
    'all: 2 retries of 15s on connect-failure, 15s',
  ]);
});

test('retries that are off are written as no attempts, without anything beside', () => {
  const resilience = mergeResilience({ retries: 'off' });
  const [only, ...others] = specOf(shopService('cart', { resilience })).http ?? [];
  expect(only?.retries).toEqual({ attempts: 0 });
  expect(others).toEqual([]);
});

test.each([
  [{ timeout: { millis: 60_000 } }, '2 retries of 60s', '60s'],
  [{ timeout: { millis: 60_000 }, retries: { attempts: 4 } }, '4 retries of 60s', '60s'],
  [{ timeout: { millis: 60_000 }, retries: { perTryTimeoutMillis: 70 } }, '2 retries of 70ms', '60s'],
  [{ timeout: 'off' as const }, '2 retries of unlimited', 'no timeout'],
])('a try may take as long as the request, since Envoy repeats none that timed out: %j', (level, tries, timeout) => {
  expect(routes({ ports: [GRPC], resilience: mergeResilience(level) })).toEqual([
    `all: ${tries} on connect-failure,refused-stream, ${timeout}`,
  ]);
});

test('a timeout that is off is not written', () => {
  expect(routes({ resilience: { ...DEFAULT_RESILIENCE, timeout: 'off', retries: 'off' } })).toEqual([
    'all: once, no timeout',
  ]);
});

test('a streaming port has neither a timeout of requests nor of tries', () => {
  expect(routes({ ports: [Port.grpc(9000, { streaming: true })] })).toEqual([
    'all: 2 retries of unlimited on connect-failure,refused-stream, no timeout',
  ]);
});

test('streaming operations stand before the rest', () => {
  const watch = Operation.grpc('shop.Cart', 'Watch');
  expect(routes({ ports: [GRPC], streamingOperations: [watch] })).toEqual([
    '{uri:{exact:/shop.Cart/Watch},method:{exact:POST}}: 2 retries of unlimited on connect-failure,refused-stream, no timeout',
    `all: ${HARMLESS}, 15s`,
  ]);
});

test('a streaming operation with safe and unsafe methods is repeated by each kind of method', () => {
  const events = Operation.http({ methods: ['GET', 'POST'] });
  expect(routes({ streamingOperations: [events] })).toEqual([
    '{method:{exact:GET}}: 2 retries of unlimited on connect-failure,refused-stream,503, no timeout',
    '{method:{regex:GET|POST}}: 2 retries of unlimited on connect-failure,refused-stream, no timeout',
    `{method:{regex:GET|HEAD|OPTIONS}}: ${SAFE}, 15s`,
    `all: ${HARMLESS}, 15s`,
  ]);
});

test('gRPC operations do not stream on an HTTP port beside', () => {
  const found = routes({ ports: [HTTP, GRPC], streamingOperations: [Operation.grpc('shop.Cart')] });
  expect(found.filter((route) => route.includes('shop.Cart'))).toHaveLength(1);
  expect(found.every((route) => !route.includes('shop.Cart') || route.includes('port:9000'))).toBe(true);
});

test('several ports are told apart by the number that callers use, TCP ports have no route', () => {
  const found = routes({ ports: [HTTP, Port.tcp(6379), GRPC] });
  expect(found).toEqual([
    `{port:80,method:{regex:GET|HEAD|OPTIONS}}: ${SAFE}, 15s`,
    `{port:80}: ${HARMLESS}, 15s`,
    `{port:9000}: ${HARMLESS}, 15s`,
  ]);
});

test('headers of a canary and methods are conditions of one match, and each header keeps its retries', () => {
  const match = (name: string) => HttpMatch.allOf({ headers: [HeaderMatch.exact(name, '1')] });
  const release: ReleaseIntent = {
    stable: { version: 'v1', weightPercent: 100 },
    candidates: [{ version: 'v2', weightPercent: 0, when: [match('x-a'), match('x-b')] }],
    share: { kind: 'requests' },
    ending: false,
  };
  expect(routes({ release })).toEqual([
    `{headers:{x-a:{exact:1}},method:{regex:GET|HEAD|OPTIONS}} or {headers:{x-b:{exact:1}},method:{regex:GET|HEAD|OPTIONS}}: ${SAFE}, 15s`,
    `{headers:{x-a:{exact:1}}} or {headers:{x-b:{exact:1}}}: ${HARMLESS}, 15s`,
    `{method:{regex:GET|HEAD|OPTIONS}}: ${SAFE}, 15s`,
    `all: ${HARMLESS}, 15s`,
  ]);
});

test('the last route takes everything that entered, for every kind of service', () => {
  for (const ports of [[HTTP], [GRPC], [Port.http(80, { streaming: true })]]) {
    expect(routes({ ports }).at(-1)).toMatch(/^all: /);
  }
});

test('only paths that enter are routed, a prefix ends on a segment border, a template is a pattern', () => {
  const service = shopService('cart', { resilience: mergeResilience({ retries: 'off' }) });
  const target = serviceTarget(istioSettings(), service);
  const paths = [PathMatch.prefix('/api/'), PathMatch.template('/a.b/{*}/{**}'), PathMatch.regex('/v[12]')];
  const entered = paths.map((path) => ({ ...ANYTHING, path }));
  const composed = composeRoutes(target, HTTP, entered, meshOf([service]));
  expect(httpRoutes(istioSettings(), target, composed, meshOf([service])).map(line)).toEqual([
    '{uri:{exact:/api}} or {uri:{prefix:/api/}} or {uri:{regex:/a\\\\.b/[^/]+/.*}} or {uri:{regex:/v[12]}}: once, 15s',
  ]);
});
