import { Duration } from 'cdk8s';
import type { RetriesOptions, RouteOptions } from '../../lib';
import { ExternalHost, HttpMatch, PathMatch, Port, Retries, RetryCondition, Timeout } from '../../lib';
import { schemaProblems, synthesize } from '../../lib/testing';
import { MeshApp, at } from '../support/mesh-app';

const HARMLESS = [RetryCondition.CONNECT_FAILURE];

/** The retries of each route of `cart`. */
function retries(options: RetriesOptions, route?: Partial<RouteOptions>): unknown[] {
  const app = new MeshApp();
  const cart = app.service('cart', { retries: Retries.of({ conditions: HARMLESS, ...options }) });
  if (route !== undefined) {
    cart.addRoute({ name: 'slow', matches: [HttpMatch.allOf({ path: PathMatch.exact('/slow') })], ...route });
  }
  expect(schemaProblems(synthesize(app.chart))).toEqual([]);
  const routes = at(app.find('VirtualService', 'cart'), 'spec', 'http') as readonly { readonly retries: unknown }[];
  return routes.map((one) => one.retries);
}

test('what is left out is left to the proxy', () => {
  const [only] = retries({});
  expect(only).toEqual({ attempts: 2, perTryTimeout: '15s', retryOn: 'connect-failure' });
});

test('a proxy waits before it repeats', () => {
  expect(retries({ backoff: Duration.millis(100) })).toEqual([expect.objectContaining({ backoff: '100ms' })]);
});

test.each([true, false])('another endpoint: %s', (otherEndpoint) => {
  expect(retries({ otherEndpoint })).toEqual([expect.objectContaining({ retryIgnorePreviousHosts: otherEndpoint })]);
});

test('a route that says less waits as its service does', () => {
  expect(retries({ backoff: Duration.seconds(1) }, { retries: Retries.of({ attempts: 1 }) })).toEqual([
    expect.objectContaining({ attempts: 1, backoff: '1s' }),
    expect.objectContaining({ attempts: 2, backoff: '1s' }),
  ]);
});

test('a wait that was timed for the service shrinks with the timeout of a route', () => {
  expect(retries({ backoff: Duration.seconds(5) }, { timeout: Timeout.of(Duration.seconds(3)) })).toEqual([
    expect.objectContaining({ perTryTimeout: '3s', backoff: '1s' }),
    expect.objectContaining({ backoff: '5s' }),
  ]);
});

test('hosts outside of the mesh have them, too', () => {
  const app = new MeshApp();
  new ExternalHost(app.chart, 'Stripe', {
    host: 'api.stripe.com',
    ports: [Port.http(80)],
    retries: Retries.of({ backoff: Duration.millis(250) }),
  });
  expect(app.find('VirtualService', 'api-stripe-com')).toHaveProperty('spec.http.0.retries.backoff', '250ms');
});
