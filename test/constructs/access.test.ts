import type { MeshedService } from '../../lib';
import { Operation, PathMatch, Peer, Port, Workload } from '../../lib';
import type { Manifest } from '../support/mesh-app';
import { MeshApp, at, deployment, find, names, printed } from '../support/mesh-app';

const API = { ipBlock: { cidr: '10.0.0.1/32' } };
const READ = Operation.http({ methods: ['GET'], paths: [PathMatch.prefix('/items')] });

function pods(namespace: string, labels?: object): object {
  return {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    ...(labels === undefined ? {} : { podSelector: { matchLabels: labels } }),
  };
}

/** The objects of a mesh with cart and frontend after something was granted. */
function granted(grant: (cart: MeshedService, frontend: MeshedService) => void): Manifest[] {
  const app = new MeshApp();
  grant(app.service('cart'), app.service('frontend'));
  let found: Manifest[] = [];
  printed(() => (found = app.objects()));
  return found;
}

function rules(found: readonly Manifest[]): unknown {
  return at(find(found, 'AuthorizationPolicy', 'cart'), 'spec', 'rules');
}

test('one grant opens the policy of the callee, the Sidecar of the caller and both NetworkPolicies, and nothing else', () => {
  const before = granted(() => undefined);
  const after = granted((cart, frontend) => cart.access.allowFrom(frontend));
  expect(names(after)).toEqual(names(before));
  const changed = after.filter((object, index) => JSON.stringify(object) !== JSON.stringify(before[index]));
  expect(names(changed).sort()).toEqual([
    'AuthorizationPolicy cart',
    'NetworkPolicy cart',
    'NetworkPolicy frontend',
    'Sidecar frontend',
  ]);
  expect(rules(after)).toEqual([
    {
      from: [{ source: { principals: ['cluster.local/ns/shop/sa/frontend'] } }],
      to: [{ operation: { ports: ['8080'] } }],
    },
  ]);
  expect(at(find(after, 'Sidecar', 'frontend'), 'spec', 'egress')).toEqual([
    { hosts: ['shop/cart.shop.svc.cluster.local'] },
  ]);
  const ports = [{ port: 8080, protocol: 'TCP' }];
  expect(at(find(after, 'NetworkPolicy', 'cart'), 'spec', 'ingress')).toEqual([
    { from: [pods('shop', { app: 'frontend' })], ports },
  ]);
  expect(at(find(after, 'NetworkPolicy', 'frontend'), 'spec', 'egress')).toEqual([
    { to: [pods('shop', { app: 'cart' })], ports },
  ]);
});

test('declared from either side, once or twice, in any order, the result is the same', () => {
  const other = Operation.http({ methods: ['POST'] });
  const once = granted((cart, frontend) => {
    cart.access.allowFrom(frontend, { operations: [READ, other] });
    cart.access.allowFrom(Peer.namespace('ops'));
  });
  const ways: ((cart: MeshedService, frontend: MeshedService) => void)[] = [
    (cart, frontend) => {
      cart.access.allowFrom(Peer.namespace('ops'));
      frontend.access.allowTo(cart, { operations: [READ, other] });
    },
    (cart, frontend) => {
      frontend.access.allowTo(cart, { operations: [READ, other] });
      cart.access.allowFrom(frontend, { operations: [READ, other] });
      cart.access.allowFrom(Peer.namespace('ops'));
      cart.access.allowFrom(Peer.namespace('ops'), { ports: ['http'] });
    },
    (cart, frontend) => {
      frontend.access.allowTo(cart, { operations: [other] });
      frontend.access.allowTo(cart, { operations: [READ], ports: ['http'] });
      cart.access.allowFrom(Peer.namespace('ops'));
    },
  ];
  for (const way of ways) {
    expect(granted(way)).toEqual(once);
  }
});

