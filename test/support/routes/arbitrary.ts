import { Duration } from 'cdk8s';
import fc from 'fast-check';
import type { CorsOptions, FaultOptions, HeaderChanges } from '../../../lib';
import {
  GrpcStatus,
  HeaderMatch,
  IdDigits,
  Operation,
  PathMatch,
  QueryMatch,
  RateLimit,
  Retries,
  RetryCondition,
  Share,
  Timeout,
  UserKey,
} from '../../../lib';

/** A part of a call that may throw when it is made. */
export type Made<T> = () => T;

/** A match, an action and everything else of one route, unmade. */
export interface RouteChoice {
  readonly name: string;
  readonly matches: readonly MatchChoice[];
  readonly action: ActionChoice;
  readonly requestHeaders?: HeaderChanges | undefined;
  readonly responseHeaders?: HeaderChanges | undefined;
  readonly cors?: CorsOptions | undefined;
  readonly timeout?: Made<Timeout> | undefined;
  readonly retries?: Made<Retries> | undefined;
  readonly fault?: FaultOptions | undefined;
  readonly ports?: string[] | undefined;
}

export interface MatchChoice {
  readonly path?: Made<PathMatch> | undefined;
  readonly methods?: string[] | undefined;
  readonly headers?: readonly Made<HeaderMatch>[] | undefined;
  readonly query?: Made<QueryMatch> | undefined;
  readonly caller?: 'web' | 'ops' | 'robot' | undefined;
}

export type ActionChoice =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'forward';
      readonly other: boolean;
      readonly rewritePath?: string | undefined;
      readonly rewriteHost?: string | undefined;
    }
  | {
      readonly kind: 'redirect';
      readonly status?: number | undefined;
      readonly host?: string | undefined;
      readonly path?: string | undefined;
    }
  | { readonly kind: 'respond'; readonly status: number; readonly body?: string | undefined };

export interface ReleaseChoice {
  /** Share of the candidate; undefined is no candidate. */
  readonly percent?: number | undefined;
  readonly candidateWhen?: MatchChoice | undefined;
  readonly further: readonly { readonly percent: number; readonly when?: MatchChoice | undefined }[];
  readonly share?: Made<Share> | undefined;
  readonly mirror?:
    | {
        readonly to: 'version' | 'other' | 'itself';
        readonly percent: number;
        readonly operations?: readonly Made<Operation>[] | undefined;
      }
    | undefined;
  readonly ending: boolean;
}

/** A service with routes, what its callers are granted, and where requests enter. */
export interface Choice {
  readonly routes: readonly RouteChoice[];
  readonly release?: ReleaseChoice | undefined;
  readonly streaming?: Made<Operation> | undefined;
  readonly streamIdle?: Made<Timeout> | undefined;
  readonly rateLimit?: Made<RateLimit> | undefined;
  readonly grant?: Made<Operation> | undefined;
  readonly otherGranted: boolean;
  readonly ingress?: readonly Made<PathMatch>[] | undefined;
}

/** Mostly something good, now and then something bad. */
function mostly<T>(good: readonly T[], bad: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 60, arbitrary: fc.constantFrom(...good) },
    { weight: 1, arbitrary: fc.constantFrom(...bad) },
  );
}

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const seldom = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

const plainPath = mostly(['/', '/api', '/api/v1', '/api/v2', '/shop', '/shop/a.b'], ['api', '/a b', '/a*']);
const path: fc.Arbitrary<Made<PathMatch>> = fc.oneof(
  plainPath.map((text) => () => PathMatch.exact(text)),
  plainPath.map((text) => () => PathMatch.prefix(text)),
  mostly(['/api/{*}', '/shop/{**}', '/{*}/v1'], ['/{**}/{*}']).map((text) => () => PathMatch.template(text)),
  mostly(['/v[12]', '/api/.*', '/shop(/.*)?'], ['(?!a)']).map((text) => () => PathMatch.regex(text)),
);
const method = mostly(['GET', 'POST', 'PUT', 'OPTIONS', 'DELETE'], ['get']);
const header: fc.Arbitrary<Made<HeaderMatch>> = fc.oneof(
  mostly(['x-a', 'x-b'], ['X-A']).map((name) => () => HeaderMatch.exact(name, '1')),
  fc.constant(() => HeaderMatch.prefix('x-c', 'beta-')),
  mostly(['.+', '[a-z]+'], ['(a)\\1']).map((text) => () => HeaderMatch.regex('x-d', text)),
  fc.constant(() => HeaderMatch.cookie('group', 'a.b')),
);
const query: fc.Arbitrary<Made<QueryMatch>> = fc.oneof(
  mostly(['a', 'b'], ['a=b']).map((name) => () => QueryMatch.exact(name, '1')),
  fc.constant(() => QueryMatch.prefix('a', '1.')),
  fc.constant(() => QueryMatch.regex('c', '\\d+')),
);

