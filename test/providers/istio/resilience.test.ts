import { Port } from '../../../lib/intent/port';
import type { Resilience } from '../../../lib/intent/resilience';
import { DEFAULT_RESILIENCE } from '../../../lib/intent/resilience';
import { trafficPolicy } from '../../../lib/providers/istio/resilience';

const HTTP = [Port.http(80)];
const OFF: Resilience = {
  timeout: 'off',
  streamIdleTimeout: 'off',
  retries: 'off',
  retryBudget: 'off',
  connectionPool: 'off',
  outlierDetection: 'off',
  loadBalancing: { kind: 'leastRequest' },
};

test('what is off is left out, and the policy is never empty', () => {
  expect(trafficPolicy(OFF, HTTP)).toEqual({ loadBalancer: { simple: 'LEAST_REQUEST' } });
});

test('TLS is never set, since that would break calls to pods that are not injected yet', () => {
  expect(Object.keys(trafficPolicy(DEFAULT_RESILIENCE, HTTP)).sort()).toEqual([
    'connectionPool',
    'loadBalancer',
    'outlierDetection',
    'retryBudget',
  ]);
});

test('connections alone have no limits on requests and no retry budget', () => {
  const policy = trafficPolicy(DEFAULT_RESILIENCE, [Port.tcp(6379)]);
  expect(policy.connectionPool).toEqual({
    tcp: { maxConnections: 1024, connectTimeout: '3s', idleTimeout: '3600s' },
  });
  expect(policy).not.toHaveProperty('retryBudget');
});

test('one port with requests suffices for limits on requests', () => {
  expect(trafficPolicy(DEFAULT_RESILIENCE, [Port.tcp(6379), ...HTTP]).connectionPool).toHaveProperty('http');
});

test('ejection always says how much of the endpoints it may take', () => {
  expect(trafficPolicy(DEFAULT_RESILIENCE, HTTP).outlierDetection).toHaveProperty('maxEjectionPercent', 50);
});