describe('each peer is known to the policy by identity, to the NetworkPolicy by its pods', () => {
  const ports = [{ port: 8080, protocol: 'TCP' }];
  test.each([
    [
      'pods under a service account',
      Peer.serviceAccount('ops', 'bot', { podLabels: { app: 'bot' } }),
      'ops/sa/bot',
      [pods('ops', { app: 'bot' })],
    ],
    ['a service account whose pods are unknown', Peer.serviceAccount('ops', 'bot'), 'ops/sa/bot', [pods('ops')]],
    ['a namespace', Peer.namespace('ops'), 'ops/sa/*', [pods('ops')]],
    [
      'the ingress gateway',
      Peer.ingressGateway(),
      'istio-ingress/sa/istio-ingress',
      [pods('istio-ingress', { istio: 'ingress' })],
    ],
  ])('%s', (_, peer, identity, from) => {
    const found = granted((cart) => cart.access.allowFrom(peer));
    expect(rules(found)).toMatchObject([{ from: [{ source: { principals: [`cluster.local/ns/${identity}`] } }] }]);
    expect(at(find(found, 'NetworkPolicy', 'cart'), 'spec', 'ingress')).toEqual([{ from, ports }]);
  });
});

test('a service account whose pods are known is no reason to warn', () => {
  const app = new MeshApp();
  app.service('cart').access.allowFrom(Peer.serviceAccount('ops', 'bot', { podLabels: { app: 'bot' } }));
  expect(printed(() => app.objects())).toBe('');
});

test('the Kubernetes API as callee is a host of the Sidecar and addresses of the NetworkPolicy', () => {
  const found = granted((cart) => cart.access.allowTo(Peer.kubernetesApi()));
  expect(at(find(found, 'Sidecar', 'cart'), 'spec', 'egress')).toEqual([
    { hosts: ['default/kubernetes.default.svc.cluster.local'] },
  ]);
  expect(at(find(found, 'NetworkPolicy', 'cart'), 'spec', 'egress')).toEqual([
    { to: [API, { ipBlock: { cidr: '10.0.0.2/32' } }], ports: [{ port: 6443, protocol: 'TCP' }] },
  ]);
  expect(rules(found)).toBeUndefined();
});

test('the Kubernetes API as caller needs no identity on the named port alone', () => {
  const app = new MeshApp();
  const cart = app.service('cart', {
    workload: Workload.of(deployment(app.chart, 'cart', { ports: [8080, 8443] })),
    ports: [Port.http(80, { containerPort: 8080 }), Port.https(443, { containerPort: 8443, name: 'hook' })],
  });
  cart.access.allowFrom(Peer.kubernetesApi(), { ports: ['hook'] });
  cart.access.allowFrom(Peer.kubernetesApi(), { ports: ['hook'] });
  const found = app.objects();
  expect(rules(found)).toEqual([{ to: [{ operation: { ports: ['8443'] } }] }]);
  expect(find(found, 'PeerAuthentication', 'cart').spec).toEqual({
    selector: { matchLabels: { app: 'cart' } },
    mtls: { mode: 'STRICT' },
    portLevelMtls: { 8443: { mode: 'PERMISSIVE' } },
  });
  expect(at(find(found, 'NetworkPolicy', 'cart'), 'spec', 'ingress')).toEqual([
    { from: [API, { ipBlock: { cidr: '10.0.0.2/32' } }], ports: [{ port: 8443, protocol: 'TCP' }] },
  ]);
});

test('without the Kubernetes API as caller no port is open to plain text', () => {
  expect(names(granted((cart) => cart.access.allowTo(Peer.kubernetesApi())))).not.toContain('PeerAuthentication cart');
});

test('a callee that allows itself imports itself', () => {
  const found = granted((cart) => cart.access.allowFrom(cart));
  expect(at(find(found, 'Sidecar', 'cart'), 'spec', 'egress')).toEqual([
    { hosts: ['shop/cart.shop.svc.cluster.local'] },
  ]);
});

test('every visible host says who asked for it', () => {
  const app = new MeshApp();
  const frontend = app.service('frontend');
  frontend.access.allowTo(app.service('cart'));
  frontend.access.allowTo(Peer.kubernetesApi());
  expect(frontend.visibleHosts()).toEqual([
    { host: 'default/kubernetes.default.svc.cluster.local', source: 'grant to the Kubernetes API' },
    { host: 'shop/cart.shop.svc.cluster.local', source: 'grant to `shop/cart`' },
  ]);
});
