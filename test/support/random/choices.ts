import type {
  AllowOptions,
  CanaryReleaseProps,
  ConnectionRouteOptions,
  ExplainResilienceOptions,
  ExternalHostProps,
  IngressPortProps,
  IngressRouteProps,
  ResilienceOptions,
  RouteOptions,
  ScopedResilienceOptions,
} from '../../../lib';
import { Environment } from '../../../lib';
import { explaining, external, grant, httpGrant } from './around';
import { connectionRoutes } from './connection-routes';
import { ingress, portIngress, requestIngress } from './ingress';
import { callerLevel, scoped, streams, versioned } from './levels';
import { bringingRelease, controlledRelease, releases } from './releases';
import { resilience } from './resilience';
import { routeOptions } from './routes';
import type { ServiceOptions } from './services';
import { allPorts, anyPorts, blindService, connectedService, onePort, service, streamingService } from './services';
import type { Option } from './some';
import { always, later, listOf, often, part, seldom, struct, values, weighted } from './some';
import type { Any, World } from './world';

/** Something that is made when what it is for stands. */
export type Later<T> = (world: World) => T;

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
  readonly connections?: readonly Later<ConnectionRouteOptions>[];
  readonly release?: Later<CanaryReleaseProps>;
  readonly external?: Later<ExternalHostProps>;
  readonly ingress?: Later<IngressRouteProps>;
  readonly connectionIngress?: Later<IngressPortProps>;
  readonly grant?: Later<AllowOptions>;
  readonly otherGranted: Later<boolean>;
  readonly explain?: Later<ExplainResilienceOptions>;
}

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
  external: held({ some: external, percent: 25 }),
  ingress: held({ some: ingress, percent: 35 }),
  connectionIngress: held({ some: portIngress, percent: 8 }),
  grant: held({ some: grant, percent: 25 }),
  otherGranted: held(always(weighted([30, values([true])], [1, values([false])]))),
  explain: held({ some: explaining(1), percent: 25 }),
};
/** The same where there is one port. */
const alone = {
  ...around,
  ingress: held({ some: requestIngress, percent: 35 }),
  connectionIngress: held({ some: portIngress, percent: 0 }),
  grant: held(seldom(httpGrant)),
};
/** The same where no port carries requests. */
const { ingress: _ingress, grant: _grant, explain: _explain, ...connected } = around;
const routes = listOf(later(routeOptions), 1, 3);
const levels = (percent: number) => listOf(later(weighted([18, scoped(percent)], [1, streams])), 1, 2);

/** Every option of routing, releases and resilience in random combinations, a good deal of which is refused. */
export const choices: Any<Choice> = weighted(
  [
    6,
    choice({
      ...around,
      service: held(always(service(allPorts, 20))),
      routes: always(routes),
      explain: held(often(explaining(60))),
    }),
  ],
  [
    5,
    choice({
      ...around,
      service: held(always(service(allPorts, 20))),
      release: held(always(releases)),
      explain: held(often(explaining(1, 40))),
      levels: { some: listOf(later(versioned), 1, 2), percent: 24 },
      routes: seldom(routes),
    }),
  ],
  [
    5,
    choice({
      ...alone,
      service: held(always(service(onePort, 15))),
      matchLabels: held(always(values([{ app: 'cart' }]))),
      release: held(always(controlledRelease)),
    }),
  ],
  [1, choice({ ...around, service: held(always(blindService)), release: held(often(releases)) })],
  [
    2,
    choice({
      ...connected,
      service: held(always(connectedService)),
      connections: always(listOf(later(connectionRoutes), 1, 2)),
      release: { some: later(releases), percent: 5 },
      levels: seldom(listOf(later(callerLevel), 1, 1)),
    }),
  ],
  [
    2,
    choice({
      ...around,
      service: held(always(streamingService)),
      levels: often(listOf(later(streams), 1, 1)),
      routes: seldom(routes),
    }),
  ],
  [
    2,
    choice({
      ...alone,
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
      levels: { some: levels(80), percent: 90 },
    }),
  ],
  [
    1,
    struct<Choice>('Choice')({
      ...around,
      service: held(always(service(anyPorts, 30))),
      matchLabels: held(seldom(values([{ app: 'cart' }]))),
      bringsWorkload: held(seldom(values([true]))),
      levels: seldom(levels(80)),
      connections: { some: listOf(later(connectionRoutes), 1, 1), percent: 5 },
      routes: often(routes),
      release: held(seldom(releases)),
    }),
  ],
);
