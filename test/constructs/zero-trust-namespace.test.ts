import { ApiObject, Yaml } from 'cdk8s';
import { PodSecurity, ZeroTrustNamespace } from '../../lib';
import type { Manifest } from '../support/mesh-app';
import { MeshApp, PROVIDERS, at, find, names, printed } from '../support/mesh-app';

function namespaceObjects(props: ConstructorParameters<typeof MeshApp>[0] = {}): Manifest[] {
  const app = new MeshApp(props);
  new ZeroTrustNamespace(app.chart, 'Namespace', { name: 'shop' });
  return app.objects();
}

test('emits the namespace first, then strict mTLS and every default deny', () => {
  expect(names(namespaceObjects())).toEqual([
    'Namespace shop',
    'PeerAuthentication default',
    'AuthorizationPolicy default-deny',
    'NetworkPolicy default-deny',
    'NetworkPolicy mesh-baseline',
    'Sidecar default',
  ]);
});

test('is what this YAML says', () => {
  const baseline = find(namespaceObjects(), 'NetworkPolicy', 'mesh-baseline');
  expect(
    Yaml.stringify(...namespaceObjects().filter(({ metadata }) => metadata.name !== baseline.metadata.name)),
  ).toMatchSnapshot();
  expect(Yaml.stringify(baseline)).toMatchSnapshot();
});

test('the Namespace has no namespace of its own, although its chart has one', () => {
  expect(find(namespaceObjects(), 'Namespace', 'shop').metadata).toEqual({
    name: 'shop',
    labels: { 'istio-injection': 'enabled' },
  });
});

test.each([
  [{ revision: '1-30-3' }, '1-30-3'],
  [{ revisionTag: 'stable' }, 'stable'],
])('with %j the label of the revision replaces the label of injection', (props, value) => {
  expect(find(namespaceObjects(props), 'Namespace', 'shop').metadata.labels).toEqual({ 'istio.io/rev': value });
});

test('a Pod Security level is enforced where the CNI plugin lets restricted pods join', () => {
  const app = new MeshApp({ cni: true });
  new ZeroTrustNamespace(app.chart, 'Namespace', { name: 'shop', podSecurity: PodSecurity.RESTRICTED });
  expect(app.find('Namespace', 'shop').metadata.labels).toMatchObject({
    'pod-security.kubernetes.io/enforce': 'restricted',
  });
});

test('Pod Security privileged needs no CNI plugin', () => {
  const app = new MeshApp();
  new ZeroTrustNamespace(app.chart, 'Namespace', { name: 'shop', podSecurity: PodSecurity.PRIVILEGED });
  expect(app.find('Namespace', 'shop').metadata.labels).toMatchObject({
    'pod-security.kubernetes.io/enforce': 'privileged',
  });
});

test('DNS can be another selector, a node-local cache and another port, always over UDP and TCP', () => {
  const dns = { namespace: 'dns', podLabels: { app: 'coredns' }, cidrs: ['169.254.20.10/32'], port: 5353 };
  expect(at(find(namespaceObjects({ dns }), 'NetworkPolicy', 'mesh-baseline'), 'spec', 'egress')).toContainEqual({
    to: [
      { ipBlock: { cidr: '169.254.20.10/32' } },
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'dns' } },
        podSelector: { matchLabels: { app: 'coredns' } },
      },
    ],
    ports: [
      { port: 5353, protocol: 'TCP' },
      { port: 5353, protocol: 'UDP' },
    ],
  });
});

test('istiod is reached in the root namespace that the mesh has', () => {
  const policy = find(namespaceObjects({ rootNamespace: 'mesh-root' }), 'NetworkPolicy', 'mesh-baseline');
  expect(at(policy, 'spec', 'egress')).toContainEqual({
    to: [
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'mesh-root' } },
        podSelector: { matchLabels: { app: 'istiod' } },
      },
    ],
    ports: [{ port: 15012, protocol: 'TCP' }],
  });
});

test('without a monitoring namespace nobody may scrape', () => {
  const policy = find(namespaceObjects({ monitoringNamespace: undefined }), 'NetworkPolicy', 'mesh-baseline');
  expect(at(policy, 'spec', 'ingress')).toEqual([]);
});

test('the Sidecar of the namespace imports the hosts of providers and nothing else', () => {
  const sidecar = find(namespaceObjects({ providers: PROVIDERS ?? [] }), 'Sidecar', 'default');
  expect(sidecar.spec).toEqual({
    egress: [
      {
        hosts: [
          'observability/collector.observability.svc.cluster.local',
          'observability/logs.observability.svc.cluster.local',
          'policy/opa.policy.svc.cluster.local',
        ],
      },
    ],
    outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
  });
});

describe('from a namespace that exists', () => {
  test('emits the policies without the Namespace, and prints the label that its owner has to add', () => {
    const app = new MeshApp();
    ZeroTrustNamespace.fromExisting(app.chart, 'Namespace', { name: 'shop', enforceNow: true });
    let found: Manifest[] = [];
    expect(printed(() => (found = app.objects()))).toMatch(
      /^warning: namespace `shop` .* add the label `istio-injection: enabled`.*\n$/,
    );
    expect(names(found)).not.toContain('Namespace shop');
    expect(names(found)).toContain('AuthorizationPolicy default-deny');
  });

  test('labels a Namespace of the same app, keeps its labels, and emits it once', () => {
    const app = new MeshApp();
    ZeroTrustNamespace.fromExisting(app.chart, 'Namespace', { name: 'shop', enforceNow: true });
    const metadata = { name: 'shop', labels: { team: 'shop' } };
    new ApiObject(app.chart, 'Theirs', { apiVersion: 'v1', kind: 'Namespace', metadata });
    expect(app.find('Namespace', 'shop').metadata.labels).toEqual({ team: 'shop', 'istio-injection': 'enabled' });
    expect(app.mesh.warnings()).toEqual([]);
  });

  test('labels a Namespace that has no labels at all', () => {
    const app = new MeshApp({ revision: 'canary' });
    ZeroTrustNamespace.fromExisting(app.chart, 'Namespace', { name: 'shop', enforceNow: true });
    new ApiObject(app.chart, 'Theirs', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    expect(app.find('Namespace', 'shop').metadata.labels).toEqual({ 'istio.io/rev': 'canary' });
  });

  test('a Namespace of the same app loses the namespace that its chart gave it, at every synth', () => {
    const app = new MeshApp();
    ZeroTrustNamespace.fromExisting(app.chart, 'Namespace', { name: 'shop', enforceNow: true });
    new ApiObject(app.chart, 'Theirs', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    for (const found of [app.find('Namespace', 'shop'), app.find('Namespace', 'shop')]) {
      expect(found.metadata.namespace).toBeUndefined();
    }
  });
});
