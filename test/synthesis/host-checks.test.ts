import { ApiObject } from 'cdk8s';
import { ConnectionPool, ExternalHost, MeshedService, Peer, Port } from '../../lib';
import { MeshApp, at, thrown } from '../support/mesh-app';

/** An app that owns `shop/cart`, calls `bank/ledger` of another one and `api.stripe.com`, and has an object of its own. */
function appWith(kind: string, namespace: string, spec: Record<string, unknown>): MeshApp {
  const app = new MeshApp();
  const cart = app.service('cart');
  const stripe = new ExternalHost(app.chart, 'Stripe', { host: 'api.stripe.com', ports: [Port.https(443)] });
  const ledger = MeshedService.fromRef(app.chart, 'Ledger', {
    name: 'ledger',
    namespace: 'bank',
    serviceAccount: 'ledger',
    podLabels: { app: 'ledger' },
    ports: [Port.http(80)],
  });
  cart.access.allowTo(ledger);
  cart.access.allowTo(stripe);
  new ApiObject(app.chart, 'Own', {
    apiVersion: 'networking.istio.io/v1',
    kind,
    metadata: { name: 'own', namespace },
    spec,
  });
  return app;
}

const rule = (namespace: string, host: string) => () => appWith('DestinationRule', namespace, { host }).objects();
const routes = (namespace: string, host: string, gateways = ['mesh']) => {
  return () => appWith('VirtualService', namespace, { hosts: [host], gateways }).objects();
};

test.each(['*', '*.local', '*.bank.svc.cluster.local'])(
  'a DestinationRule for `%s` in the namespace of a caller would hide that of the service',
  (host) => {
    expect(thrown(rule('shop', host))).toMatch(
      /MESH-API-036: DestinationRule `shop\/Own` is for `\*.*`, also for `bank\/ledger`, .*; fix: name one by one/,
    );
  },
);

test('a DestinationRule for many hosts where all that are known have rules that are more specific is kept', () => {
  expect(rule('shop', '*.shop.svc.cluster.local')).not.toThrow();
  expect(rule('shop', '*.example.com')).not.toThrow();
  expect(thrown(rule('elsewhere', '*.shop.svc.cluster.local'))).toContain('also for `shop/cart`');
});

test.each(['ledger.bank.svc.cluster.local', 'ledger.bank'])(
  "rules and routes for `%s`, a service of another app, would be used in the place of its owner's",
  (host) => {
    const error =
      /MESH-API-036: .* `shop\/Own` is for the host of `bank\/ledger`, which another app owns, .*; fix: let the owner/;
    expect(thrown(rule('shop', host))).toMatch(error);
    expect(thrown(routes('shop', host))).toMatch(error);
    expect(rule('bank', host)).not.toThrow();
  },
);

test('routes for many hosts inside the mesh are refused where one of them has its own, and kept at gateways', () => {
  expect(thrown(routes('shop', '*.shop.svc.cluster.local'))).toMatch(/MESH-API-036: VirtualService .*`shop\/cart`/);
  expect(routes('shop', '*.shop.svc.cluster.local', ['shop/edge'])).not.toThrow();
});

test('rules and routes for an external host that is declared are refused', () => {
  for (const second of [rule('shop', 'api.stripe.com'), routes('shop', 'api.stripe.com')]) {
    expect(thrown(second)).toMatch(/MESH-API-036: .* is for the host of `api\.stripe\.com` \(`shop\/Stripe`\)/);
  }
  expect(rule('shop', 'api.example.com')).not.toThrow();
});

describe("a VirtualService of the user's own", () => {
  const to = (subset: string, spec: Record<string, unknown> = { gateways: ['edge/public'] }, host = 'cart') => {
    const destination = { host, subset };
    const app = appWith('VirtualService', 'shop', {
      hosts: ['a.example.com'],
      http: [{ route: [{ destination }] }],
      ...spec,
    });
    const cart = app.chart.node.findAll().find((one) => one instanceof MeshedService && one.serviceName === 'cart');
    if (cart instanceof MeshedService) {
      cart.access.allowFrom(Peer.namespace('ops'));
      cart.addResilience({
        callers: [Peer.namespace('ops')],
        connectionPool: ConnectionPool.of({ maxConnections: 1 }),
      });
    }
    return app;
  };

  test.each([
    ['at a gateway', { gateways: ['edge/public'] }, 'cart'],
    ['inside the mesh', {}, 'cart.shop.svc.cluster.local'],
  ])('%s that routes to a subset which the service does not have is refused', (_, spec, host) => {
    expect(thrown(() => to('v9', spec, host).objects())).toMatch(
      /MESH-API-069: `VirtualService shop\/own` \(`shop\/Own`\) routes to subset `v9` of `shop\/cart`, whose rules define `from-ops-\w+`, .*503; fix: /,
    );
  });

  test('that routes to one that it has, or to a host of somebody else, is kept', () => {
    const rule = to('v1', {}, 'elsewhere.example.com').find('DestinationRule', 'cart');
    const [subset] = at(rule, 'spec', 'subsets') as { readonly name: string }[];
    expect(() => to(subset?.name ?? '').objects()).not.toThrow();
  });
});
