import { ApiObject, Chart, JsonPatch, Yaml } from 'cdk8s';
import { IstioMesh, Mesh, MeshedService, Port, Workload, ZeroTrustNamespace } from '../../lib';
import { MeshApp, PROVIDERS, at, deployment, find, names, objects } from '../support/mesh-app';

test('emits one object of each kind under its own name, rules before routes', () => {
  const app = new MeshApp();
  app.service('cart');
  expect(names(app.objects()).filter((name) => / cart$/.test(name))).toEqual([
    'Deployment cart',
    'ServiceAccount cart',
    'Service cart',
    'AuthorizationPolicy cart',
    'NetworkPolicy cart',
    'DestinationRule cart',
    'VirtualService cart',
    'Sidecar cart',
  ]);
});

test.each(['Service', 'AuthorizationPolicy', 'NetworkPolicy', 'DestinationRule', 'VirtualService', 'Sidecar'])(
  'its %s is what this YAML says',
  (kind) => {
    const app = new MeshApp();
    app.service('cart').access.allowFrom(app.service('frontend'));
    expect(Yaml.stringify(app.find(kind, 'cart'))).toMatchSnapshot();
  },
);

test('ports say their protocol by name and appProtocol, with Service port and container port', () => {
  const app = new MeshApp();
  app.service('cart', {
    workload: Workload.of(deployment(app.chart, 'cart', { ports: [8080, 9000, 6379] })),
    ports: [Port.tcp(6379, { name: 'cache' }), Port.http(80, { containerPort: 8080, name: 'web' }), Port.grpc(9000)],
  });
  expect(at(app.find('Service', 'cart'), 'spec', 'ports')).toEqual([
    { name: 'http-web', appProtocol: 'http', port: 80, targetPort: 8080, protocol: 'TCP' },
    { name: 'tcp-cache', appProtocol: 'tcp', port: 6379, targetPort: 6379, protocol: 'TCP' },
    { name: 'grpc', appProtocol: 'grpc', port: 9000, targetPort: 9000, protocol: 'TCP' },
  ]);
});

test('a TCP service has no VirtualService and no settings for requests', () => {
  const app = new MeshApp();
  app.service('redis', { ports: [Port.tcp(6379, { containerPort: 8080 })] });
  const found = app.objects();
  expect(names(found)).not.toContain('VirtualService redis');
  expect(at(find(found, 'DestinationRule', 'redis'), 'spec', 'trafficPolicy')).toEqual({
    loadBalancer: { simple: 'LEAST_REQUEST' },
    connectionPool: { tcp: { maxConnections: 1024, connectTimeout: '3s', idleTimeout: '3600s' } },
    outlierDetection: {
      consecutive5xxErrors: 5,
      interval: '10s',
      baseEjectionTime: '30s',
      maxEjectionPercent: 50,
    },
  });
});

test('a workload that only calls has an identity and policies, but neither Service nor routes', () => {
  const app = new MeshApp();
  app.service('worker', { ports: [] });
  const own = names(app.objects()).filter((name) => / worker$/.test(name));
  expect(own).toEqual([
    'Deployment worker',
    'ServiceAccount worker',
    'AuthorizationPolicy worker',
    'NetworkPolicy worker',
    'Sidecar worker',
  ]);
});

test('the namespace is the declared one of the chart where none is given', () => {
  const app = new MeshApp();
  const { shop, chart } = app;
  const workload = Workload.of(deployment(chart, 'cart'));
  expect(new MeshedService(chart, 'Cart', { name: 'cart', workload }).namespaceName).toBe(shop.namespaceName);
});

test('a service without NetworkPolicy keeps the rest', () => {
  const app = new MeshApp();
  app.service('cart', { networkPolicy: false });
  expect(names(app.objects()).filter((name) => / cart$/.test(name))).not.toContain('NetworkPolicy cart');
  expect(app.find('AuthorizationPolicy', 'cart').spec).toEqual({
    selector: { matchLabels: { app: 'cart' } },
    action: 'ALLOW',
  });
});

