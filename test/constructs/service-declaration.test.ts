import { Duration } from 'cdk8s';
import { ConnectionPool, OutlierDetection, Retries, RetryBudget, Timeout, Workload } from '../../lib';
import { MeshApp, at, deployment, find, names } from '../support/mesh-app';

test('each protection can be set by name', () => {
  const app = new MeshApp();
  app.service('cart', {
    timeout: Timeout.of(Duration.seconds(3)),
    retries: Retries.of({ attempts: 1, perTryTimeout: Duration.millis(250) }),
    retryBudget: RetryBudget.of({ percent: 5 }),
    connectionPool: ConnectionPool.of({ maxConnections: 10, maxPendingRequests: 5 }),
    outlierDetection: OutlierDetection.of({ consecutive5xxErrors: 2, maxEjectionPercent: 100 }),
  });
  const found = app.objects();
  expect(at(find(found, 'DestinationRule', 'cart'), 'spec', 'trafficPolicy')).toMatchObject({
    connectionPool: { tcp: { maxConnections: 10 }, http: { http1MaxPendingRequests: 5, http2MaxRequests: 1024 } },
    outlierDetection: { consecutive5xxErrors: 2, maxEjectionPercent: 100, interval: '10s' },
    retryBudget: { percent: 5, minRetryConcurrency: 3 },
  });
  for (const route of at(find(found, 'VirtualService', 'cart'), 'spec', 'http') as object[]) {
    expect(route).toMatchObject({ timeout: '3s', retries: { attempts: 1, perTryTimeout: '250ms' } });
  }
});

test('each protection can be turned off by name, and retries that are off are written out', () => {
  const app = new MeshApp();
  app.service('cart', {
    timeout: Timeout.off(),
    retries: Retries.off(),
    retryBudget: RetryBudget.off(),
    connectionPool: ConnectionPool.off(),
    outlierDetection: OutlierDetection.off(),
  });
  const found = app.objects();
  expect(at(find(found, 'DestinationRule', 'cart'), 'spec', 'trafficPolicy')).toEqual({
    loadBalancer: { simple: 'LEAST_REQUEST' },
  });
  expect(at(find(found, 'VirtualService', 'cart'), 'spec', 'http')).toEqual([
    {
      route: [{ destination: { host: 'cart.shop.svc.cluster.local', port: { number: 80 } } }],
      retries: { attempts: 0 },
    },
  ]);
});

test('defaults of the mesh lie below what a service says', () => {
  const app = new MeshApp({
    defaults: {
      timeout: Timeout.of(Duration.seconds(7)),
      connectionPool: ConnectionPool.of({ maxConnections: 7 }),
    },
  });
  app.service('cart', { connectionPool: ConnectionPool.of({ maxPendingRequests: 3 }) });
  expect(at(app.find('DestinationRule', 'cart'), 'spec', 'trafficPolicy', 'connectionPool')).toMatchObject({
    tcp: { maxConnections: 7 },
    http: { http1MaxPendingRequests: 3 },
  });
  expect(JSON.stringify(app.find('VirtualService', 'cart'))).toContain('"timeout":"7s"');
});

test.each([1, 2, 5])('ejection by default fits %i replicas and is written out', (replicas) => {
  const app = new MeshApp();
  app.service('cart', { workload: Workload.of(deployment(app.chart, 'cart', { replicas })) });
  expect(at(app.find('DestinationRule', 'cart'), 'spec', 'trafficPolicy', 'outlierDetection')).toMatchObject({
    maxEjectionPercent: 50,
  });
});

test('proxies get resources, concurrency and start order, unless the pods say otherwise', () => {
  const app = new MeshApp({ proxy: { cpuRequest: '50m' } });
  const annotations = { 'sidecar.istio.io/proxyMemory': '64Mi' };
  app.service('cart', { workload: Workload.of(deployment(app.chart, 'cart', { annotations })) });
  app.service('search', { proxy: { memoryLimit: '2Gi', startFirst: false } });
  const template = ['spec', 'template', 'metadata', 'annotations'];
  expect(at(app.find('Deployment', 'cart'), ...template)).toEqual({
    'sidecar.istio.io/proxyCPU': '50m',
    'sidecar.istio.io/proxyMemory': '64Mi',
    'sidecar.istio.io/proxyCPULimit': '2000m',
    'sidecar.istio.io/proxyMemoryLimit': '1024Mi',
    'proxy.istio.io/config': '{"concurrency":2,"holdApplicationUntilProxyStarts":true}',
  });
  expect(at(app.find('Deployment', 'search'), ...template)).toMatchObject({
    'sidecar.istio.io/proxyCPU': '50m',
    'sidecar.istio.io/proxyMemoryLimit': '2Gi',
    'proxy.istio.io/config': '{"concurrency":2,"holdApplicationUntilProxyStarts":false}',
  });
});

test('native sidecars start first by themselves', () => {
  const app = new MeshApp({ nativeSidecars: true });
  app.service('cart');
  expect(at(app.find('Deployment', 'cart'), 'spec', 'template', 'metadata', 'annotations')).toMatchObject({
    'sidecar.istio.io/nativeSidecar': 'true',
    'proxy.istio.io/config': '{"concurrency":2}',
  });
});

test('services may share an account where all of them say so', () => {
  const app = new MeshApp();
  app.service('cart', { serviceAccount: 'shared', sharedIdentity: true });
  app.service('basket', { serviceAccount: 'shared', sharedIdentity: true });
  const found = app.objects();
  expect(names(found).filter((name) => name.startsWith('ServiceAccount'))).toEqual(['ServiceAccount shared']);
  expect(at(find(found, 'Deployment', 'basket'), 'spec', 'template', 'spec', 'serviceAccountName')).toBe('shared');
});
