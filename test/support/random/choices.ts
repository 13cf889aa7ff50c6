import type {
  AllowOptions,
  CanaryReleaseProps,
  ExplainResilienceOptions,
  ExternalHostProps,
  IngressRouteProps,
  MeshedServiceProps,
  PortOptions,
  ResilienceOptions,
  RouteOptions,
  ScopedResilienceOptions,
} from '../../../lib';
import { Environment, IngressTls, Port } from '../../../lib';
import { caller, grantedPath, httpCall, operation } from './matches';
import { bringingRelease, controlledRelease, releases } from './releases';
import { hostProtections, protections, resilience, timeout } from './resilience';
import { routeOptions } from './routes';
import type { Option } from './some';
import {
  always,
  become,
  both,
  factories,
  later,
  listOf,
  ofWorld,
  often,
  part,
  seldom,
  struct,
  values,
  weighted,
} from './some';
import type { Any, World } from './world';

/** Something that is made when what it is for stands. */
export type Later<T> = (world: World) => T;

/** What a service says of itself here; its name and workload are those of the world. */
export type ServiceOptions = ResilienceOptions & Pick<MeshedServiceProps, 'ports' | 'streamingOperations'>;

/** A service with random options, and what is around it. */
export interface Choice {
  readonly version: Later<string>;
  readonly environment: Later<Environment>;
  readonly mesh?: Later<ResilienceOptions>;
  readonly namespace?: Later<ResilienceOptions>;
  readonly service: Later<ServiceOptions>;
  /** Whether its workload comes with the release. */
  readonly bringsWorkload?: Later<boolean>;
  /** Labels by which its Deployment selects. */
  readonly matchLabels?: Later<Readonly<Record<string, string>>>;
  readonly levels?: readonly Later<ScopedResilienceOptions>[];
  readonly routes?: readonly Later<RouteOptions>[];
  readonly release?: Later<CanaryReleaseProps>;
  readonly external?: Later<ExternalHostProps>;
  readonly ingress?: Later<IngressRouteProps>;
  readonly grant?: Later<AllowOptions>;
  readonly otherGranted: Later<boolean>;
  readonly explain?: Later<ExplainResilienceOptions>;
}

const streaming = { some: values([true, false]), percent: 10 };
const http = become(
  struct<PortOptions>('PortOptions')({
    containerPort: always(values([8080], [0])),
    name: seldom(values(['http'])),
    streaming,
  }),
  'Port.http',
  (options) => Port.http(80, options),
);
const grpc = become(part<PortOptions>('PortOptions')({ streaming }), 'Port.grpc', (options) =>
  Port.grpc(9000, options),
);
const connection = values([Port.tcp(6379, { name: 'redis' }), Port.tls(6443), Port.https(8443)]);
const allPorts: Any<Port[]> = both(
  both(http, grpc, (one, two) => [one, two]),
  connection,
  (two, one) => [...two, one],
);
const onePort: Any<Port[]> = become(http, 'list', (port) => [port]);
const connections: Any<Port[]> = become(connection, 'list', (port) => [port]);

/** Few protections, so that most of them agree. */
const service = (ports: Any<Port[]>, percent: number): Any<ServiceOptions> =>
  struct<ServiceOptions>('MeshedServiceProps')({
    ...rarer(protections, percent),
    streamingOperations: seldom(listOf(operation, 1, 1)),
    streamIdleTimeout: { some: timeout, percent: 1 },
    ports: always(ports),
  });
/** A service that has what may stay open. */
const streamingService: Any<ServiceOptions> = part<ServiceOptions>('MeshedServiceProps')({
  streamingOperations: always(listOf(httpCall, 1, 1)),
  streamIdleTimeout: always(timeout),
  rateLimit: often(protections.rateLimit.some),
  ports: always(allPorts),
});
/** A service of which the mesh sees no requests. */
const blindService: Any<ServiceOptions> = part<ServiceOptions>('MeshedServiceProps')({
  connectionPool: protections.connectionPool,
  outlierDetection: protections.outlierDetection,
  locality: protections.locality,
  ports: always(connections),
});

function rarer(options: typeof protections, percent: number): typeof protections {
  return Object.fromEntries(
    Object.entries(options).map(([key, option]) => [
      key,
      { ...option, percent: Math.ceil((option.percent * percent) / 100) },
    ]),
  ) as unknown as typeof protections;
}

const requestPorts = values([['http'], ['http', 'grpc'], ['grpc']], [['none'], []]);
const level = part<ScopedResilienceOptions>('ScopedResilienceOptions');
const { streamIdleTimeout: _streams, rateLimit, ...rest } = protections;
const { timeout: _timeout, retries: _retries, ...endpoints } = rest;
const scoped = (percent: number): Any<ScopedResilienceOptions> =>
  weighted(
    [
      3,
      level({
        ...rarer({ ...rest, rateLimit: often(rateLimit.some) } as typeof protections, percent),
        ports: always(requestPorts),
        retryBudget: always(rest.retryBudget.some),
      }),
    ],
    [3, level({ ...rest, callers: always(listOf(caller, 1, 1)), timeout: always(timeout) })],
    [
      1,
      struct<ScopedResilienceOptions>('ScopedResilienceOptions')({
        ...protections,
        ports: often(requestPorts),
        version: seldom(values(['v1'])),
        callers: often(listOf(caller, 1, 2)),
      }),
    ],
  );

