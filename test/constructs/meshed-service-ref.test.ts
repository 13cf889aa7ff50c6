import { Testing } from 'cdk8s';
import { MeshedService, Operation, Port } from '../../lib';
import { MeshApp, at, find } from '../support/mesh-app';

function bankApp() {
  const app = new MeshApp();
  const ledger = MeshedService.fromRef(app.chart, 'Ledger', {
    name: 'ledger',
    namespace: 'bank',
    serviceAccount: 'ledger-sa',
    ports: [Port.grpc(9000, { containerPort: 9090 })],
    podLabels: { app: 'ledger' },
  });
  return { app, ledger, cart: app.service('cart') };
}

test('nothing is emitted in the namespace of a service that another app owns', () => {
  const { app, ledger, cart } = bankApp();
  cart.access.allowTo(ledger);
  ledger.access.allowTo(cart);
  expect(app.objects().filter(({ metadata }) => metadata.namespace !== 'shop' && metadata.namespace)).toEqual([]);
  expect(JSON.stringify(app.objects().map(({ metadata }) => metadata.name))).not.toContain('ledger');
});

test('a call to it opens the Sidecar and the NetworkPolicy of the caller', () => {
  const { app, ledger, cart } = bankApp();
  cart.access.allowTo(ledger);
  const found = app.objects();
  expect(at(find(found, 'Sidecar', 'cart'), 'spec', 'egress')).toEqual([
    { hosts: ['bank/ledger.bank.svc.cluster.local'] },
  ]);
  expect(at(find(found, 'NetworkPolicy', 'cart'), 'spec', 'egress')).toMatchObject([
    { to: [{ podSelector: { matchLabels: { app: 'ledger' } } }], ports: [{ port: 9090 }] },
  ]);
});

test('a call from it opens the policy and the NetworkPolicy of the callee to its account and pods', () => {
  const { app, ledger, cart } = bankApp();
  cart.access.allowFrom(ledger);
  const found = app.objects();
  expect(at(find(found, 'AuthorizationPolicy', 'cart'), 'spec', 'rules')).toMatchObject([
    { from: [{ source: { principals: ['cluster.local/ns/bank/sa/ledger-sa'] } }] },
  ]);
  expect(at(find(found, 'NetworkPolicy', 'cart'), 'spec', 'ingress')).toMatchObject([
    { from: [{ podSelector: { matchLabels: { app: 'ledger' } } }] },
  ]);
});

test('its owner has nothing to add where nothing was granted', () => {
  expect(bankApp().ledger.requiredFromOwner()).toBe('');
});

test('what its owner has to add is printed as YAML', () => {
  const { ledger, cart } = bankApp();
  cart.access.allowTo(ledger, { operations: [Operation.grpc('bank.Ledger', 'Post')] });
  expect(ledger.requiredFromOwner()).toMatchSnapshot();
});

test('what its owner has to add for its own calls is a host for its Sidecar and egress', () => {
  const { ledger, cart } = bankApp();
  ledger.access.allowTo(cart);
  expect(ledger.requiredFromOwner()).toMatchSnapshot();
});

test('services of other apps may share an account where all of them say so', () => {
  const { chart } = new MeshApp();
  const refer = (name: string, sharedIdentity: boolean) =>
    MeshedService.fromRef(chart, name, {
      name,
      namespace: 'bank',
      serviceAccount: 'bank',
      podLabels: { app: name },
      sharedIdentity,
    });
  refer('ledger', true);
  refer('audit', true);
  Testing.synth(chart);
  refer('vault', false);
  expect(() => void Testing.synth(chart)).toThrow('MESH-API-032');
});
