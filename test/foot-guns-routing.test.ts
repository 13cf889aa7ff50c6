import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, Chart } from 'cdk8s';
import type { MeshedService } from '../lib';
import {
  CanaryRelease,
  ExternalHost,
  HttpMatch,
  IstioMesh,
  Mesh,
  MeshApp as TidyApp,
  MeshedService as Service,
  Operation,
  OutputLayout,
  PathMatch,
  Port,
  RouteAction,
  Workload,
  ZeroTrustNamespace,
} from '../lib';
import { MeshApp, at, deployment, thrown } from './support/mesh-app';

// Mistakes that Istio accepts and punishes later, by number: each is an error here, or cannot be written.

/** A version of `cart`, which a candidate shares requests with. */
function release(chart: Chart, cart: MeshedService): void {
  const pods = deployment(chart, 'cart-v2', { labels: { app: 'cart', version: 'v2' } });
  new CanaryRelease(cart, 'Release', {
    service: cart,
    stable: { version: 'v1' },
    candidate: { version: 'v2', workload: Workload.of(pods), weightPercent: 20 },
  });
}

function stable(chart: Chart): Workload {
  return Workload.of(deployment(chart, 'cart-v1', { labels: { app: 'cart', version: 'v1' } }));
}

describe('1. a route to a subset that no DestinationRule defines, or that comes later', () => {
  test('every subset that routes lead to is defined by the DestinationRule of that host', () => {
    const app = new MeshApp();
    const cart = app.service('cart', { workload: stable(app.chart) });
    const web = app.service('web');
    release(app.chart, cart);
    const matches = [HttpMatch.allOf({ path: PathMatch.prefix('/cart') })];
    web.addRoute({ name: 'to-cart', matches, action: RouteAction.forward({ service: cart }) });
    cart.access.allowFrom(web);
    const subsets = JSON.stringify(at(app.find('DestinationRule', 'cart'), 'spec', 'subsets'));
    const led = app
      .objects()
      .filter(({ kind }) => kind === 'VirtualService')
      .flatMap((route) => JSON.stringify(route).match(/"subset":"[^"]*"/g) ?? []);
    expect(new Set(led)).toEqual(new Set(['"subset":"v1"', '"subset":"v2"']));
    for (const subset of new Set(led)) expect(subsets).toContain(subset.replace('subset', 'name'));
  });

  test.each(Object.values(OutputLayout))('it comes before the route in what is written %s', (layout) => {
    const outdir = mkdtempSync(join(tmpdir(), 'subsets-'));
    const app = new TidyApp({ outdir, layout, kustomization: true });
    Mesh.use(app, new IstioMesh({ version: '1.30.3' }));
    const chart = new Chart(app, 'shop', { namespace: 'shop' });
    new ZeroTrustNamespace(chart, 'Namespace', { name: 'shop' });
    const ports = [Port.http(80, { containerPort: 8080 })];
    release(chart, new Service(chart, 'Cart', { name: 'cart', ports, workload: stable(chart) }));
    app.synth();
    const order = readFileSync(join(outdir, 'kustomization.yaml'), 'utf8');
    const files = readdirSync(outdir, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.k8s.yaml'))
      .sort((a, b) => order.indexOf(a) - order.indexOf(b));
    const kinds = files
      .flatMap((file) => readFileSync(join(outdir, file), 'utf8').match(/^kind: \w+/gm) ?? [])
      .filter((kind) => /DestinationRule|VirtualService/.test(kind));
    expect(kinds).toEqual(['kind: DestinationRule', 'kind: VirtualService']);
  });
});

/** `cart` in `shop` and an object of somebody else. */
function withObject(kind: string, spec: object, namespace = 'shop'): MeshApp {
  const app = new MeshApp();
  app.service('cart');
  new ZeroTrustNamespace(app.chart, 'Ops', { name: 'ops' });
  new ExternalHost(app.chart, 'Stripe', { host: 'api.stripe.com', ports: [Port.https(443)] });
  new ApiObject(app.chart, 'Own', {
    apiVersion: 'networking.istio.io/v1',
    kind,
    metadata: { name: 'own', namespace },
    spec,
  });
  return app;
}

describe('4. two VirtualServices for one mesh host', () => {
  test('routes of several places become one', () => {
    const app = new MeshApp();
    const cart = app.service('cart');
    const to = (path: string) => [HttpMatch.allOf({ path: PathMatch.exact(path) })];
    cart.addRoute({ name: 'one', matches: to('/one'), action: RouteAction.respond(404) });
    cart.addRoute({ name: 'two', matches: to('/two'), action: RouteAction.respond(410) });
    const found = app
      .objects()
      .filter(({ kind, spec }) => kind === 'VirtualService' && at(spec, 'gateways') === undefined);
    expect(found.map(({ spec }) => at(spec, 'hosts'))).toEqual([['cart.shop.svc.cluster.local']]);
  });

  test.each([
    ['cart', 'shop'],
    ['cart.shop', 'ops'],
    ['cart.shop.svc', 'ops'],
    ['cart.shop.svc.cluster.local', 'elsewhere'],
    ['CART.shop.svc.cluster.local', 'elsewhere'],
    ['*', 'elsewhere'],
    ['*.local', 'elsewhere'],
    ['*.shop.svc.cluster.local', 'ops'],
    ['api.stripe.com', 'ops'],
    ['*.stripe.com', 'ops'],
  ])('another one for %s in namespace %s is an error', (host, namespace) => {
    const app = withObject('VirtualService', { hosts: ['other.example.com', host] }, namespace);
    expect(thrown(() => app.objects())).toMatch(/MESH-API-036: VirtualService `shop\/Own` is for .*; fix: (say|name)/);
  });

  test('another one with an empty list of gateways is one for the mesh, and an error', () => {
    const app = withObject('VirtualService', { hosts: ['cart'], gateways: [] });
    expect(thrown(() => app.objects())).toContain('MESH-API-036: VirtualService `shop/Own` is for ');
  });

  test.each([
    [['cart'], undefined, 'ops'],
    [['cart'], ['shop/public'], 'shop'],
    [['*'], ['shop/public'], 'shop'],
    [['cart.example.com', '*.example.com'], undefined, 'shop'],
  ])('one for %s at the gateways %s in namespace %s is none of these', (hosts, gateways, namespace) => {
    const app = withObject('VirtualService', { hosts, ...(gateways === undefined ? {} : { gateways }) }, namespace);
    expect(() => app.objects()).not.toThrow();
  });
});

describe('8. a broad DestinationRule, or one in the namespace of a caller', () => {
  test.each([
    ['*.local', 'ops', '`\\*\\.local`, also for `shop/cart`'],
    ['*', 'ops', '`\\*`'],
    ['*.svc.cluster.local', 'ops', '`shop/cart`'],
    ['*.stripe.com', 'ops', '`api.stripe.com`'],
    ['api.stripe.com', 'ops', '`api.stripe.com`'],
    ['cart.shop.svc.cluster.local', 'ops', '`shop/cart`'],
    ['cart', 'shop', '`shop/cart`'],
  ])('one for %s in namespace %s is an error that names it', (host, namespace, named) => {
    const app = withObject('DestinationRule', { host }, namespace);
    expect(thrown(() => app.objects())).toMatch(
      new RegExp(`MESH-API-036: DestinationRule \`shop/Own\` is for .*${named}.*; fix: `),
    );
  });

  test.each([
    ['*.shop.svc.cluster.local', 'shop'],
    ['*.example.com', 'ops'],
    ['cart', 'ops'],
  ])('one for %s in namespace %s hides nothing', (host, namespace) => {
    expect(() => withObject('DestinationRule', { host }, namespace).objects()).not.toThrow();
  });

  test('one for a service of another team is an error, but where the owner may have it', () => {
    const app = (namespace: string) => {
      const built = withObject('DestinationRule', { host: 'pay.bank.svc.cluster.local' }, namespace);
      Service.fromRef(built.chart, 'Pay', {
        name: 'pay',
        namespace: 'bank',
        ports: [Port.http(80)],
        serviceAccount: 'pay',
        podLabels: { app: 'pay' },
      });
      return built;
    };
    expect(thrown(() => app('ops').objects())).toMatch(
      /MESH-API-036: .*`bank\/pay`.* would be used in the place of its owner's; fix: let/,
    );
    expect(() => app('bank').objects()).not.toThrow();
  });
});

describe('12. the order of routes, their end, and the border of a prefix', () => {
  test('the specific comes before the general, whatever is added first, and a final route takes the rest', () => {
    const app = new MeshApp();
    const cart = app.service('cart');
    const prefix = (path: string) => [HttpMatch.allOf({ path: PathMatch.prefix(path) })];
    cart.addRoute({ name: 'all', matches: prefix('/'), action: RouteAction.respond(404) });
    cart.addRoute({ name: 'api', matches: prefix('/api'), action: RouteAction.respond(503) });
    const routes = at(app.find('VirtualService', 'cart'), 'spec', 'http') as { name?: string; match?: object[] }[];
    const first = (text: string) => routes.findIndex((route) => JSON.stringify(route.match ?? []).includes(text));
    expect(first('"/api/"')).toBeLessThan(first('"prefix":"/"'));
    expect(JSON.stringify(routes.at(-1)?.match ?? [])).not.toMatch(/uri|headers|method/);
  });

  test('a route that another one takes everything from is an error that names both', () => {
    const app = new MeshApp();
    const cart = app.service('cart');
    const matches = [HttpMatch.allOf({ path: PathMatch.exact('/a') })];
    ['one', 'two'].forEach((name) => cart.addRoute({ name, matches }));
    expect(thrown(() => app.objects())).toMatch(/MESH-API-064: routes `one`, `two` of .*; fix: narrow/);
  });

  test('a prefix ends on a segment border in routes and in grants', () => {
    const app = new MeshApp();
    const cart = app.service('cart');
    const path = PathMatch.prefix('/admin');
    cart.addRoute({ name: 'admin', matches: [HttpMatch.allOf({ path })], action: RouteAction.respond(403) });
    cart.access.allowFrom(app.service('web'), { ports: ['http'], operations: [Operation.http({ paths: [path] })] });
    const texts = [app.find('VirtualService', 'cart'), app.find('AuthorizationPolicy', 'cart')].map((object) =>
      JSON.stringify(object),
    );
    expect(texts[0]).toContain('{"exact":"/admin"}');
    expect(texts[0]).toContain('{"prefix":"/admin/"}');
    expect(texts[0]).not.toContain('"prefix":"/admin"');
    expect(texts[1]).toContain('"paths":["/admin","/admin/*"]');
  });
});
