import { ApiObject, Chart, Include, JsonPatch } from 'cdk8s';
import { Deployment, EnvValue } from 'cdk8s-plus-28';
import { CanaryRelease, Port, Workload } from '../../lib';
import { manifestFile } from '../support/manifest-file';
import { MeshApp, at, deployment, deploymentManifest, names, thrown } from '../support/mesh-app';

const POD = ['spec', 'template'];
const LABELS = [...POD, 'metadata', 'labels'];

test('a container that is added after its service counts', () => {
  const app = new MeshApp();
  const plus = new Deployment(app.chart, 'Cart', { metadata: { name: 'cart' } });
  app.service('cart', { workload: Workload.of(plus) });
  plus.addContainer({ image: 'cart:1', portNumber: 8080, envVariables: { A: EnvValue.fromValue('1') } });
  expect(at(app.find('Service', 'cart'), 'spec', 'ports')).toMatchObject([{ port: 80, targetPort: 8080 }]);
});

test('labels and the selector that a workload has are never changed', () => {
  const app = new MeshApp();
  const labels = { app: 'legacy-cart', version: '7', tier: 'back' };
  const workload = Workload.of(deployment(app.chart, 'cart', { labels, matchLabels: { tier: 'back' } }));
  app.service('cart', { workload });
  const found = app.find('Deployment', 'cart');
  expect(at(found, ...LABELS)).toEqual(labels);
  expect(at(found, 'spec', 'selector')).toEqual({ matchLabels: { tier: 'back' } });
});

test('policies and the Service select by labels that the workload selects by itself', () => {
  const app = new MeshApp();
  const labels = { 'app.kubernetes.io/name': 'cart', 'app.kubernetes.io/version': '1' };
  const matchLabels = { 'app.kubernetes.io/name': 'cart' };
  app.service('cart', { workload: Workload.of(deployment(app.chart, 'cart', { labels, matchLabels })) });
  expect(at(app.find('Service', 'cart'), 'spec', 'selector')).toEqual(matchLabels);
  expect(at(app.find('AuthorizationPolicy', 'cart'), 'spec', 'selector')).toEqual({ matchLabels });
  expect(at(app.find('NetworkPolicy', 'cart'), 'spec', 'podSelector')).toEqual({ matchLabels });
  expect(at(app.find('Sidecar', 'cart'), 'spec', 'workloadSelector')).toEqual({ labels: matchLabels });
});

test('a hash of the construct path selects nothing: the label `app`, added where it is absent, does', () => {
  const app = new MeshApp();
  const plus = new Deployment(app.chart, 'Cart', {
    metadata: { name: 'cart' },
    containers: [{ image: 'cart:1', portNumber: 8080 }],
  });
  app.service('cart', { workload: Workload.of(plus) });
  const found = app.find('Deployment', 'cart');
  const hash = { 'cdk8s.io/metadata.addr': expect.stringMatching(/^shop-Cart-/) as string };
  expect(at(found, 'spec', 'selector', 'matchLabels')).toEqual(hash);
  expect(at(found, ...LABELS)).toEqual({ ...hash, app: 'cart' });
  expect(at(app.find('Service', 'cart'), 'spec', 'selector')).toEqual({ app: 'cart' });
});

test('a bare object without maps for labels and annotations of its pods gets what it lacks', () => {
  const app = new MeshApp();
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'cart', labels: { run: 'cart' } } };
  const containers = [{ name: 'cart', image: 'cart:1', ports: [{ containerPort: 8080 }] }];
  app.service('cart', { workload: Workload.of(new ApiObject(app.chart, 'Pod', { ...pod, spec: { containers } })) });
  expect(app.find('Pod', 'cart')).toMatchObject({
    metadata: {
      labels: { run: 'cart', app: 'cart' },
      annotations: { 'sidecar.istio.io/proxyCPU': '100m', 'sidecar.istio.io/proxyMemoryLimit': '1024Mi' },
    },
    spec: { serviceAccountName: 'cart' },
  });
});

test('a CronJob is patched in the template of its jobs', () => {
  const app = new MeshApp({ nativeSidecars: true });
  const template = deploymentManifest('tick').spec.template;
  const spec = { schedule: '* * * * *', jobTemplate: { spec: { template } } };
  const job = { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'tick' }, spec };
  app.service('tick', { workload: Workload.of(new ApiObject(app.chart, 'Tick', job)) });
  expect(at(app.find('CronJob', 'tick'), 'spec', 'jobTemplate', ...POD, 'spec', 'serviceAccountName')).toBe('tick');
});

