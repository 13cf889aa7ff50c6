import { Duration } from 'cdk8s';
import type { ProxyOptions } from '../../lib';
import { ProxySize, Workload } from '../../lib';
import { probed } from '../support/bad-input/pods';
import { MeshApp, at, deployment } from '../support/mesh-app';

const ANNOTATIONS = ['spec', 'template', 'metadata', 'annotations'];

function annotated(proxy: ProxyOptions, mesh: ProxyOptions = {}): unknown {
  const app = new MeshApp({ proxy: mesh });
  app.service('cart', { proxy });
  return at(app.find('Deployment', 'cart'), ...ANNOTATIONS);
}

function sized(cpu: string, memory: string, cpuLimit: string, memoryLimit: string, concurrency: number) {
  return {
    'sidecar.istio.io/proxyCPU': cpu,
    'sidecar.istio.io/proxyMemory': memory,
    'sidecar.istio.io/proxyCPULimit': cpuLimit,
    'sidecar.istio.io/proxyMemoryLimit': memoryLimit,
    'proxy.istio.io/config': JSON.stringify({ concurrency, holdApplicationUntilProxyStarts: true }),
  };
}

describe('the size of a proxy', () => {
  test.each([
    [ProxySize.SMALL, sized('50m', '64Mi', '1000m', '256Mi', 1)],
    [ProxySize.MEDIUM, sized('100m', '128Mi', '2000m', '1024Mi', 2)],
    [ProxySize.LARGE, sized('500m', '512Mi', '4000m', '2048Mi', 4)],
  ])('%s stands for resources and worker threads', (size, annotations) => {
    expect(annotated({ size })).toEqual(annotations);
  });

  test('yields to what is given by itself', () => {
    const proxy = { size: ProxySize.LARGE, memoryLimit: '3Gi', concurrency: 8 };
    expect(annotated(proxy)).toEqual(sized('500m', '512Mi', '4000m', '3Gi', 8));
  });

  test('of a service replaces all that the mesh says of resources', () => {
    const mesh = { cpuRequest: '1', memoryLimit: '4Gi' };
    expect(annotated({ size: ProxySize.SMALL }, mesh)).toEqual(sized('50m', '64Mi', '1000m', '256Mi', 1));
  });

  test('of the mesh is that of services which say nothing', () => {
    expect(annotated({}, { size: ProxySize.SMALL })).toEqual(sized('50m', '64Mi', '1000m', '256Mi', 1));
  });
});

test('a request may be as large as its limit, in whatever unit', () => {
  expect(annotated({ cpuRequest: '2', memoryRequest: '1Gi' })).toMatchObject({ 'sidecar.istio.io/proxyCPU': '2' });
});

describe('the end of a proxy', () => {
  test('is as long as the service says', () => {
    expect(annotated({ drainFor: Duration.seconds(20) })).toMatchObject({
      'proxy.istio.io/config':
        '{"concurrency":2,"holdApplicationUntilProxyStarts":true,"terminationDrainDuration":"20s"}',
    });
  });

  test('may be longer where the pods have longer', () => {
    const app = new MeshApp();
    const podSpec = { terminationGracePeriodSeconds: 120 };
    const workload = Workload.of(deployment(app.chart, 'cart', { podSpec }));
    app.service('cart', { workload, proxy: { drainFor: Duration.minutes(1) } });
    expect(JSON.stringify(at(app.find('Deployment', 'cart'), ...ANNOTATIONS))).toContain('60s');
  });
});

describe('probes', () => {
  const KEY = 'sidecar.istio.io/rewriteAppHTTPProbers';

  test('are left as they are where the service says so and they need no identity', () => {
    const app = probed({ exec: { command: ['true'] } }, { rewriteProbes: false });
    expect(at(app.find('Deployment', 'cart'), ...ANNOTATIONS)).toMatchObject({ [KEY]: 'false' });
  });

  test('are led through the proxy where the service says so', () => {
    const app = probed({ httpGet: { port: 8080 } }, { rewriteProbes: true });
    expect(at(app.find('Deployment', 'cart'), ...ANNOTATIONS)).toMatchObject({ [KEY]: 'true' });
  });

  test('are what the pods say, before what the mesh says', () => {
    const app = new MeshApp({ proxy: { rewriteProbes: false } });
    const containers = [
      { name: 'server', image: 'x:1', ports: [{ containerPort: 8080 }], livenessProbe: { httpGet: { port: 8080 } } },
    ];
    const options = { podSpec: { containers }, annotations: { [KEY]: 'true' } };
    app.service('cart', { workload: Workload.of(deployment(app.chart, 'cart', options)) });
    expect(at(app.find('Deployment', 'cart'), ...ANNOTATIONS)).toMatchObject({ [KEY]: 'true' });
  });
});
