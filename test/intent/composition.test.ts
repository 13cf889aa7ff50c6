import { composeRoutes } from '../../lib/intent/composition';
import type { Conditions } from '../../lib/intent/conditions';
import { ANYTHING } from '../../lib/intent/conditions';
import { HeaderMatch } from '../../lib/intent/header-match';
import type { HttpMatchProps } from '../../lib/intent/http-match';
import { HttpMatch } from '../../lib/intent/http-match';
import { Operation } from '../../lib/intent/operation';
import { PathMatch } from '../../lib/intent/path-match';
import { Port } from '../../lib/intent/port';
import type { ReleaseIntent } from '../../lib/intent/release';
import { mergeResilience } from '../../lib/intent/resilience';
import type { RouteActionIntent, RouteIntent } from '../../lib/intent/route';
import type { ServiceIntent } from '../../lib/intent/service';
import { meshOf, shopRef, shopService } from '../support/istio-intent';

const HTTP = Port.http(80);
const ONCE = mergeResilience({ retries: 'off' });
const FORWARD: RouteActionIntent = { kind: 'forward' };
const CLOSED: RouteActionIntent = { kind: 'respond', status: 503 };
const RELEASE: ReleaseIntent = {
  stable: { version: 'v1', weightPercent: 90 },
  candidates: [
    { version: 'v2', weightPercent: 10, when: [HttpMatch.allOf({ headers: [HeaderMatch.exact('x-canary', '1')] })] },
  ],
  share: { kind: 'requests' },
  ending: false,
};
const path = (value: string) => ({ path: PathMatch.prefix(value) });

function route(
  name: string,
  match: HttpMatchProps,
  action = FORWARD,
  overrides: Partial<RouteIntent> = {},
): RouteIntent {
  const changes = { set: {}, add: {}, remove: [] };
  const matches = [HttpMatch.allOf(match)];
  return { name, matches, action, requestHeaders: changes, responseHeaders: changes, resilience: {}, ...overrides };
}

/** Each route as `rule: conditions -> destinations`. */
function composed(
  overrides: Partial<ServiceIntent>,
  entered: readonly Conditions[] = [ANYTHING],
  others: readonly ServiceIntent[] = [],
  port = HTTP,
): string[] {
  const service = shopService('cart', { ports: [port], resilience: ONCE, ...overrides });
  const routes = composeRoutes({ ...service, name: 'shop/cart' }, port, entered, meshOf([service, ...others]));
  return routes.map(({ rule, conditions, to, destinations, timeoutMillis }) => {
    const versions = destinations.map(({ version = 'all', weightPercent = 100 }) => `${version} ${weightPercent}%`);
    const end = [to?.name ?? '', ...versions].filter((text) => text !== '').join(' ');
    return `${rule?.name ?? 'rest'}: ${conditions.map(show).join(' or ') || 'all'} -> ${end || 'none'}${timeoutMillis === undefined && destinations.length > 0 ? ', open' : ''}`;
  });
}

function show(conditions: Conditions): string {
  const { methods, headers } = conditions;
  return [...methods, conditions.path?.value, ...headers.map(({ name }) => name)].filter(Boolean).join(' ');
}

test('specific rules come first in whatever order they were added, and the last route takes the rest', () => {
  const routes = [
    route('all reads', { methods: ['GET'] }),
    route('api', path('/api')),
    route('api reads', { ...path('/api'), methods: ['GET'] }),
    route('login', { path: PathMatch.exact('/api/login') }),
    route('users', { path: PathMatch.template('/api/users/{*}') }),
    route('versions', { path: PathMatch.regex('/api/v[12]') }),
    route('api v1', path('/api/v1')),
  ];
  const expected = [
    'login: /api/login',
    'users: /api/users/{*}',
    'api v1: /api/v1',
    'versions: /api/v[12]',
    'api reads: GET /api',
    'api: /api',
    'all reads: GET',
    'rest: all',
  ].map((line) => `${line} -> all 100%`);
  expect(composed({ routes })).toEqual(expected);
  expect(composed({ routes: [...routes].reverse() })).toEqual(expected);
});

test('a rule of some ports is not one of the others', () => {
  const routes = [route('api', path('/api'), CLOSED, { ports: ['admin'] })];
  expect(composed({ routes })).toEqual(['rest: all -> all 100%']);
  expect(composed({ routes }, [ANYTHING], [], Port.http(81, { name: 'admin' }))).toEqual([
    'api: /api -> none',
    'rest: all -> all 100%',
  ]);
});

test('every match of a rule has a place of its own', () => {
  const matches = [path('/a'), { path: PathMatch.exact('/b/c') }].map((match) => HttpMatch.allOf(match));
  const routes = [route('two', path('/a'), CLOSED, { matches }), route('b', path('/b'))];
  expect(composed({ routes })).toEqual([
    'two: /b/c -> none',
    'two: /a -> none',
    'b: /b -> all 100%',
    'rest: all -> all 100%',
  ]);
});

