import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApiObject } from 'cdk8s';
import { App, Chart, Testing, Yaml, YamlOutputType } from 'cdk8s';
import {
  Environment,
  ExternalHost,
  IngressRoute,
  IngressTls,
  IstioMesh,
  Mesh,
  Operation,
  PathMatch,
  Peer,
  Port,
} from '../../lib';
import { validateObjects } from '../../lib/schemas';
import { MeshApp, PROVIDERS, deployment, names, printed } from '../support/mesh-app';

/** A mesh with something of everything. */
function everything(): MeshApp {
  const app = new MeshApp({ providers: PROVIDERS ?? [] });
  const frontend = app.service('frontend', { providers: ['opa'] });
  const cart = app.service('cart', {
    ports: [Port.grpc(9000, { containerPort: 8080 })],
    streamingOperations: [Operation.grpc('shop.Cart', 'Watch')],
  });
  const redis = app.service('redis', { ports: [Port.tcp(6379, { containerPort: 8080 })] });
  cart.access.allowFrom(frontend, { operations: [Operation.grpc('shop.Cart', 'Get', 'Add')] });
  redis.access.allowFrom(cart);
  redis.access.allowFrom(Peer.kubernetesApi(), { ports: ['tcp'] });
  frontend.access.allowTo(Peer.kubernetesApi());
  frontend.access.allowFrom(Peer.namespace('ops'));
  frontend.access.allowTo(
    new ExternalHost(app.chart, 'Stripe', { host: 'api.stripe.com', ports: [Port.https(443), Port.http(80)] }),
  );
  new IngressRoute(app.chart, 'Ingress', {
    host: 'shop.example.com',
    service: frontend,
    tls: IngressTls.credential('shop-example-com'),
    paths: [PathMatch.prefix('/cart'), PathMatch.template('/users/{*}')],
  });
  return app;
}

test('every object is valid under its schema and its rules', () => {
  expect(validateObjects(everything().objects())).toEqual([]);
});

test('kinds of the mesh are emitted at v1 where it is served, and nothing deprecated', () => {
  const found = everything().objects();
  const served = found.filter(({ apiVersion, kind }) => apiVersion.includes('istio') && kind !== 'EnvoyFilter');
  const versions = new Set(served.map((o) => o.apiVersion));
  expect([...versions].sort()).toEqual(['networking.istio.io/v1', 'security.istio.io/v1']);
  expect(JSON.stringify(found)).not.toMatch(/consecutiveErrors|"tls":\{"mode":"ISTIO_MUTUAL"/);
});

test('synth is alike through the App, as a text, and in tests of users', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'synth-'));
  const { app } = everything();
  Object.assign(app, { outdir, yamlOutputType: YamlOutputType.FILE_PER_CHART });
  app.synth();
  const written = readFileSync(join(outdir, 'shop.k8s.yaml'), 'utf8');
  expect(written).toBe(Yaml.stringify(...everything().objects()));
  expect(everything().app.synthYaml()).toBe(written);
});

test('two synths in a row give the same bytes, and what is declared between them counts', () => {
  const app = everything();
  const first = app.app.synthYaml();
  expect(app.app.synthYaml()).toBe(first);
  expect(Yaml.stringify(...app.objects())).toBe(first);
  app.service('late');
  expect(names(app.objects())).toContain('Sidecar late');
});

test('warnings are printed once, however often the app is synthesized', () => {
  const app = new MeshApp();
  app.service('cart').access.allowFrom(Peer.serviceAccount('ops', 'runbook'));
  const text = printed(() => [app.objects(), app.objects(), app.app.synthYaml()]);
  expect(text.match(/warning:/g)).toHaveLength(1);
  expect(text).toMatch(/^warning: MESH-SEC-001: .*`ops`.*; fix: .*`podLabels`.*\n$/);
  expect(app.mesh.warnings()).toHaveLength(1);
});

test('resource names do not depend on where a construct stands', () => {
  const tree = (chart: string) => {
    const app = new App();
    Mesh.use(app, new IstioMesh({ version: '1.30.3' }));
    const parent = new Chart(app, chart, { namespace: 'shop' });
    new ExternalHost(parent, chart, { host: 'api.stripe.com', ports: [Port.https(443)] });
    return names(Testing.synth(parent) as Parameters<typeof names>[0]);
  };
  expect(tree('renamed')).toEqual(tree('shop'));
});

test('what must exist first stands first in the file', () => {
  const order = names(everything().objects());
  const position = (name: string) => order.indexOf(name);
  for (const [first, then] of [
    ['DestinationRule cart', 'VirtualService cart'],
    ['ServiceAccount cart', 'Sidecar cart'],
    ['ServiceEntry api-stripe-com', 'VirtualService api-stripe-com'],
    ['DestinationRule api-stripe-com', 'VirtualService api-stripe-com'],
    ['Gateway frontend-ingress', 'VirtualService frontend-ingress'],
  ] as const) {
    expect(position(first)).toBeGreaterThanOrEqual(0);
    expect(position(first)).toBeLessThan(position(then));
  }
});

test('nothing depends on anything, so that no call graph is mirrored in the tree', () => {
  const { app } = everything();
  expect(app.node.findAll().flatMap((construct) => construct.node.dependencies)).toEqual([]);
});

test('a mesh holds for everything below its scope', () => {
  const app = new App();
  const [left, right] = [new Chart(app, 'left'), new Chart(app, 'right')];
  const mesh = Mesh.use(left, new IstioMesh({ version: '1.30.3' }));
  const other = Mesh.use(right, new IstioMesh({ version: '1.30.3' }));
  expect(Mesh.of(deployment(left, 'cart'))).toBe(mesh);
  expect(Mesh.of(right)).toBe(other);
});

test('a problem of the tree is a validation error with its code and its fix', () => {
  const app = new MeshApp();
  app.service('cart', { workload: undefined });
  expect(() => app.app.synthYaml()).toThrow(/Validation failed[^]*MESH-API-020: `shop\/cart`.*; fix: give it a/);
});

test('an object that is asked for outside of a synth says what was declared until then', () => {
  const app = new MeshApp();
  const cart = app.service('cart');
  const frontend = app.service('frontend');
  const policy = cart.node.findChild('AuthorizationPolicy') as ApiObject;
  expect(policy.toJson()).not.toHaveProperty('spec.rules');
  cart.access.allowFrom(frontend);
  expect(policy.toJson()).toHaveProperty('spec.rules.0.from.0.source.principals', [
    'cluster.local/ns/shop/sa/frontend',
  ]);
});

test('the environment is production unless another is named', () => {
  const mesh = new IstioMesh({ version: '1.30.3' });
  expect(Mesh.use(new App(), mesh)._environment).toBe(Environment.PRODUCTION);
  expect(Mesh.use(new App(), mesh, { environment: Environment.OTHER })._environment).toBe(Environment.OTHER);
});