test('the proxy calls the providers that it uses, below and in the mesh', () => {
  const app = new MeshApp({ providers: PROVIDERS ?? [] });
  const cart = app.service('cart', { providers: ['opa'] });
  app.service('plain');
  const hosts = (name: string) => at(app.find('Sidecar', name), 'spec', 'egress');
  const always = [
    'observability/collector.observability.svc.cluster.local',
    'observability/logs.observability.svc.cluster.local',
  ];
  expect(hosts('plain')).toEqual([{ hosts: always }]);
  expect(hosts('cart')).toEqual([{ hosts: [...always, 'policy/opa.policy.svc.cluster.local'] }]);
  const pods = (namespace: string, labels?: object) => ({
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    ...(labels === undefined ? {} : { podSelector: { matchLabels: labels } }),
  });
  expect(at(app.find('NetworkPolicy', 'cart'), 'spec', 'egress')).toEqual([
    { to: [pods('observability', { app: 'collector' })], ports: [{ port: 4317, protocol: 'TCP' }] },
    { to: [pods('observability')], ports: [{ port: 8080, protocol: 'TCP' }] },
    { to: [pods('policy')], ports: [{ port: 9191, protocol: 'TCP' }] },
  ]);
  expect(cart.visibleHosts().map(({ source }) => source)).toEqual([
    'provider `otel`',
    'provider `als`',
    'provider `opa`',
  ]);
});

test('a field that the schema does not know reaches the YAML by addJsonPatch', () => {
  const app = new MeshApp();
  const cart = app.service('cart');
  const rule = cart.node.findChild('DestinationRule');
  if (!ApiObject.isApiObject(rule)) throw new Error('not an object');
  rule.addJsonPatch(JsonPatch.add('/spec/trafficPolicy/futureField', { nobody: 'knows' }));
  expect(app.app.synthYaml()).toContain('futureField:\n      nobody: knows');
});

test('hosts end in the domain of the cluster, and identities begin with the trust domain', () => {
  const app = new MeshApp({ clusterDomain: 'k8s.corp', trustDomain: 'corp.example' });
  app.service('cart').access.allowFrom(app.service('frontend'));
  expect(app.find('DestinationRule', 'cart').spec).toMatchObject({ host: 'cart.shop.svc.k8s.corp' });
  expect(JSON.stringify(app.find('AuthorizationPolicy', 'cart'))).toContain('"corp.example/ns/shop/sa/frontend"');
});

test('a service can stand in another chart than its namespace', () => {
  const app = new MeshApp();
  const other = new Chart(app.app, 'other', { namespace: 'shop' });
  const workload = Workload.of(deployment(other, 'cart'));
  new MeshedService(other, 'Cart', { name: 'cart', namespace: app.shop, workload });
  expect(names(objects(other))).toContain('Sidecar cart');
});

test('two services of one name in two namespaces are two', () => {
  const app = new MeshApp();
  const chart = new Chart(app.app, 'bank', { namespace: 'bank' });
  const bank = new ZeroTrustNamespace(chart, 'Namespace', { name: 'bank' });
  const theirs = new MeshedService(chart, 'Cart', {
    name: 'cart',
    namespace: bank,
    workload: Workload.of(deployment(chart, 'cart')),
  });
  const own = app.service('cart');
  own.access.allowFrom(theirs);
  expect(at(app.find('AuthorizationPolicy', 'cart'), 'spec', 'rules')).toMatchObject([
    { from: [{ source: { principals: ['cluster.local/ns/bank/sa/cart'] } }] },
  ]);
  expect(Mesh.of(chart)).toBe(app.mesh);
  expect(() => Mesh.use(chart, new IstioMesh({ version: '1.30.3' }))).toThrow('MESH-API-002');
});