test('a rule that forwards is split as the service is: open requests, the candidate, safe methods', () => {
  const watch = Operation.http({ methods: ['GET', 'POST'], paths: [PathMatch.prefix('/api/watch')] });
  const lines = composed({
    routes: [route('api', path('/api'))],
    release: RELEASE,
    streamingOperations: [watch],
    resilience: mergeResilience({}),
  });
  const shares = 'v1 90% v2 10%';
  const SAFE = 'GET HEAD OPTIONS';
  expect(lines).toEqual([
    'api: GET /api/watch x-canary -> v2 100%, open',
    'api: GET POST /api/watch x-canary -> v2 100%, open',
    `api: GET /api/watch -> ${shares}, open`,
    `api: GET POST /api/watch -> ${shares}, open`,
    `api: ${SAFE} /api x-canary -> v2 100%`,
    'api: /api x-canary -> v2 100%',
    `api: ${SAFE} /api -> ${shares}`,
    `api: /api -> ${shares}`,
    `rest: ${SAFE} x-canary -> v2 100%`,
    'rest: x-canary -> v2 100%',
    `rest: ${SAFE} -> ${shares}`,
    `rest: all -> ${shares}`,
  ]);
});

test('a rule that answers by itself is one route, whatever the service does', () => {
  const watch = Operation.http({ paths: [PathMatch.prefix('/api/watch')] });
  const options = { routes: [route('api', path('/api'), CLOSED)], release: RELEASE, streamingOperations: [watch] };
  expect(composed(options).filter((line) => line.startsWith('api'))).toEqual(['api: /api -> none']);
});

test('a variant that an earlier one takes whole is left out', () => {
  const canary = { headers: [HeaderMatch.exact('x-canary', '1')] };
  expect(composed({ routes: [route('canary', canary)], release: RELEASE })).toEqual([
    'canary: x-canary -> v2 100%',
    'rest: all -> v1 90% v2 10%',
  ]);
});

test('a rule to another service follows the release of that one', () => {
  const other = shopService('pay', { release: RELEASE, ports: [Port.http(8000)] });
  const routes = [route('moved', path('/pay'), { kind: 'forward', to: shopRef('pay') })];
  expect(composed({ routes }, [ANYTHING], [other])).toEqual([
    'moved: /pay x-canary -> pay v2 100%',
    'moved: /pay -> pay v1 90% v2 10%',
    'rest: all -> all 100%',
  ]);
});

test('requests to a port of another service that stays open get no timeout', () => {
  const other = shopService('pay', { ports: [Port.http(8000, { streaming: true })] });
  const routes = [route('moved', path('/pay'), { kind: 'forward', to: shopRef('pay') })];
  expect(composed({ routes }, [ANYTHING], [other])).toEqual([
    'moved: /pay -> pay all 100%, open',
    'rest: all -> all 100%',
  ]);
});

test('only what entered is routed', () => {
  const routes = [route('api', path('/api')), route('admin', path('/admin'))];
  expect(composed({ routes }, [{ ...ANYTHING, ...path('/api/v1') }])).toEqual(['api: /api/v1 -> all 100%']);
});

test('a rule has its own timeout, and tries that were timed for the service shrink with it', () => {
  const service = shopService('cart', {
    routes: [route('quick', path('/q'), FORWARD, { resilience: { timeout: { millis: 3000 } } })],
    resilience: mergeResilience({ retries: { perTryTimeoutMillis: 5000 } }),
  });
  const [first, second, last] = composeRoutes({ ...service, name: 'shop/cart' }, HTTP, [ANYTHING], meshOf([service]));
  expect(first).toMatchObject({ timeoutMillis: 3000, retries: { attempts: 2, perTryTimeoutMillis: 1000 } });
  expect(second).toMatchObject({ timeoutMillis: 3000, retries: { perTryTimeoutMillis: 1000 } });
  expect(last).toMatchObject({ timeoutMillis: 15000, retries: { perTryTimeoutMillis: 5000 } });
});

test.each<[string, HttpMatchProps, HttpMatchProps]>([
  ['say the same', path('/x'), path('/x')],
  ['say one prefix in two ways', path('/x'), { path: PathMatch.regex('/x(/.*)?') }],
  ['say everything in two ways', path('/'), { path: PathMatch.regex('.*') }],
])('two rules that %s are an error that names both', (_, first, second) => {
  for (const routes of [
    [route('a', first), route('b', second)],
    [route('b', first), route('a', second)],
  ]) {
    expect(() => composed({ routes })).toThrow(
      /MESH-API-064: routes `[ab]`, `[ab]` of port `http` of `shop\/cart` match the same requests; fix: /,
    );
  }
});

test('a rule for every path is tried after those that ask for more than a path', () => {
  const routes = [
    route('rest of all', path('/')),
    route('reads', { methods: ['GET'] }),
    route('any', { path: PathMatch.regex('.*'), methods: ['PUT', 'POST'] }),
  ];
  expect(composed({ routes }).map((line) => line.split(':')[0])).toEqual(['reads', 'any', 'rest of all', 'rest']);
});

test('a rule that can never match is an error that names those which take its requests', () => {
  const routes = [
    route('reads', { ...path('/x'), methods: ['GET'] }),
    route('writes', { ...path('/x'), methods: ['PUT'] }),
    route('both', { ...path('/x'), methods: ['GET', 'PUT'] }),
  ];
  expect(() => composed({ routes })).toThrow(
    /MESH-API-064: route `both` of port `http` of `shop\/cart` can never match, since `reads`, `writes` take all of its requests; fix: /,
  );
  for (const gone of ['reads', 'writes']) {
    expect(composed({ routes: routes.filter(({ name }) => name !== gone) })).toHaveLength(3);
  }
});
