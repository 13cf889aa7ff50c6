import { DEFAULT_RESILIENCE, mergeResilience } from '../../lib/intent/resilience';
import { ejectionProblem } from '../../lib/intent/resilience-checks';

test('later levels win, field by field', () => {
  const mesh = { connectionPool: { maxConnections: 10, maxRequests: 20 } };
  const service = { connectionPool: { maxRequests: 5 } };
  expect(mergeResilience(mesh, service).connectionPool).toEqual({
    maxConnections: 10,
    connectTimeoutMillis: 3000,
    maxPendingRequests: 1024,
    maxRequests: 5,
    idleTimeoutMillis: 300000,
    tcpIdleTimeoutMillis: 3600000,
  });
});

test('a service turns off what the mesh chose, and on what the mesh turned off', () => {
  expect(mergeResilience({ retries: { attempts: 5 } }, { retries: 'off' }).retries).toBe('off');
  expect(mergeResilience({ outlierDetection: 'off' }, { outlierDetection: { consecutive5xxErrors: 2 } })).toMatchObject(
    {
      outlierDetection: { consecutive5xxErrors: 2, maxEjectionPercent: 50 },
    },
  );
});

test('what nobody says is the default', () => {
  expect(mergeResilience()).toEqual(DEFAULT_RESILIENCE);
  expect(mergeResilience({}, {})).toEqual(DEFAULT_RESILIENCE);
});

test.each([
  [50, [2], true],
  [49, [2], false],
  [34, [3], true],
  [33, [3], false],
  [10, [10, 30], true],
  [10, [30, 9], false],
  [10, [1], true],
  [10, [], true],
])('%i percent of %j replicas: one can be ejected is %s', (maxEjectionPercent, replicas, fine) => {
  const resilience = mergeResilience({ outlierDetection: { maxEjectionPercent } });
  expect(ejectionProblem('shop/cart', resilience, replicas) === undefined).toBe(fine);
});
