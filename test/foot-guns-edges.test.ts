import { ApiObject, Include } from 'cdk8s';
import {
  ExternalHost,
  ExternalService,
  IngressRoute,
  IngressTls,
  PodSecurity,
  Port,
  Workload,
  ZeroTrustNamespace,
} from '../lib';
import { MeshApp, PROVIDERS, at, deployment, printed, thrown } from './support/mesh-app';
import { manifestFile } from './support/manifest-file';

// Mistakes that Istio accepts and punishes later, by number: each is an error here, or cannot be written.

test('6: every port has a protocol: those of Services made here say it, and so does a Service that was there', () => {
  const app = new MeshApp();
  const ports = [Port.http(80, { containerPort: 8080 }), Port.tcp(9000)];
  app.service('cart', { ports, workload: Workload.of(deployment(app.chart, 'cart', { ports: [8080, 9000] })) });
  expect(at(app.find('Service', 'cart'), 'spec', 'ports')).toMatchObject([
    { port: 80, appProtocol: 'http' },
    { port: 9000, appProtocol: 'tcp' },
  ]);

  const adopting = (portFields: object) => {
    const other = new MeshApp();
    other.service('web');
    new ApiObject(other.chart, 'Own', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080, ...portFields }] },
    });
    return other;
  };
  expect(at(adopting({}).find('Service', 'web'), 'spec', 'ports')).toMatchObject([{ port: 80, appProtocol: 'http' }]);
  expect(thrown(() => adopting({ name: 'tcp-web' }).objects())).toMatch(/MESH-API-015: .*; fix: /);
  expect(thrown(() => adopting({ appProtocol: 'tcp' }).objects())).toMatch(/MESH-API-015: .*; fix: /);
});

test('10: a certificate that is not where the gateway looks is an error that names both namespaces', () => {
  const app = new MeshApp();
  const service = app.service('users');
  new IngressRoute(app.chart, 'Ingress', { host: 'a.example.com', service, tls: IngressTls.credential('a-tls') });
  new ApiObject(app.chart, 'Secret', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a-tls' } });
  expect(thrown(() => app.objects())).toMatch(
    /MESH-API-082: the certificate `a-tls` .*Secret shop\/a-tls.*`istio-ingress` only; fix: put the Secret into `istio-ingress`/,
  );
});

test('11: no Sidecar leaves out what proxies call by themselves: traces, access logs, and who decides about calls', () => {
  const app = new MeshApp({ providers: PROVIDERS });
  app.service('plain');
  const checked = app.service('checked');
  checked.access.checkWith('opa');
  const hosts = (name: string) => JSON.stringify(at(app.find('Sidecar', name), 'spec', 'egress'));
  const always = ['observability/collector.observability', 'observability/logs.observability'];
  const mayDecide = 'policy/opa.policy';
  for (const host of always) {
    expect([hosts('default'), hosts('plain'), hosts('checked')].map((text) => text.includes(host))).toEqual([
      true,
      true,
      true,
    ]);
  }
  expect([hosts('plain').includes(mayDecide), hosts('checked').includes(mayDecide)]).toEqual([false, true]);
  const unknown = () => new MeshApp({ providers: PROVIDERS }).service('cart').access.checkWith('oap');
  expect(thrown(unknown)).toMatch(/MESH-API-091: .*`oap`.*; fix: /);
});

test.each([PodSecurity.BASELINE, PodSecurity.RESTRICTED])(
  '15: Pod Security %s, which refuses the privileged init container of proxies, is an error without the CNI plugin',
  (podSecurity) => {
    const declare = (cni: boolean) => {
      const app = new MeshApp({ cni });
      new ZeroTrustNamespace(app.chart, 'Bank', { name: 'bank', podSecurity });
      return app.objects();
    };
    expect(thrown(() => declare(false))).toMatch(/MESH-API-007: .*`bank`.*; fix: /);
    expect(() => declare(true)).not.toThrow();
  },
);

test('16: two hosts on one TCP port without addresses cannot be written; with addresses, each has its own', () => {
  const app = new MeshApp();
  const byName = () => new ExternalHost(app.chart, 'Db', { host: 'db.example.com', ports: [Port.tcp(5432)] });
  expect(thrown(byName)).toMatch(/MESH-API-072: .*; fix: /);
  new ExternalService(app.chart, 'One', { name: 'one', addresses: ['192.0.2.1'], ports: [Port.tcp(5432)] });
  new ExternalService(app.chart, 'Two', { name: 'two', addresses: ['192.0.2.2'], ports: [Port.tcp(5432)] });
  const addresses = ['one', 'two'].map((name) => at(app.find('ServiceEntry', name), 'spec', 'addresses'));
  expect(addresses).toEqual([['192.0.2.1'], ['192.0.2.2']]);
});

test('18: a second label of injection on a namespace is an error, wherever it comes from', () => {
  const labelled = (labels: Readonly<Record<string, string>>, mesh = {}) => {
    const app = new MeshApp(mesh);
    const manifest = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'old', labels } };
    new Include(app.chart, 'Manifest', { url: manifestFile(manifest) });
    ZeroTrustNamespace.fromExisting(app.chart, 'Old', { name: 'old', enforceNow: true });
    return app;
  };
  const both = { 'istio-injection': 'enabled', 'istio.io/rev': 'stable' };
  for (const mesh of [{}, { revisionTag: 'stable' }]) {
    expect(thrown(() => labelled(both, mesh).objects())).toMatch(/MESH-API-006: .*`old`.*; fix: /);
  }
  expect(thrown(() => labelled({ 'istio.io/dataplane-mode': 'ambient' }).objects())).toMatch(/MESH-API-006/);
  expect(printed(() => labelled({ 'istio-injection': 'enabled' }).objects())).not.toContain('MESH-API-006');
});

test('18: every policy for a workload selects pods, and none is attached to something else that a selector could miss', () => {
  const app = new MeshApp();
  const cart = app.service('cart');
  cart.access.allowFrom(app.service('web'));
  const attached = app.objects().filter((object) => JSON.stringify(object).includes('targetRef'));
  expect(attached).toEqual([]);
  expect(at(app.find('AuthorizationPolicy', 'cart'), 'spec', 'selector', 'matchLabels')).toEqual({ app: 'cart' });
});