test('an object inside an Include is patched in place, and the others stay as they are', () => {
  const app = new MeshApp();
  const other = deploymentManifest('other', { namespace: 'shop' });
  const url = manifestFile(deploymentManifest('cart', { namespace: 'shop' }), other);
  const include = new Include(app.chart, 'File', { url });
  app.service('cart', { workload: Workload.fromManifest(include, 'Deployment', 'cart') });
  const found = app.objects();
  expect(names(found).filter((name) => name.startsWith('Deployment'))).toEqual(['Deployment cart', 'Deployment other']);
  expect(at(app.find('Deployment', 'cart'), ...POD, 'spec', 'serviceAccountName')).toBe('cart');
  expect(app.find('Deployment', 'other')).toEqual(other);
});

test('patches of the user, before and after, stay', () => {
  const app = new MeshApp();
  const object = deployment(app.chart, 'cart');
  object.addJsonPatch(JsonPatch.add('/spec/template/metadata/annotations', { team: 'shop' }));
  app.service('cart', { workload: Workload.of(object) });
  object.addJsonPatch(JsonPatch.add('/spec/replicas', 3));
  const found = app.find('Deployment', 'cart');
  expect(at(found, ...POD, 'metadata', 'annotations')).toMatchObject({
    team: 'shop',
    'proxy.istio.io/config': '{"concurrency":2,"holdApplicationUntilProxyStarts":true}',
  });
  expect(at(found, 'spec', 'replicas')).toBe(3);
});

describe('an external workload', () => {
  const external = (kind: string) =>
    Workload.external({
      kind,
      name: 'cart',
      labels: { app: 'cart' },
      serviceAccount: 'robot',
      containerPorts: [8080],
    });

  test('is selected by its labels and called by its account, and nothing of it is emitted', () => {
    const app = new MeshApp();
    const cart = app.service('cart', { workload: external('Deployment') });
    cart.access.allowTo(app.service('db'));
    expect(names(app.objects())).not.toContain('Deployment cart');
    expect(names(app.objects())).not.toContain('ServiceAccount cart');
    expect(at(app.find('Service', 'cart'), 'spec', 'selector')).toEqual({ app: 'cart' });
    expect(JSON.stringify(app.find('AuthorizationPolicy', 'db'))).toContain('cluster.local/ns/shop/sa/robot');
  });

  test('that lacks what its service asks for is an error which prints exactly the YAML to add', () => {
    const app = new MeshApp();
    app.service('cart', { workload: external('Deployment'), proxy: { concurrency: 4 } });
    expect(thrown(() => app.objects())).toContain(`\
; fix: add this to its manifest and say so in \`Workload.external\`:
spec:
  template:
    metadata:
      annotations:
        sidecar.istio.io/proxyCPU: 100m
        sidecar.istio.io/proxyMemory: 128Mi
        sidecar.istio.io/proxyCPULimit: 2000m
        sidecar.istio.io/proxyMemoryLimit: 1024Mi
        proxy.istio.io/config: '{"concurrency":4,"holdApplicationUntilProxyStarts":true}'
`);
  });

  test.each([
    ['Pod', 'metadata:\n  labels:\n    version: v2\n'],
    ['Deployment', 'spec:\n  template:\n    metadata:\n      labels:\n        version: v2\n'],
    [
      'CronJob',
      'spec:\n  jobTemplate:\n    spec:\n      template:\n        metadata:\n          labels:\n            version: v2\n',
    ],
  ])('of kind %s is told the label of its version where that kind has it', (kind, yaml) => {
    const app = new MeshApp({ nativeSidecars: true });
    new CanaryRelease(app.chart, 'Release', {
      service: app.service('cart', {
        workload: Workload.of(
          deployment(app.chart, 'cart-v1', { labels: { app: 'cart', version: 'v1' }, serviceAccountName: 'robot' }),
        ),
      }),
      stable: { version: 'v1' },
      candidate: { version: 'v2', weightPercent: 5, workload: external(kind) },
    });
    expect(thrown(() => app.objects())).toContain(`:\n${yaml}`);
  });
});

test('a workload that another chart holds is patched there', () => {
  const app = new MeshApp();
  const workloads = new Chart(app.app, 'workloads', { namespace: 'shop' });
  app.service('cart', {
    workload: Workload.of(deployment(workloads, 'cart', { ports: [80] })),
    ports: [Port.http(80)],
  });
  expect(app.app.synthYaml()).toContain('serviceAccountName: cart');
});
