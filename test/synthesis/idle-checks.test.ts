import { Duration } from 'cdk8s';
import type { MeshedService, MeshedServiceProps } from '../../lib';
import {
  Enforcement,
  HttpMatch,
  MeshedNamespace,
  PathMatch,
  Peer,
  Port,
  Retries,
  RetryBudget,
  RouteAction,
  Timeout,
} from '../../lib';
import { MeshApp } from '../support/mesh-app';

const QUIET = { retries: Retries.off(), retryBudget: RetryBudget.of({ percent: 10 }) };
const OPS = Peer.namespace('ops');
const seconds = { timeout: Timeout.of(Duration.seconds(3)) };
const to = (path: string) => [HttpMatch.allOf({ path: PathMatch.exact(path) })];

/** What becomes of `shop/cart` after this was said of it. */
function said(say: (cart: MeshedService, app: MeshApp) => void, props: Partial<MeshedServiceProps> = {}) {
  return () => {
    const app = new MeshApp();
    say(app.service('cart', props), app);
    return app.objects();
  };
}

test.each<[string, () => unknown]>([
  [
    'a retry budget whose service repeats nothing and a route of it something',
    said((cart) => cart.addRoute({ name: 'a', matches: to('/a'), retries: Retries.of({ attempts: 1 }) }), QUIET),
  ],
  [
    'a route that takes requests from another one',
    said((cart) => {
      cart.addRoute({ name: 'open', matches: to('/a/b') });
      const matches = [HttpMatch.allOf({ path: PathMatch.prefix('/a') })];
      cart.addRoute({ name: 'closed', matches, action: RouteAction.respond(503) });
    }),
  ],
  [
    'a route from one port of a service to another one',
    said(
      (cart) => {
        const action = RouteAction.forward({ service: cart, port: 'admin' });
        cart.addRoute({ name: 'admin', ports: ['http'], matches: to('/admin'), action });
      },
      { ports: [Port.http(80, { containerPort: 8080 }), Port.http(81, { name: 'admin', containerPort: 8080 })] },
    ),
  ],
  [
    'a level for a service in a namespace that has a grant',
    said((cart, app) => {
      cart.access.allowFrom(Peer.namespace('shop'));
      cart.addResilience({ callers: [app.service('web')], ...seconds });
    }),
  ],
  [
    'a level for a caller where nobody is refused',
    () => {
      const app = new MeshApp();
      const namespace = new MeshedNamespace(app.chart, 'Open', { name: 'shop' });
      app.service('cart', { namespace }).addResilience({ callers: [OPS], ...seconds });
      return app.objects();
    },
  ],
  [
    'a level for a caller whose refusal is only counted',
    said((cart) => cart.addResilience({ callers: [OPS], ...seconds }), {
      enforcement: Enforcement.dryRun({ reason: 'we look first', until: '2099-01-01' }),
    }),
  ],
])('%s does something', (_, make) => {
  expect(make).not.toThrow();
});
