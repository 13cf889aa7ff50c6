import type { HttpMatchProps, IPeer, MeshedService } from '../../../lib';
import {
  CanaryRelease,
  HttpMatch,
  IngressRoute,
  IngressTls,
  Mirror,
  Peer,
  Port,
  RouteAction,
  Workload,
} from '../../../lib';
import type { KubeObject } from '../../../lib/testing';
import { synthesize } from '../../../lib/testing';
import { MeshApp, deployment } from '../mesh-app';
import type { ActionChoice, Choice, MatchChoice, ReleaseChoice, RouteChoice } from './arbitrary';

interface Peers {
  readonly web: IPeer;
  readonly ops: IPeer;
  readonly robot: IPeer;
}

/** The objects of a service with these routes. */
export function synthChoice(choice: Choice): KubeObject[] {
  const app = new MeshApp();
  const [web, other] = [app.service('web'), app.service('other')];
  const peers = {
    web,
    ops: Peer.namespace('ops'),
    robot: Peer.serviceAccount('qa', 'robot', { podLabels: { app: 'robot' } }),
  };
  const version = (name: string) =>
    Workload.of(
      deployment(app.chart, `cart-${name}`, { labels: { app: 'cart', version: name }, ports: [8080, 9000, 6379] }),
    );
  const cart = app.service('cart', {
    workload: version('v1'),
    ports: [Port.http(80, { containerPort: 8080 }), Port.grpc(9000), Port.tcp(6379, { name: 'redis' })],
    ...(choice.streaming === undefined ? {} : { streamingOperations: [choice.streaming()] }),
    ...(choice.streamIdle === undefined ? {} : { streamIdleTimeout: choice.streamIdle() }),
    ...(choice.rateLimit === undefined ? {} : { rateLimit: choice.rateLimit() }),
  });
  for (const route of choice.routes) addRoute(cart, other, peers, route);
  if (choice.release !== undefined) addRelease(cart, other, choice.release, (match) => matchOf(match, peers), version);
  cart.access.allowFrom(web, choice.grant === undefined ? {} : { ports: ['http'], operations: [choice.grant()] });
  if (choice.otherGranted) [web, Peer.ingressGateway()].forEach((peer) => other.access.allowFrom(peer));
  if (choice.ingress !== undefined) {
    new IngressRoute(app.chart, 'Ingress', {
      host: 'a.example.com',
      service: cart,
      port: 'http',
      tls: IngressTls.plaintext(),
      paths: choice.ingress.map((make) => make()),
    });
  }
  return synthesize(app.chart);
}

function addRelease(
  cart: MeshedService,
  other: MeshedService,
  choice: ReleaseChoice,
  match: (choice: MatchChoice) => HttpMatch,
  version: (name: string) => Workload,
): void {
  const { percent, candidateWhen, further, share, mirror, ending } = choice;
  new CanaryRelease(cart, 'Release', {
    service: cart,
    stable: { version: 'v1' },
    ...(percent === undefined ? {} : { candidate: { version: 'v2', workload: version('v2'), weightPercent: percent } }),
    ...(candidateWhen === undefined ? {} : { candidateWhen: [match(candidateWhen)] }),
    furtherCandidates: further.map((one, index) => ({
      version: `v${index + 3}`,
      workload: version(`v${index + 3}`),
      weightPercent: one.percent,
      ...(one.when === undefined ? {} : { when: [match(one.when)] }),
    })),
    ...(share === undefined ? {} : { share: share() }),
    ...(mirror === undefined ? {} : { mirror: mirrorOf(mirror, cart, other, version) }),
    ending,
  });
}

function mirrorOf(
  { to, percent, operations }: NonNullable<ReleaseChoice['mirror']>,
  cart: MeshedService,
  other: MeshedService,
  version: (name: string) => Workload,
): Mirror {
  const options = { percent, ...(operations === undefined ? {} : { operations: operations.map((make) => make()) }) };
  return to === 'version'
    ? Mirror.toVersion({ version: 'shadow', workload: version('shadow'), ...options })
    : Mirror.toService(to === 'other' ? other : cart, options);
}

function addRoute(cart: MeshedService, other: MeshedService, peers: Peers, route: RouteChoice): void {
  const { matches, action, timeout, retries, ...rest } = route;
  cart.addRoute({
    ...defined(rest),
    name: route.name,
    matches: matches.map((match) => matchOf(match, peers)),
    ...(action.kind === 'none' ? {} : { action: actionOf(action, other) }),
    ...(timeout === undefined ? {} : { timeout: timeout() }),
    ...(retries === undefined ? {} : { retries: retries() }),
  });
}

function matchOf({ path, methods, headers, query, caller }: MatchChoice, peers: Peers): HttpMatch {
  const props: HttpMatchProps = {
    ...(path === undefined ? {} : { path: path() }),
    ...(methods === undefined ? {} : { methods }),
    ...(headers === undefined ? {} : { headers: headers.map((make) => make()) }),
    ...(query === undefined ? {} : { query: [query()] }),
    ...(caller === undefined ? {} : { callers: [peers[caller]] }),
  };
  return HttpMatch.allOf(props);
}

function actionOf(action: Exclude<ActionChoice, { kind: 'none' }>, service: MeshedService): RouteAction {
  switch (action.kind) {
    case 'forward': {
      const { other, rewritePath, rewriteHost } = action;
      return RouteAction.forward({ ...defined({ rewritePath, rewriteHost }), ...(other ? { service } : {}) });
    }
    case 'redirect': {
      const { status, host, path } = action;
      return RouteAction.redirect(defined({ status, host, path }));
    }
    case 'respond':
      return RouteAction.respond(action.status, action.body);
  }
}

/** An object without its undefined fields, as one who leaves them out writes it. */
function defined<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
