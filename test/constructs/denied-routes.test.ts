import type { DenyOptions, MeshedService } from '../../lib';
import {
  CanaryRelease,
  HttpMatch,
  IngressRoute,
  IngressTls,
  IstioPathNormalization,
  Mirror,
  Operation,
  PathMatch,
  Peer,
  RouteAction,
} from '../../lib';
import { MeshApp, thrown } from '../support/mesh-app';

const under = (path: string) => [Operation.http({ paths: [PathMatch.prefix(path)] })];

interface Shop {
  readonly app: MeshApp;
  readonly cart: MeshedService;
  readonly pay: MeshedService;
  readonly web: MeshedService;
}

/** `cart`, where `web` may call `/api`, and `pay`, where every service of the namespace may call everything. */
function shop(): Shop {
  const app = new MeshApp({ pathNormalization: IstioPathNormalization.MERGE_SLASHES });
  const [cart, pay, web] = [app.service('cart'), app.service('pay'), app.service('web')];
  cart.access.allowFrom(web, { operations: under('/api') });
  pay.access.allowFrom(Peer.namespace('shop'));
  return { app, cart, pay, web };
}

function led({ cart, pay }: Shop): void {
  cart.addRoute({
    name: 'moved',
    matches: [HttpMatch.allOf({ path: PathMatch.prefix('/api') })],
    action: RouteAction.forward({ service: pay }),
  });
}

test('a route to a service that denies its caller names the denial', () => {
  const made = shop();
  made.pay.access.denyFrom(made.web);
  led(made);
  expect(thrown(() => made.app.objects())).toMatch(
    /MESH-API-064: route `moved` of `shop\/cart` leads `shop\/web` to `shop\/pay`, path `\/api`, which refuses it by the denial of `shop\/web`; fix: limit that denial, `access.denyFrom` of `shop\/pay`/,
  );
});

test.each<[string, (made: Shop) => void]>([
  ['others', ({ app, pay }) => pay.access.denyFrom(app.service('batch'))],
  ['other paths', ({ pay, web }) => pay.access.denyFrom(web, { operations: under('/admin') })],
  ['a part of its paths', ({ pay, web }) => pay.access.denyFrom(web, { operations: under('/api/admin') })],
  ['all but its caller', ({ pay, web }) => pay.access.denyFromAllBut([web])],
])('a route is fine where the denial is of %s', (_, deny) => {
  const made = shop();
  led(made);
  deny(made);
  expect(() => made.app.objects()).not.toThrow();
});

test('several denials that leave nothing together are all named', () => {
  const made = shop();
  led(made);
  const of = (...methods: string[]): DenyOptions => ({ operations: [Operation.http({ methods })] });
  made.cart.access.allowFrom(made.app.service('batch'), {
    operations: [Operation.http({ methods: ['GET', 'POST'], paths: [PathMatch.exact('/api/a')] })],
  });
  made.pay.access.denyFrom(Peer.serviceAccount('shop', 'batch'), of('GET'));
  expect(() => made.app.objects()).not.toThrow();
  made.pay.access.denyFromAll(of('POST'));
  expect(thrown(() => made.app.objects())).toContain(
    'which refuses it by the denial of service account `shop/batch` and of everybody',
  );
});

test('a rewrite into a path that its own service denies names the denial', () => {
  const made = shop();
  made.cart.access.allowFrom(Peer.namespace('shop'), { operations: under('/internal') });
  made.cart.access.denyFrom(made.web, { operations: under('/internal') });
  made.cart.addRoute({
    name: 'inside',
    matches: [HttpMatch.allOf({ path: PathMatch.prefix('/api') })],
    action: RouteAction.forward({ rewritePath: '/internal' }),
  });
  expect(thrown(() => made.app.objects())).toContain(
    'route `inside` of `shop/cart` rewrites what `shop/web` sends to `/api` into `/internal`, which refuses it by the denial of `shop/web`',
  );
});

test('a gateway that a route leads to where it is denied is told', () => {
  const made = shop();
  led(made);
  made.pay.access.allowFrom(Peer.ingressGateway());
  made.pay.access.denyFrom(Peer.ingressGateway(), { operations: under('/api') });
  new IngressRoute(made.app.chart, 'Ingress', {
    host: 'a.example.com',
    service: made.cart,
    tls: IngressTls.plaintext(),
    paths: [PathMatch.prefix('/api')],
  });
  expect(thrown(() => made.app.objects())).toContain(
    'leads the ingress gateway to `shop/pay`, path `/api`, which refuses it by the denial of the ingress gateway',
  );
});

test('a mirror to a service that denies the caller names the denial', () => {
  const made = shop();
  made.pay.access.denyFrom(made.web, { operations: [Operation.http({ methods: ['GET', 'HEAD', 'OPTIONS'] })] });
  new CanaryRelease(made.app.chart, 'Release', {
    service: made.cart,
    stable: { version: 'v1' },
    mirror: Mirror.toService(made.pay, { percent: 10 }),
  });
  expect(thrown(() => made.app.objects())).toContain(
    'is mirrored to `shop/pay`, path `/api`, which refuses it by the denial of `shop/web`',
  );
});
