import { problemsOf } from './objects';

function rule(fields: Readonly<Record<string, unknown>>): unknown {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'alerts', namespace: 'shop' },
    spec: { groups: [{ name: 'shop/cart', rules: [{ alert: 'Down', expr: 'up == 0', ...fields }] }] },
  };
}

function monitor(kind: string, spec: Readonly<Record<string, unknown>>): unknown {
  return { apiVersion: 'monitoring.coreos.com/v1', kind, metadata: { name: 'proxies', namespace: 'shop' }, spec };
}

test('accepts an alert, and refuses a waiting time without a unit', () => {
  expect(problemsOf(rule({ for: '5m', labels: { severity: 'page' } }))).toEqual([]);
  expect(problemsOf(rule({ for: '5' }))).toEqual([expect.stringContaining('schema spec.groups[0].rules[0].for')]);
});

test('refuses fields of an alert that are misspelt', () => {
  expect(problemsOf(rule({ annotation: {} }))).toEqual([
    'unknown field spec.groups[0].rules[0].annotation: unknown field `annotation`',
  ]);
});

test('refuses monitors that select nothing, and relabellings that nobody knows', () => {
  const selector = { matchLabels: { istio: 'pilot' } };
  expect(problemsOf(monitor('ServiceMonitor', { selector, endpoints: [{ port: 'http-monitoring' }] }))).toEqual([]);
  expect(problemsOf(monitor('ServiceMonitor', { endpoints: [] }))).toEqual([expect.stringContaining('selector')]);
  const relabelings = [{ action: 'keeep' }];
  expect(problemsOf(monitor('PodMonitor', { selector, podMetricsEndpoints: [{ relabelings }] }))).toEqual([
    expect.stringContaining('action'),
  ]);
});
