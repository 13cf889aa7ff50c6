import { ApiObject } from 'cdk8s';
import { Port, Workload } from '../../lib';
import { MeshApp, at, deployment, find, names } from '../support/mesh-app';

/** Adds objects that the user already has. */
function theirs(app: MeshApp, kind: string, name: string, spec?: object): ApiObject {
  const body = spec === undefined ? {} : { spec };
  return new ApiObject(app.chart, `their-${kind}`, { apiVersion: 'v1', kind, metadata: { name }, ...body });
}

const SPEC = { selector: { app: 'cart' }, ports: [{ port: 80, targetPort: 8080 }] };

test.each(['before', 'after'])('a Service that is created %s the MeshedService is adopted, once', (when) => {
  const app = new MeshApp();
  if (when === 'before') theirs(app, 'Service', 'cart', SPEC);
  app.service('cart');
  if (when === 'after') theirs(app, 'Service', 'cart', SPEC);
  for (const found of [app.objects(), app.objects()]) {
    expect(find(found, 'Service', 'cart').spec).toEqual({
      ...SPEC,
      ports: [{ port: 80, targetPort: 8080, appProtocol: 'http' }],
    });
  }
});

test.each(['before', 'after'])('a ServiceAccount that is created %s the MeshedService is adopted, once', (when) => {
  const app = new MeshApp();
  if (when === 'before') theirs(app, 'ServiceAccount', 'cart');
  app.service('cart');
  if (when === 'after') theirs(app, 'ServiceAccount', 'cart');
  expect(names(app.objects()).filter((name) => name.startsWith('ServiceAccount'))).toEqual(['ServiceAccount cart']);
  expect(at(app.find('Deployment', 'cart'), 'spec', 'template', 'spec', 'serviceAccountName')).toBe('cart');
});

test('an account that the workload names is its identity, and no other one is made', () => {
  const app = new MeshApp();
  theirs(app, 'ServiceAccount', 'robot');
  const workload = Workload.of(deployment(app.chart, 'cart', { serviceAccountName: 'robot' }));
  app.service('cart', { workload }).access.allowTo(app.service('db'));
  const found = app.objects();
  expect(names(found).filter((name) => name.startsWith('ServiceAccount'))).toEqual([
    'ServiceAccount robot',
    'ServiceAccount db',
  ]);
  expect(JSON.stringify(find(found, 'AuthorizationPolicy', 'db'))).toContain('cluster.local/ns/shop/sa/robot');
});

test.each([
  ['the prefix of its name', { name: 'http-web' }],
  ['appProtocol', { appProtocol: 'http' }],
  ['appProtocol against its name', { name: 'tcp-web', appProtocol: 'http' }],
  ['a protocol that means the same', { appProtocol: 'kubernetes.io/ws' }],
])('an adopted port that states its protocol by %s is left alone', (_, stated) => {
  const app = new MeshApp();
  theirs(app, 'Service', 'cart', { ...SPEC, ports: [{ port: 80, targetPort: 8080, ...stated }] });
  app.service('cart');
  expect(at(app.find('Service', 'cart'), 'spec', 'ports')).toEqual([{ port: 80, targetPort: 8080, ...stated }]);
});

test('an adopted port may name its container port', () => {
  const app = new MeshApp();
  const containers = [{ name: 'server', image: 'cart:1', ports: [{ name: 'web', containerPort: 8080 }] }];
  const workload = Workload.of(deployment(app.chart, 'cart', { podSpec: { containers } }));
  theirs(app, 'Service', 'cart', { ...SPEC, ports: [{ name: 'http', port: 80, targetPort: 'web' }] });
  app.service('cart', { workload });
  expect(at(app.find('Service', 'cart'), 'spec', 'ports')).toEqual([{ name: 'http', port: 80, targetPort: 'web' }]);
});

test('ports of an adopted Service that are not TCP are left alone, also beside a TCP port of the same number', () => {
  const app = new MeshApp();
  const udp = { name: 'statsd', port: 80, protocol: 'UDP', targetPort: 8125 };
  theirs(app, 'Service', 'cart', { ...SPEC, ports: [udp, { name: 'web', port: 80, targetPort: 8080 }] });
  app.service('cart');
  expect(at(app.find('Service', 'cart'), 'spec', 'ports')).toEqual([
    udp,
    { name: 'web', port: 80, targetPort: 8080, appProtocol: 'http' },
  ]);
});

test('a Service that somebody else delivers is not emitted', () => {
  const app = new MeshApp();
  app.service('cart', { existingService: true });
  expect(names(app.objects())).not.toContain('Service cart');
  expect(names(app.objects())).toContain('VirtualService cart');
});

test('a Service of another name for another workload is nobody’s business', () => {
  const app = new MeshApp();
  theirs(app, 'Service', 'other', { selector: { app: 'other' }, ports: [{ port: 80 }] });
  app.service('cart');
  expect(names(app.objects())).toEqual(expect.arrayContaining(['Service other', 'Service cart']));
});

test('a Service without selector for a workload is an error that names both', () => {
  const app = new MeshApp();
  theirs(app, 'Service', 'cart', { ports: [{ name: 'http', port: 80, targetPort: 8080 }] });
  app.service('cart', { ports: [Port.http(80, { containerPort: 8080 })] });
  expect(() => app.objects()).toThrow(/MESH-API-028: Service `shop\/their-Service`.*`Deployment cart`.*`shop\/cart`/);
});

test('a NetworkPolicy of the user that only denies stays', () => {
  const app = new MeshApp();
  const spec = { podSelector: {}, policyTypes: ['Ingress', 'Egress'] };
  const policy = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'deny' }, spec };
  new ApiObject(app.chart, 'Deny', policy);
  app.service('cart');
  expect(app.find('NetworkPolicy', 'deny').spec).toEqual(spec);
});

test('a NetworkPolicy of the user is kept where the service makes none', () => {
  const app = new MeshApp();
  const spec = { podSelector: { matchLabels: { app: 'cart' } }, ingress: [{}] };
  const policy = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'cart' }, spec };
  new ApiObject(app.chart, 'Open', policy);
  app.service('cart', { networkPolicy: false });
  expect(app.find('NetworkPolicy', 'cart').spec).toEqual(spec);
});

test('an object that stands twice is an error that names both constructs', () => {
  const app = new MeshApp();
  app.service('cart');
  theirs(app, 'ConfigMap', 'a');
  new ApiObject(app.chart, 'Again', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } });
  expect(() => app.objects()).toThrow(/MESH-API-033: `ConfigMap shop\/a`.*`shop\/their-ConfigMap` and `shop\/Again`/);
});
