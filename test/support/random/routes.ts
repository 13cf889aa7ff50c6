import { Duration } from 'cdk8s';
import type {
  AbortFault,
  CorsOptions,
  DelayFault,
  FaultOptions,
  ForwardOptions,
  HeaderChanges,
  HttpMatch,
  RedirectOptions,
  RouteOptions,
} from '../../../lib';
import { GrpcStatus, RouteAction } from '../../../lib';
import { match, preflightMatch, rewritableMatch, testersMatch } from './matches';
import { millis, retries, timeout } from './resilience';
import {
  always,
  become,
  both,
  factories,
  listOf,
  mostly,
  named,
  ofWorld,
  often,
  oneOf,
  part,
  seldom,
  struct,
  values,
  weighted,
} from './some';
import type { Any } from './world';

const other = ofWorld('other', (world: { readonly other: NonNullable<ForwardOptions['service']> }) => world.other);
const rewritePath = values(['/', '/v2', '/new/', '/api'], ['new', '/{*}']);
const rewriteHost = values(['b.example.com', 'b'], ['b c']);
const redirecting = struct<RedirectOptions>('RedirectOptions')({
  status: mostly(values([301, 302, 303, 307, 308], [200])),
  scheme: mostly(values(['http', 'https'], ['ftp'])),
  host: mostly(values(['b.example.com'], ['b:80'])),
  port: mostly(values([80, 8443], [0])),
  path: { some: values(['/b', '/c/'], ['b', '/?']), percent: 90 },
});
const redirect = named(
  'RouteAction.redirect',
  become(redirecting, 'RouteAction.redirect', (options) => RouteAction.redirect(options)),
);
const respond = named(
  'RouteAction.respond',
  both(values([200, 404, 503], [99, 600]), values<string | undefined>([undefined, 'closed']), (status, body) =>
    RouteAction.respond(status, body),
  ),
);
const forwarding = (options: Any<ForwardOptions>) =>
  named(
    'RouteAction.forward',
    become(options, 'RouteAction.forward', (made) => RouteAction.forward(made)),
  );
/** To the same or another service, with the same path. */
const forward = forwarding(
  weighted(
    [8, part<ForwardOptions>('ForwardOptions')({ rewriteHost: mostly(rewriteHost), service: often(other) })],
    [6, part<ForwardOptions>('ForwardOptions')({ service: always(other), port: always(values(['http'], ['redis'])) })],
    [1, part<ForwardOptions>('ForwardOptions')({ port: always(values(['http'])) })],
  ),
);
const rewriting = forwarding(
  part<ForwardOptions>('ForwardOptions')({
    rewritePath: always(rewritePath),
    rewriteHost: seldom(rewriteHost),
    service: seldom(other),
  }),
);
const careless = forwarding(
  struct<ForwardOptions>('ForwardOptions')({
    service: often(other),
    port: seldom(values(['http', 'grpc'])),
    rewritePath: often(rewritePath),
    rewriteHost: seldom(rewriteHost),
  }),
);
const action: Any<RouteAction> = factories<typeof RouteAction>('RouteAction')({ forward: careless, redirect, respond });
const answer: Any<RouteAction> = oneOf(redirect, respond);

const changedNames = (good: readonly string[]) => values(good, ['a b', 'Host', '']);
const changed = (good: readonly string[]): Any<Record<string, string>> =>
  both(changedNames(good), values(['1', '100%', '%REQ(x)%'], ['', 'a\nb']), (name, value) => ({ [name]: value }));
const changes: Any<HeaderChanges> = struct<HeaderChanges>('HeaderChanges')({
  set: { some: changed(['x-a', 'x-b']), percent: 95 },
  add: often(changed(['x-c'])),
  remove: often(listOf(changedNames(['x-d']), 1, 1)),
});

const names = (good: string) => listOf(values([good], ['a b', 'host']), 1, 1);
const cors: Any<CorsOptions> = struct<CorsOptions>('CorsOptions')({
  origins: {
    some: values([['https://a.example.com', 'http://localhost:3000']], [['https://a.example.com/']]),
    percent: 97,
  },
  originRegexes: often(values([['https://.*\\.example\\.com']], [['(?!a)'], ['(']])),
  methods: always(values([['GET'], ['GET', 'PUT']], [[], ['TRACE']])),
  headers: often(names('x-a')),
  exposedHeaders: often(names('x-b')),
  maxAge: often(values([Duration.minutes(1), Duration.days(1)], [Duration.millis(1500), Duration.millis(0)])),
  credentials: often(values([true, false])),
});

const percent = often(values([1, 0.1, 33.3333, 100], [0, 101, 0.00001]));
const delay: Any<DelayFault> = struct<DelayFault>('DelayFault')({ duration: always(millis([5, 2000])), percent });
const httpAbort = part<AbortFault>('AbortFault')({ httpStatus: always(values([404, 503], [200, 99])), percent });
const grpcAbort = part<AbortFault>('AbortFault')({
  grpcStatus: always(values(Object.values(GrpcStatus), ['LATE' as GrpcStatus])),
  percent,
});
const anyAbort: Any<AbortFault> = struct<AbortFault>('AbortFault')({
  httpStatus: often(values([503])),
  grpcStatus: often(values([GrpcStatus.ABORTED])),
  percent,
});
const faultOf = (abort: Any<AbortFault>): Any<FaultOptions> =>
  struct<FaultOptions>('FaultOptions')({
    delay: { some: delay, percent: 85 },
    abort: { some: abort, percent: 70 },
    allowInProduction: { some: values([true]), percent: 80 },
  });

const name = values(
  Array.from({ length: 60 }, (_, index) => `rule-${index}`),
  ['Rule', ''],
);
const matches = (some: Any<HttpMatch>) => always(listOf(some, 1, 2));
const requestPorts = values([['http'], ['http', 'grpc'], ['grpc']], [['redis'], ['none']]);
const answering = { name: always(name), ports: seldom(requestPorts), responseHeaders: seldom(changes) };
const treating = {
  ...answering,
  timeout: seldom(timeout),
  retries: seldom(retries),
  requestHeaders: seldom(changes),
};
const route = part<RouteOptions>('RouteOptions');

/** Routes of people who have read the documentation, but for a few. */
export const routeOptions: Any<RouteOptions> = weighted(
  [9, route({ ...treating, timeout: often(timeout), matches: matches(match), action: mostly(forward) })],
  [4, route({ ...treating, matches: matches(rewritableMatch), action: always(rewriting) })],
  [6, route({ ...answering, matches: matches(match), action: always(answer) })],
  [4, route({ ...treating, matches: matches(preflightMatch), cors: always(cors), action: seldom(forward) })],
  [4, route({ ...treating, matches: matches(testersMatch), fault: always(faultOf(httpAbort)) })],
  [
    5,
    route({
      ...treating,
      ports: always(values([['grpc']])),
      matches: matches(testersMatch),
      fault: always(faultOf(grpcAbort)),
    }),
  ],
  [
    1,
    struct<RouteOptions>('RouteOptions')({
      ...treating,
      matches: always(listOf(match, 0, 2)),
      action: often(action),
      cors: seldom(cors),
      fault: seldom(faultOf(anyAbort)),
    }),
  ],
);