const match: fc.Arbitrary<MatchChoice> = fc.record({
  path: fc.option(path, { nil: undefined, freq: 8 }),
  methods: seldom(fc.uniqueArray(method, { minLength: 1, maxLength: 3 })),
  headers: seldom(fc.array(header, { minLength: 1, maxLength: 1 })),
  query: seldom(query),
  caller: seldom(fc.constantFrom('web', 'ops', 'robot')),
});

const action: fc.Arbitrary<ActionChoice> = fc.oneof(
  fc.constant({ kind: 'none' as const }),
  fc.record({
    kind: fc.constant('forward' as const),
    other: fc.boolean(),
    rewritePath: seldom(mostly(['/', '/v2', '/new/', '/api'], ['new', '/{*}'])),
    rewriteHost: seldom(mostly(['b.example.com', 'b'], ['b c'])),
  }),
  fc.record({
    kind: fc.constant('redirect' as const),
    status: maybe(mostly([301, 302, 303, 307, 308], [200])),
    host: maybe(mostly(['b.example.com'], ['b:80'])),
    path: mostly<string | undefined>(['/b', '/c/'], ['b', undefined]),
  }),
  fc.record({
    kind: fc.constant('respond' as const),
    status: mostly([200, 404, 503], [99]),
    body: maybe(fc.constant('closed')),
  }),
);

const changes: fc.Arbitrary<HeaderChanges> = fc.record({
  set: fc.dictionary(mostly(['x-a', 'x-b'], ['a b', 'Host']), mostly(['1', '100%', '%REQ(x)%'], ['', 'a\nb']), {
    minKeys: 1,
    maxKeys: 2,
  }),
  add: fc.constantFrom<Record<string, string>>({}, { 'x-c': '1' }),
  remove: fc.constantFrom([], ['x-d']),
});

const cors: fc.Arbitrary<CorsOptions> = fc.record({
  origins: mostly([['*'], ['https://a.example.com', 'http://localhost:3000']], [['https://a.example.com/']]),
  methods: mostly([['GET'], ['GET', 'PUT']], [[], ['TRACE']]),
  headers: fc.constantFrom([], ['x-a']),
  exposedHeaders: fc.constantFrom([], ['x-b']),
  maxAge: mostly([Duration.minutes(1), Duration.days(1)], [Duration.millis(1500)]),
});

const percent = fc.option(mostly([1, 0.1, 33.3333, 100], [0, 101, 0.00001]), { nil: undefined });
const fault: fc.Arbitrary<FaultOptions> = fc
  .record({
    delay: maybe(fc.record({ duration: mostly([5, 2000], [0]).map((millis) => Duration.millis(millis)), percent })),
    abort: maybe(
      fc.record({
        status: mostly<object>(
          [{ httpStatus: 503 }, { httpStatus: 404 }, { grpcStatus: GrpcStatus.UNAVAILABLE }],
          [{}, { httpStatus: 200 }],
        ),
        percent,
      }),
    ),
    allowInProduction: mostly([true], [false]),
  })
  .map(({ delay, abort, allowInProduction }) => ({
    allowInProduction,
    ...(delay === undefined && abort !== undefined
      ? {}
      : { delay: { duration: delay?.duration ?? Duration.seconds(1), ...share(delay?.percent) } }),
    ...(abort === undefined ? {} : { abort: { ...abort.status, ...share(abort.percent) } }),
  }));

function share(value: number | undefined): { readonly percent?: number } {
  return value === undefined ? {} : { percent: value };
}

