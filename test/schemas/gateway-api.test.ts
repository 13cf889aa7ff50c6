import { problemsOf } from './objects';

function route(
  kind: string,
  rule: unknown,
  parents: readonly unknown[] = [{ group: '', kind: 'Service', name: 'cart', port: 80 }],
): unknown {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind,
    metadata: { name: 'cart', namespace: 'shop' },
    spec: { parentRefs: parents, rules: [rule] },
  };
}

function gateway(listener: Readonly<Record<string, unknown>>): unknown {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: 'ingress', namespace: 'shop' },
    spec: { gatewayClassName: 'istio', listeners: [{ name: 'http', port: 80, protocol: 'HTTP', ...listener }] },
  };
}

test('accepts a split HTTPRoute of a Service', () => {
  const backendRefs = [
    { name: 'cart-v1', port: 80, weight: 90 },
    { name: 'cart-v2', port: 80, weight: 10 },
  ];
  expect(problemsOf(route('HTTPRoute', { matches: [{ path: { value: '/cart' } }], backendRefs }))).toEqual([]);
});

test('accepts a GRPCRoute by method, and refuses a method of no shape', () => {
  const rule = (method: string): unknown => ({ matches: [{ method: { service: 'shop.Cart', method } }] });
  expect(problemsOf(route('GRPCRoute', rule('AddItem')))).toEqual([]);
  expect(problemsOf(route('GRPCRoute', rule('Add-Item'))).map((line) => line.split(':')[0])).toEqual([
    'cel spec.rules[0].matches[0].method',
  ]);
});

test('fills in defaults before it runs rules: a reference without group and kind means a Service, which needs a port', () => {
  expect(problemsOf(route('HTTPRoute', { backendRefs: [{ name: 'cart' }] }))).toEqual([
    'cel spec.rules[0].backendRefs[0]: Must have port for Service reference',
  ]);
});

test('compares fields whose names are reserved words of CEL', () => {
  const parent = { group: '', kind: 'Service', name: 'cart' };
  const twice = (namespace: string): unknown =>
    route('HTTPRoute', {}, [
      { ...parent, namespace: 'a' },
      { ...parent, namespace },
    ]);
  expect(problemsOf(twice('b'))).toEqual([]);
  expect(problemsOf(twice('a'))).not.toEqual([]);
});

test('refuses a path that is not normal', () => {
  expect(problemsOf(route('HTTPRoute', { matches: [{ path: { value: '/a//b' } }] }))).toEqual([
    "cel spec.rules[0].matches[0].path: must not contain '//' when type one of ['Exact', 'PathPrefix']",
  ]);
});

test('refuses TLS on a listener for HTTP', () => {
  expect(problemsOf(gateway({ allowedRoutes: { namespaces: { from: 'Same' } } }))).toEqual([]);
  expect(problemsOf(gateway({ tls: { certificateRefs: [{ name: 'shop' }] } }))).toEqual([
    "cel spec.listeners: tls must not be specified for protocols ['HTTP', 'TCP', 'UDP']",
  ]);
});