/** Protections of one version, which exists where this is used. */
const versioned: Any<ScopedResilienceOptions> = level({
  ...endpoints,
  version: always(values(['v1', 'v1', 'v2'], ['v9'])),
  loadBalancing: always(protections.loadBalancing.some),
});
const host = always(values(['api.stripe.com'], ['*.local', 'stripe']));
const external: Any<ExternalHostProps> = part<ExternalHostProps>('ExternalHostProps')({
  ...hostProtections,
  host,
  ports: always(values([[Port.http(80)], [Port.http(80), Port.https(443)]], [[]])),
});

const ingress: Any<IngressRouteProps> = struct<IngressRouteProps>('IngressRouteProps')({
  host: always(values(['a.example.com'], ['a', '*.example.com'])),
  service: always(ofWorld('cart', (world: World) => world.cart)),
  tls: always(
    factories<typeof IngressTls>('IngressTls')({
      plaintext: become(values(['']), 'IngressTls.plaintext', () => IngressTls.plaintext()),
      credential: become(values(['shop-tls'], ['Shop', '']), 'IngressTls.credential', (name) =>
        IngressTls.credential(name),
      ),
    }),
  ),
  port: { some: values(['http'], ['redis', 'none']), percent: 90 },
  paths: often(listOf(grantedPath, 1, 2)),
  methods: seldom(values([['GET'], ['GET', 'POST']], [['get']])),
  name: often(values(['shop-ingress'], ['Shop', ''])),
});
const grant: Any<AllowOptions> = part<AllowOptions>('AllowOptions')({
  ports: always(values([['http']], [['none'], []])),
  operations: often(listOf(operation, 1, 1)),
});
const route = ofWorld('route', (world: World) => world.cart._entry.routes[0]?.name ?? 'none');
const explaining = (routed: number): Any<ExplainResilienceOptions> =>
  struct<ExplainResilienceOptions>('ExplainResilienceOptions')({
    port: often(values(['http'], ['none'])),
    version: seldom(values(['v1'])),
    caller: often(caller),
    route: { some: weighted([20, route], [1, values<string>([], ['none'])]), percent: routed },
  });

const held = <T>({ some, percent }: Option<T, World>): Option<Later<T>, World> => ({ some: later(some), percent });
const choice = part<Choice>('Choice');
const around = {
  version: held(
    always(
      weighted([40, values(['1.30.3', '1.31.0', '1.29.2'], ['1.21.0', '1.30'])], [1, values(['1.27.9', '1.24.0'])]),
    ),
  ),
  environment: held(always(values([Environment.OTHER, Environment.PRODUCTION], ['test' as Environment]))),
  mesh: held({ some: resilience, percent: 10 }),
  namespace: held({ some: resilience, percent: 10 }),
  external: held({ some: external, percent: 12 }),
  ingress: held(seldom(ingress)),
  grant: held(seldom(grant)),
  otherGranted: held(always(weighted([30, values([true])], [1, values([false])]))),
  explain: held({ some: explaining(1), percent: 25 }),
};
const routes = listOf(later(routeOptions), 1, 3);
const levels = (percent: number) => listOf(later(scoped(percent)), 1, 2);

/** Every option of routing, releases and resilience in random combinations, a good deal of which is refused. */
export const choices: Any<Choice> = weighted(
  [
    4,
    choice({
      ...around,
      service: held(always(service(allPorts, 20))),
      routes: always(routes),
      explain: held(seldom(explaining(60))),
    }),
  ],
  [
    5,
    choice({
      ...around,
      service: held(always(service(allPorts, 20))),
      release: held(always(releases)),
      levels: seldom(listOf(later(versioned), 1, 2)),
      routes: seldom(routes),
    }),
  ],
  [
    4,
    choice({
      ...around,
      service: held(always(service(onePort, 15))),
      matchLabels: held(always(values([{ app: 'cart' }]))),
      release: held(always(controlledRelease)),
    }),
  ],
  [1, choice({ ...around, service: held(always(blindService)), release: held(often(releases)) })],
  [
    1,
    choice({
      ...around,
      service: held(always(streamingService)),
      levels: often(
        listOf(
          later(level({ ports: always(values([['http']], [['none']])), streamIdleTimeout: always(timeout) })),
          1,
          1,
        ),
      ),
      routes: seldom(routes),
    }),
  ],
  [
    1,
    choice({
      ...around,
      service: held(always(service(onePort, 20))),
      bringsWorkload: held(always(values([true]))),
      release: held(always(bringingRelease)),
    }),
  ],
  [
    4,
    choice({
      ...around,
      mesh: held(often(resilience)),
      namespace: held(often(resilience)),
      service: held(always(service(allPorts, 80))),
      levels: { some: levels(80), percent: 70 },
    }),
  ],
  [
    1,
    struct<Choice>('Choice')({
      ...around,
      service: held(always(service(allPorts, 50))),
      matchLabels: held(seldom(values([{ app: 'cart' }]))),
      bringsWorkload: held(seldom(values([true]))),
      levels: seldom(levels(80)),
      routes: often(routes),
      release: held(seldom(releases)),
    }),
  ],
);