const rawRoute = fc.record({
  careless: fc.oneof({ weight: 19, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  matches: fc.array(match, { minLength: 1, maxLength: 2 }),
  action,
  requestHeaders: seldom(changes),
  responseHeaders: seldom(changes),
  cors: seldom(cors),
  timeout: seldom(mostly([4, 60], [0]).map((seconds) => () => Timeout.of(Duration.seconds(seconds)))),
  retries: seldom(
    fc.constantFrom(
      () => Retries.off(),
      () => Retries.of({ attempts: 1 }),
      () => Retries.of({ attempts: 1, conditions: [RetryCondition.GATEWAY_TIMEOUT] }),
      () => Retries.of({ attempts: 2, perTryTimeout: Duration.seconds(5) }),
      () => Retries.of({ backoff: Duration.millis(100), otherEndpoint: true }),
      () => Retries.of({ backoff: Duration.seconds(5) }),
    ),
  ),
  fault: seldom(fault),
  ports: seldom(mostly([['http'], ['http', 'grpc']], [['redis'], ['none']])),
});

/** Routes of people who have read the documentation, but for a few. */
const route: fc.Arbitrary<Omit<RouteChoice, 'name'>> = rawRoute.map(({ careless, ...raw }) => {
  if (careless) return raw;
  const { timeout, retries, requestHeaders, fault: harm, cors: origins, matches, ports, ...rest } = raw;
  const forwards = raw.action.kind === 'none' || raw.action.kind === 'forward';
  const harms = forwards && harm !== undefined;
  const rewrites = raw.action.kind === 'forward' && raw.action.rewritePath !== undefined;
  return {
    ...rest,
    ...(forwards ? { timeout, retries, requestHeaders } : {}),
    ports: harms && harm?.abort?.grpcStatus !== undefined ? ['grpc'] : ports,
    ...(harms ? { fault: harm } : { cors: origins }),
    matches: matches.map((one) => ({
      ...one,
      path: rewrites ? () => PathMatch.prefix('/shop/old') : (one.path ?? (() => PathMatch.exact('/only'))),
      ...(origins === undefined || harms ? {} : { headers: undefined, methods: undefined }),
      ...(harms ? { headers: [() => HeaderMatch.cookie('group', 'testers')] } : {}),
    })),
  };
});

const rateLimit: fc.Arbitrary<Made<RateLimit>> = fc
  .record({
    requests: mostly([1, 100], [0]),
    per: mostly([50, 1000, 60_000], [49]),
    burst: maybe(mostly([100, 200], [0.5])),
  })
  .map(
    ({ requests, per, burst }) =>
      () =>
        RateLimit.perPod({ requests, per: Duration.millis(per), ...(burst === undefined ? {} : { burst }) }),
  );

const operation: fc.Arbitrary<Made<Operation>> = path.map((make) => () => Operation.http({ paths: [make()] }));

const sharing: fc.Arbitrary<Made<Share>> = fc.oneof(
  fc.constant(() => Share.requests()),
  mostly(['x-user-id'], ['X-User-Id']).map((name) => () => Share.users(UserKey.header(name, IdDigits.DECIMAL))),
  mostly(['uid'], ['u d']).map((name) => () => Share.users(UserKey.cookie(name, IdDigits.HEXADECIMAL))),
);

const copied: fc.Arbitrary<Made<Operation>> = fc.oneof(
  operation,
  fc.constant(() => Operation.http({ methods: ['POST'] })),
  fc.constant(() => Operation.grpc('a.B', 'C')),
);

/** Releases, most of which leave out what contradicts the rest. */
const release: fc.Arbitrary<ReleaseChoice> = fc
  .record({
    percent: maybe(mostly([0, 1, 20, 33, 60], [101, 0.5])),
    candidateWhen: seldom(match),
    further: fc.array(fc.record({ percent: mostly([0, 5, 20], [90]), when: seldom(match) }), { maxLength: 2 }),
    share: maybe(sharing),
    mirror: seldom(
      fc.record({
        to: mostly(['version', 'other'] as const, ['itself'] as const),
        percent: mostly([0.01, 12.5, 100], [0, 101]),
        operations: seldom(fc.array(copied, { minLength: 1, maxLength: 2 })),
      }),
    ),
    ending: mostly([false], [true]),
    end: fc.integer({ min: 0, max: 9 }),
  })
  .map(({ end, ...choice }) =>
    end === 0
      ? { ...choice, percent: undefined, candidateWhen: undefined, further: [], mirror: undefined, ending: true }
      : { ...choice, ...(choice.percent === undefined ? { candidateWhen: undefined } : {}) },
  );

/** Routes of one service in every combination, a good deal of which is refused. */
export const choices: fc.Arbitrary<Choice> = fc
  .record({
    routes: fc
      .array(route, { minLength: 1, maxLength: 3 })
      .map((routes) => routes.map((one, index) => ({ name: `rule-${index}`, ...one }))),
    release: maybe(release),
    streaming: seldom(operation),
    streamIdle: seldom(mostly([1, 90], [0]).map((minutes) => () => Timeout.of(Duration.minutes(minutes)))),
    rateLimit: seldom(rateLimit),
    grant: seldom(operation),
    otherGranted: mostly([true], [false]),
    ingress: seldom(fc.array(path, { maxLength: 2 })),
  })
  .map(({ streamIdle, ...rest }) => (rest.streaming === undefined ? rest : { ...rest, streamIdle }));
