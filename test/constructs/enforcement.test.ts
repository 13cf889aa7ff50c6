import { Enforcement, Operation, PathMatch, Peer, TokenIssuer, TokenKeys, ZeroTrustNamespace } from '../../lib';
import type { MeshedServiceProps } from '../../lib';
import type { KubeObject } from '../../lib/testing';
import { schemaProblems } from '../../lib/testing';
import type { Manifest } from '../support/mesh-app';
import { MeshApp, at, find, names, printed } from '../support/mesh-app';
import { onDay } from '../support/on-day';

const REHEARSAL = Enforcement.dryRun({ reason: 'callers are being collected', until: '2026-12-31' });
const LOGIN = new TokenIssuer({
  issuer: 'https://login.example.com',
  keys: TokenKeys.discovered(),
  audiences: ['shop'],
});

function synth(declare: (app: MeshApp) => void): Manifest[] {
  const app = new MeshApp();
  declare(app);
  let found: Manifest[] = [];
  printed(() => onDay('2026-06-01', () => (found = app.objects())));
  expect(schemaProblems(found as unknown as KubeObject[])).toEqual([]);
  return found;
}

function declareCart(app: MeshApp, props: Partial<MeshedServiceProps>): void {
  const cart = app.service('cart', props);
  cart.access.allowFrom(app.service('frontend'));
  cart.access.denyFromAll({ operations: [Operation.http({ paths: [PathMatch.prefix('/admin')] })] });
  cart.access.requireToken({ issuers: [LOGIN] });
}

/** Names of policies that refuse calls, or allow them, for real. */
function enforced(found: readonly Manifest[]): string[] {
  const policies = found.filter(({ kind }) => kind === 'AuthorizationPolicy');
  return policies
    .filter(({ metadata }) => metadata.annotations?.['istio.io/dry-run'] !== 'true')
    .map(({ metadata }) => metadata.name)
    .sort();
}

test('a service in dry run refuses nobody: its policies rehearse, and an enforced one admits everybody', () => {
  const found = synth((app) => declareCart(app, { enforcement: REHEARSAL }));
  expect(enforced(found)).toEqual(['cart-dry-run-admits-everybody', 'default-deny', 'frontend']);
  expect(find(found, 'AuthorizationPolicy', 'cart-dry-run-admits-everybody').spec).toEqual({
    selector: { matchLabels: { app: 'cart' } },
    action: 'ALLOW',
    rules: [{}],
  });
  expect(at(find(found, 'NetworkPolicy', 'cart'), 'spec', 'ingress')).toMatchObject([
    { from: [{ namespaceSelector: {} }] },
  ]);
});

test('in a dry run, addresses that were granted get in beside all pods', () => {
  const found = synth((app) => {
    const cart = app.service('cart', { enforcement: REHEARSAL });
    cart.access.allowFrom(app.service('frontend'));
    const machine = { trustDomain: 'partner.example', cidrs: ['10.64.0.0/16'] };
    cart.access.allowFrom(Peer.serviceAccount('ops', 'sync', machine));
  });
  expect(at(find(found, 'NetworkPolicy', 'cart'), 'spec', 'ingress')).toMatchObject([
    { from: [{ ipBlock: { cidr: '10.64.0.0/16' } }, { namespaceSelector: {} }] },
  ]);
});

test('a service in dry run rehearses the very policies that would be enforced', () => {
  const rehearsed = synth((app) => declareCart(app, { enforcement: REHEARSAL }));
  const real = synth((app) => declareCart(app, {}));
  for (const name of ['cart', 'cart-denied', 'cart-token-required']) {
    expect(find(rehearsed, 'AuthorizationPolicy', name).spec).toEqual(find(real, 'AuthorizationPolicy', name).spec);
  }
  expect(enforced(real)).toEqual(['cart', 'cart-denied', 'cart-token-required', 'default-deny', 'frontend']);
  expect(names(real)).not.toContain('AuthorizationPolicy cart-dry-run-admits-everybody');
});

test('a namespace in dry run rehearses its default deny and all of its services', () => {
  const found = synth((app) => {
    const namespace = new ZeroTrustNamespace(app.chart, 'Zero', { name: 'zero', enforcement: REHEARSAL });
    expect(namespace.namespaceName).toBe('zero');
  });
  expect(enforced(found)).toEqual([]);
  expect(at(find(found, 'NetworkPolicy', 'default-deny'), 'spec', 'ingress')).toEqual([
    { from: [{ namespaceSelector: {} }] },
  ]);
  expect(at(find(found, 'PeerAuthentication', 'default'), 'spec')).toEqual({ mtls: { mode: 'STRICT' } });
});

test('a service takes the dry run of its namespace, unless it says that it refuses', () => {
  const inside = (props: Partial<MeshedServiceProps>) =>
    synth((app) => {
      const namespace = new ZeroTrustNamespace(app.chart, 'Zero', { name: 'shop', enforcement: REHEARSAL });
      Object.defineProperty(app, 'shop', { value: namespace });
      app.service('cart', { namespace, ...props });
    });
  expect(enforced(inside({}))).toEqual(['cart-dry-run-admits-everybody']);
  expect(enforced(inside({ enforcement: Enforcement.enforced() }))).toEqual(['cart']);
});
