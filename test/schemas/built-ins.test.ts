import { problemsOf } from './objects';

function deployment(container: Readonly<Record<string, unknown>>): unknown {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'cart', namespace: 'shop', creationTimestamp: null },
    spec: {
      selector: { matchLabels: { app: 'cart' } },
      template: {
        metadata: { labels: { app: 'cart' } },
        spec: { containers: [{ name: 'cart', image: 'cart:1', ...container }] },
      },
    },
  };
}

function service(port: Readonly<Record<string, unknown>>): unknown {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'cart', namespace: 'shop' },
    spec: { selector: { app: 'cart' }, ports: [{ name: 'http', ...port }] },
  };
}

test('accepts a Deployment with quantities as text and as numbers', () => {
  expect(
    problemsOf(
      deployment({ resources: { limits: { memory: '1.5Gi', cpu: 2 }, requests: { cpu: 0.5, memory: '1e3' } } }),
    ),
  ).toEqual([]);
});

test('refuses what is no quantity', () => {
  expect(problemsOf(deployment({ resources: { limits: { memory: '1 GB', cpu: true } } }))).toEqual([
    'schema spec.template.spec.containers[0].resources.limits.memory: `1 GB` is not of format `quantity`',
    'schema spec.template.spec.containers[0].resources.limits.cpu: must be of type `quantity`, got `true`',
  ]);
});

test('refuses an unknown field deep in a pod template', () => {
  expect(problemsOf(deployment({ livenessProbe: { httpGet: { port: 'http', pth: '/' } } }))).toEqual([
    'unknown field spec.template.spec.containers[0].livenessProbe.httpGet.pth: unknown field `pth`',
  ]);
});

test('accepts a port by number or by name, and nothing else', () => {
  expect(problemsOf(service({ port: 80, targetPort: 'http' }))).toEqual([]);
  expect(problemsOf(service({ port: 80, targetPort: 8080 }))).toEqual([]);
  expect(problemsOf(service({ port: 80, targetPort: 80.5 }))).toEqual([
    'schema spec.ports[0].targetPort: must be of type `integer or string`, got `80.5`',
  ]);
});

test('treats null as absent', () => {
  expect(problemsOf(service({ port: 80, targetPort: null }))).toEqual([]);
  expect(problemsOf(service({ port: null }))).toEqual(['schema spec.ports[0].port: is required']);
});

test('refuses a number that 32 bits do not hold', () => {
  expect(problemsOf(service({ port: 2 ** 31 }))).toEqual([
    'schema spec.ports[0].port: `2147483648` is not of format `int32`',
  ]);
});

test('refuses a Secret whose data is not base64', () => {
  const secret = (data: string): unknown => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'a', namespace: 'b' },
    data: { data },
  });
  expect(problemsOf(secret('c2hvcA=='))).toEqual([]);
  expect(problemsOf(secret('shop!'))).toEqual(['schema data.data: `shop!` is not of format `byte`']);
});

test.each([
  ['v1', 'ConfigMap', 'ServiceAccount', 'Pod'],
  ['apps/v1', 'StatefulSet', 'DaemonSet', 'ReplicaSet'],
  ['batch/v1', 'Job', 'CronJob'],
  ['networking.k8s.io/v1', 'NetworkPolicy'],
])('knows the kinds of %s', (apiVersion, ...kinds) => {
  const object = { apiVersion, metadata: { name: 'a', namespace: 'b' } };
  for (const kind of kinds)
    expect(problemsOf({ ...object, kind }).filter((line) => line.startsWith('no schema'))).toEqual([]);
});
