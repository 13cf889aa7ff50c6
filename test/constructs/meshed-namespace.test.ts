import { ApiObject, Yaml } from 'cdk8s';
import { CanaryRelease, MeshedNamespace, MeshedService, Peer, Port, Workload } from '../../lib';
import { MeshApp, at, deployment, names, printed } from '../support/mesh-app';

/** A mesh with the namespace `legacy`, which is not locked down. */
function legacyApp() {
  const app = new MeshApp();
  const namespace = new MeshedNamespace(app.chart, 'Legacy', { name: 'legacy' });
  const service = (name: string) =>
    new MeshedService(app.chart, name, {
      name,
      namespace,
      workload: Workload.of(deployment(app.chart, name, { namespace: 'legacy' })),
      ports: [Port.http(80, { containerPort: 8080 })],
    });
  return { app, namespace, service };
}

const CLOSING = ['AuthorizationPolicy', 'NetworkPolicy', 'Sidecar'];

test('is what this YAML says', () => {
  expect(Yaml.stringify(...legacyApp().app.objects())).toMatchSnapshot();
});

test('undeclared callers, also outside the mesh, still succeed after grants are added', () => {
  const { app, service } = legacyApp();
  const [cart, frontend] = [service('cart'), service('frontend')];
  cart.access.allowFrom(frontend);
  cart.access.allowFrom(Peer.serviceAccount('ops', 'runbook'));
  cart.access.allowFrom(Peer.kubernetesApi(), { ports: ['http'] });
  const found = app.objects();
  expect(found.filter(({ kind }) => CLOSING.includes(kind))).toEqual([]);
  const mtls = found.filter(({ kind }) => kind === 'PeerAuthentication').map(({ spec }) => spec);
  expect(mtls).toEqual([{ mtls: { mode: 'PERMISSIVE' } }]);
  expect(app.mesh.warnings()).toEqual([]);
});

test('services have their routes, protections and identity already', () => {
  const { app, service } = legacyApp();
  service('cart');
  expect(names(app.objects())).toEqual(
    expect.arrayContaining(['ServiceAccount cart', 'Service cart', 'DestinationRule cart', 'VirtualService cart']),
  );
});

test('grants open what a locked namespace on the other side closes', () => {
  const { app, service } = legacyApp();
  const cart = app.service('cart');
  cart.access.allowFrom(service('frontend'));
  expect(JSON.stringify(app.find('AuthorizationPolicy', 'cart').spec)).toContain('cluster.local/ns/legacy/sa/frontend');
  expect(at(app.find('NetworkPolicy', 'cart'), 'spec', 'ingress')).toMatchObject([
    { from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'legacy' } } }] },
  ]);
});

test('a proxy there knows everything, so that no host is listed', () => {
  const { app, service } = legacyApp();
  const frontend = service('frontend');
  frontend.access.allowTo(app.service('cart'));
  expect(frontend.visibleHosts()).toEqual([]);
});

test('releases work there', () => {
  const { app, namespace } = legacyApp();
  const version = (name: string) =>
    Workload.of(deployment(app.chart, `cart-${name}`, { namespace: 'legacy', labels: { app: 'cart', version: name } }));
  new CanaryRelease(app.chart, 'Release', {
    service: new MeshedService(app.chart, 'Cart', {
      name: 'cart',
      namespace,
      ports: [Port.http(80, { containerPort: 8080 })],
    }),
    stable: { version: 'v1', workload: version('v1') },
    candidate: { version: 'v2', workload: version('v2'), weightPercent: 10 },
  });
  expect(app.objects().filter(({ kind }) => CLOSING.includes(kind))).toEqual([]);
  expect(at(app.find('DestinationRule', 'cart'), 'spec', 'subsets')).toHaveLength(2);
});

test('from a namespace that exists prints the label to add, or adds it', () => {
  const app = new MeshApp();
  MeshedNamespace.fromExisting(app.chart, 'Legacy', { name: 'legacy' });
  MeshedNamespace.fromExisting(app.chart, 'Old', { name: 'old' });
  new ApiObject(app.chart, 'Theirs', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'old' } });
  const text = printed(() => app.objects());
  expect(text).toContain('namespace `legacy`');
  expect(text).not.toContain('namespace `old`');
  expect(app.find('Namespace', 'old').metadata.labels).toEqual({ 'istio-injection': 'enabled' });
});
