import { Duration } from 'cdk8s';
import type { MeshedService, MeshedServiceProps } from '../../../lib';
import {
  CanaryRelease,
  ExternalHost,
  HeaderMatch,
  HttpMatch,
  PathMatch,
  Peer,
  Port,
  Retries,
  RetryBudget,
  RouteAction,
  Timeout,
  Workload,
} from '../../../lib';
import { Code } from '../../../lib/errors';
import { MeshApp, deployment } from '../mesh-app';
import type { Provocation } from './provocation';

const QUIET = { retries: Retries.off(), retryBudget: RetryBudget.of({ percent: 10 }) };
const OPS = Peer.namespace('ops');
const to = (path: string) => [HttpMatch.allOf({ path: PathMatch.exact(path) })];
const seconds = { timeout: Timeout.of(Duration.seconds(3)) };

/** What becomes of `shop/cart` after this was said of it. */
function said(say: (cart: MeshedService, app: MeshApp) => void, props: Partial<MeshedServiceProps> = {}) {
  return () => {
    const app = new MeshApp();
    say(app.service('cart', props), app);
    return app.objects();
  };
}

/** A release of `shop/cart` whose candidate is for some callers. */
function release(cart: MeshedService, app: MeshApp): void {
  const pods = deployment(app.chart, 'v2', { labels: { app: 'cart', version: 'v2' } });
  new CanaryRelease(app.chart, 'Release', {
    service: cart,
    stable: { version: 'v1' },
    candidate: { version: 'v2', workload: Workload.of(pods), weightPercent: 0 },
    candidateWhen: [HttpMatch.allOf({ callers: [OPS] })],
  });
}

function versioned(app: MeshApp): Workload {
  return Workload.of(deployment(app.chart, 'v1', { labels: { app: 'cart', version: 'v1' } }));
}

const REFUSED: readonly [string, Code, string, () => unknown][] = [
  ['a retry budget where nothing is repeated', Code.RESILIENCE, 'retryBudget', said(() => undefined, QUIET)],
  [
    'a retry budget of a port where nothing is repeated',
    Code.RESILIENCE,
    'http',
    said((cart) => cart.addResilience({ ports: ['http'], ...QUIET })),
  ],
  [
    'a retry budget of a host outside where nothing is repeated',
    Code.RESILIENCE,
    'api.stripe.com',
    () => new ExternalHost(new MeshApp().chart, 'Stripe', { host: 'api.stripe.com', ports: [Port.http(80)], ...QUIET }),
  ],
  [
    'a route that changes nothing',
    Code.ROUTE,
    'same',
    said((cart) => cart.addRoute({ name: 'same', matches: to('/a'), action: RouteAction.forward() })),
  ],
  [
    'a route that takes nothing from those that it could take from',
    Code.ROUTE,
    'same',
    said((cart) => {
      cart.addRoute({ name: 'same', matches: [HttpMatch.allOf({ path: PathMatch.prefix('/a') })] });
      cart.addRoute({ name: 'closed', matches: to('/a/b'), action: RouteAction.respond(503) });
    }),
  ],
  [
    'a route to the service that it is a route of',
    Code.ROUTE,
    'shop/cart',
    said((cart) => {
      cart.addRoute({ name: 'round', matches: to('/a'), action: RouteAction.forward({ service: cart }) });
    }),
  ],
  [
    'a route for a caller without a grant',
    Code.ROUTE,
    'shop/cart',
    said((cart) => {
      cart.addRoute({ name: 'ops', matches: [HttpMatch.allOf({ callers: [OPS] })], ...seconds });
    }),
  ],
  [
    'a level for a caller without a grant',
    Code.RESILIENCE,
    'shop/web',
    said((cart, app) => cart.addResilience({ callers: [app.service('web')], ...seconds })),
  ],
  [
    'a candidate for a caller without a grant',
    Code.RELEASE,
    'v2',
    () => {
      const app = new MeshApp();
      release(app.service('cart', { workload: versioned(app) }), app);
      return app.objects();
    },
  ],
  [
    'the settings of a version that is not there',
    Code.RESILIENCE,
    'nope',
    said((cart) => cart.explainResilience({ version: 'nope' })),
  ],
  [
    'the settings of a caller whom no proxy knows',
    Code.MATCH,
    'ingressGateway',
    said((cart) => cart.explainResilience({ caller: Peer.ingressGateway() })),
  ],
  [
    'three cookies in one match',
    Code.MATCH,
    'cookie',
    () => HttpMatch.allOf({ headers: ['a', 'b', 'c'].map((name) => HeaderMatch.cookie(name, '1')) }),
  ],
  [
    'one cookie with two values in one match',
    Code.MATCH,
    'cookie',
    () => HttpMatch.allOf({ headers: ['1', '2'].map((value) => HeaderMatch.cookie('a', value)) }),
  ],
];

export const IDLE: readonly Provocation[] = REFUSED.map(([input, code, value, provoke]) => ({
  input,
  code,
  value,
  provoke,
}));
