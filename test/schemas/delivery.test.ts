import { problemsOf } from './objects';

function rollout(spec: Readonly<Record<string, unknown>>): unknown {
  return { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'cart', namespace: 'shop' }, spec };
}

function canary(analysis: Readonly<Record<string, unknown>>, service: Readonly<Record<string, unknown>> = {}): unknown {
  return {
    apiVersion: 'flagger.app/v1beta1',
    kind: 'Canary',
    metadata: { name: 'cart', namespace: 'shop' },
    spec: {
      targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart' },
      service: { port: 80, ...service },
      analysis,
    },
  };
}

const template = (container: Readonly<Record<string, unknown>>): unknown => ({
  metadata: { labels: { app: 'cart' } },
  spec: { containers: [{ name: 'cart', image: 'cart:1', ...container }] },
});

test('accepts a Rollout by reference to a Deployment', () => {
  const workloadRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart', scaleDown: 'onsuccess' };
  const strategy = { canary: { steps: [{ setWeight: 5 }, { pause: { duration: '10m' } }] } };
  expect(problemsOf(rollout({ workloadRef, strategy }))).toEqual([]);
});

test('refuses a step of a Rollout that is misspelt', () => {
  expect(problemsOf(rollout({ strategy: { canary: { steps: [{ setWieght: 5 }] } } }))).toEqual([
    'unknown field spec.strategy.canary.steps[0].setWieght: unknown field `setWieght`',
  ]);
});

test('judges the pod template of a Rollout like that of a Deployment', () => {
  expect(problemsOf(rollout({ template: template({ ports: [{ containerPort: 8080 }] }) }))).toEqual([]);
  expect(problemsOf(rollout({ template: template({ prots: [] }) }))).toEqual([
    'unknown field spec.template.spec.containers[0].prots: unknown field `prots`',
  ]);
});

test('judges the Job of an AnalysisTemplate like any other', () => {
  const run = (spec: unknown): unknown => ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AnalysisTemplate',
    metadata: { name: 'cart', namespace: 'shop' },
    spec: { metrics: [{ name: 'smoke', provider: { job: { spec } } }] },
  });
  expect(problemsOf(run({ template: template({}) }))).toEqual([]);
  expect(problemsOf(run({ template: template({}), backofLimit: 1 }))).toEqual([
    'unknown field spec.metrics[0].provider.job.spec.backofLimit: unknown field `backofLimit`',
  ]);
});

test('accepts a Canary, and refuses an interval without a unit', () => {
  expect(problemsOf(canary({ interval: '1m', threshold: 5, stepWeights: [5, 25] }))).toEqual([]);
  expect(problemsOf(canary({ interval: '60', threshold: 5, stepWeights: [5, 25] }))).toEqual([
    'schema spec.analysis.interval: `60` does not match `^[0-9]+(m|s)`',
  ]);
});

test('refuses connection limits in a Canary, which has none for TCP', () => {
  const trafficPolicy = { connectionPool: { tcp: { maxConnections: 10 } } };
  expect(problemsOf(canary({ interval: '1m', threshold: 5, stepWeights: [5] }, { trafficPolicy }))).toEqual([
    'unknown field spec.service.trafficPolicy.connectionPool.tcp: unknown field `tcp`',
  ]);
});
