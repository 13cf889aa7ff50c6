import { Port } from '../../../lib';
import type { Grant } from '../../../lib/intent/access';
import type { Delivery } from '../../../lib/intent/delivery';
import { serviceMetrics } from '../../../lib/providers/istio/metrics';
import { grantToCart, istioSettings, meshOf, shopRef, shopService } from '../../support/istio-intent';
import { promqlErrors } from '../../support/promql';

const FLAGGER: Delivery = {
  controller: {
    kind: 'flagger',
    weightsPercent: [10],
    selectorLabels: ['app'],
    analysis: {
      prometheusAddress: 'http://prometheus:9090',
      intervalSeconds: 60,
      failureLimit: 3,
      minSuccessPercent: 99,
      latencyPercentile: 99,
    },
  },
  preview: [],
  ingresses: [],
  workload: { name: 'cart', podLabels: { app: 'cart' }, matchLabels: { app: 'cart' } },
};

const GATEWAY = { namespace: 'istio-ingress', serviceAccount: 'edge', podLabels: { istio: 'ingress' } };

function metrics(grants: readonly Grant[], port = Port.http(80)) {
  const cart = shopService('cart', { ports: [port] });
  const mesh = meshOf([cart, shopService('web', { serviceAccount: 'frontend' })], grants);
  return serviceMetrics(istioSettings({ trustDomain: 'corp.example', ingressGateway: GATEWAY }), cart, mesh);
}

/** The regular expression by which a query tells declared callers from others. */
function principals(grants: readonly Grant[]): RegExp {
  const text = /source_principal!~"([^"]*)"/.exec(metrics(grants).undeclaredCalls('5m'))?.[1];
  if (text === undefined) throw new Error('no principals');
  return new RegExp(`^(?:${text})$`);
}

test('declared callers are known by their identities', () => {
  const declared = principals([
    grantToCart(shopRef('web')),
    grantToCart({ kind: 'namespace', namespace: 'jobs' }),
    grantToCart({ kind: 'serviceAccount', namespace: 'ops', serviceAccount: 'runbook' }),
    grantToCart({ kind: 'ingressGateway' }),
  ]);
  expect('spiffe://corp.example/ns/shop/sa/frontend').toMatch(declared);
  expect('spiffe://corp.example/ns/jobs/sa/nightly').toMatch(declared);
  expect('spiffe://corp.example/ns/ops/sa/runbook').toMatch(declared);
  expect('spiffe://corp.example/ns/istio-ingress/sa/edge').toMatch(declared);
});

test('nobody else is taken for declared', () => {
  const declared = principals([grantToCart(shopRef('web')), grantToCart({ kind: 'namespace', namespace: 'jobs' })]);
  expect('spiffe://corp.example/ns/shop/sa/web').not.toMatch(declared);
  expect('spiffe://corpxexample/ns/shop/sa/frontend').not.toMatch(declared);
  expect('spiffe://corp.example/ns/jobs2/sa/nightly').not.toMatch(declared);
  expect('spiffe://corp.example/ns/shop/sa/frontend2').not.toMatch(declared);
  expect('unknown').not.toMatch(declared);
  expect('unknown').not.toMatch(principals([]));
});

test('the Kubernetes API is known by having no identity', () => {
  expect('unknown').toMatch(principals([grantToCart({ kind: 'kubernetesApi' })]));
});

test('failures of gRPC are those that the server is to blame for', () => {
  expect(metrics([], Port.grpc(80)).failures('5m')).toContain(
    'response_code!~"5..",grpc_response_status=~"2|4|13|14|15"',
  );
  expect(metrics([]).failures('5m')).not.toContain('grpc_response_status');
});

test('calls are requests where there are requests, and connections elsewhere', () => {
  expect(metrics([]).declaredCalls('5m')).toMatch(/istio_requests_total(?!.*istio_tcp)/);
  expect(metrics([], Port.tcp(80)).declaredCalls('5m')).toMatch(
    /istio_tcp_connections_opened_total(?!.*istio_requests)/,
  );
});

test('what Flagger sends on to services of its own still counts', () => {
  const cart = shopService('cart', { delivery: FLAGGER });
  const asked = serviceMetrics(istioSettings(), cart, meshOf([cart]));
  expect(asked.requests('5m')).toContain('destination_service_name=~"cart|cart-primary|cart-canary"');
  expect(asked.requestsByVersion('5m')).toContain('by (destination_workload)');
  const names = /cluster_name=~"([^"]*)"/.exec(asked.ejected('5m'))?.[1] ?? '';
  expect('outbound|80||cart-primary.shop.svc.cluster.local;').toMatch(new RegExp(`^(?:${names})$`));
  expect(promqlErrors(asked.ejected('5m'))).toEqual([]);
});
