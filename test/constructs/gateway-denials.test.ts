import type { MeshedService } from '../../lib';
import { IstioPathNormalization, Operation, PathMatch, Peer } from '../../lib';
import { MeshApp, thrown } from '../support/mesh-app';

const ADMIN = Operation.http({ paths: [PathMatch.prefix('/admin')] });
const EDGE = Peer.namespace('istio-ingress');

/** What is wrong with a service that the gateway may call, and whose access is limited so. */
function problem(limit: (cart: MeshedService) => void): string {
  const app = new MeshApp({ pathNormalization: IstioPathNormalization.MERGE_SLASHES });
  const cart = app.service('cart');
  cart.access.allowFrom(Peer.ingressGateway());
  limit(cart);
  return thrown(() => {
    app.objects();
    throw new Error('fine');
  });
}

test.each([
  ['namespace', EDGE],
  ['account', Peer.serviceAccount('istio-ingress', 'istio-ingress')],
])('a denial of the %s of the gateway names the gateway, which it denies too', (_, peer) => {
  expect(problem((cart) => cart.access.denyFrom(peer, { operations: [ADMIN] }))).toMatch(
    /MESH-API-053: the denial of .* at `shop\/cart` also denies the ingress gateway, .*; fix: /,
  );
});

test('a denial of everything from the namespace of the gateway leaves nothing of its grant', () => {
  expect(problem((cart) => cart.access.denyFrom(EDGE))).toMatch(
    /MESH-API-053: the grant to the ingress gateway to call `shop\/cart` is denied wholly/,
  );
});

test('a denial of all but the namespace of the gateway leaves the gateway its grant', () => {
  expect(problem((cart) => cart.access.denyFromAllBut([EDGE]))).toBe('fine');
});

test('is fine where the gateway is denied the same by name, and of other accounts there', () => {
  const named = problem((cart) => {
    cart.access.denyFrom(EDGE, { operations: [ADMIN] });
    cart.access.denyFrom(Peer.ingressGateway(), { operations: [ADMIN] });
  });
  const other = problem((cart) => {
    cart.access.denyFrom(Peer.serviceAccount('istio-ingress', 'robot'), { operations: [ADMIN] });
  });
  expect([named, other]).toEqual(['fine', 'fine']);
});

test('is fine where the gateway may not call what is denied', () => {
  const app = new MeshApp({ pathNormalization: IstioPathNormalization.MERGE_SLASHES });
  const cart = app.service('cart');
  cart.access.allowFrom(Peer.ingressGateway(), { operations: [Operation.http({ paths: [PathMatch.prefix('/api')] })] });
  cart.access.denyFrom(EDGE, { operations: [ADMIN] });
  expect(() => app.objects()).not.toThrow();
});
