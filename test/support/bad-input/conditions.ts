import type { AllowOptions, IPeer } from '../../../lib';
import { ExternalHost, Operation, PathMatch, Peer, Port, SourceAddresses, Workload } from '../../../lib';
import { Code } from '../../../lib/errors';
import { MeshApp, deployment, printed } from '../mesh-app';
import { onDay } from '../on-day';
import type { Provocation } from './provocation';

const PORTS = [
  Port.http(80, { containerPort: 8080 }),
  Port.tcp(6379, { name: 'redis' }),
  Port.tls(8443, { name: 'hook' }),
];
const GATEWAY = { namespace: 'edge', serviceAccount: 'edge', podLabels: { istio: 'edge' } };
const OFFICE = SourceAddresses.client('203.0.113.0/24');
const BOT = Peer.serviceAccount('ops', 'bot', { podLabels: { app: 'bot' } });

function cart(props: ConstructorParameters<typeof MeshApp>[0] = {}) {
  const app = new MeshApp(props);
  const workload = Workload.of(deployment(app.chart, 'cart', { ports: [8080, 6379, 8443] }));
  return { app, cart: app.service('cart', { ports: PORTS, workload }) };
}

const grant = (peer: IPeer, options: AllowOptions, props?: ConstructorParameters<typeof MeshApp>[0]) => () =>
  cart(props).cart.access.allowFrom(peer, options);

export const CONDITIONS: readonly Provocation[] = [
  ...['2026-02-30', '31.12.2026', '2026-1-1', ''].map((until) => ({
    input: `the end date ${JSON.stringify(until)}`,
    code: Code.END_DATE,
    value: until,
    provoke: grant(BOT, { until }),
  })),
  {
    input: 'a day of today that is none',
    code: Code.END_DATE,
    value: 'tomorrow',
    provoke: () => {
      const { app, cart: service } = cart();
      service.access.allowFrom(BOT, { until: '2026-12-31' });
      onDay('tomorrow', () => app.objects());
    },
  },
  {
    input: 'a grant past its end',
    code: Code.ENDED,
    value: '2026-12-31',
    provoke: () => {
      const { app, cart: service } = cart();
      service.access.allowFrom(BOT, { until: '2026-12-31' });
      onDay('2027-01-01', () => app.objects());
    },
  },
  {
    input: 'silently a grant that ends soon',
    code: Code.ENDING,
    value: '2026-12-31',
    provoke: () => {
      const { app, cart: service } = cart();
      service.access.allowFrom(BOT, { until: '2026-12-31' });
      return printed(() => onDay('2026-12-18', () => app.objects()));
    },
  },
  {
    input: 'addresses of clients of somebody who could write any into a request',
    code: Code.CONDITION,
    value: 'SourceAddresses.peer',
    provoke: grant(BOT, { ports: ['http'], addresses: OFFICE }),
  },
  {
    input: 'addresses of peers behind the gateway, whose pods are the only peers',
    code: Code.CONDITION,
    value: 'SourceAddresses.client',
    provoke: grant(Peer.ingressGateway(), { ports: ['http'], addresses: SourceAddresses.peer('203.0.113.0/24') }),
  },
  {
    input: 'addresses of clients on a TCP port',
    code: Code.CONDITION,
    value: 'redis',
    provoke: grant(
      Peer.ingressGateway(),
      { addresses: OFFICE, ports: ['redis'] },
      { ingressGateway: { ...GATEWAY, trustedProxies: 0 } },
    ),
  },
  {
    input: 'addresses of clients behind a gateway that may not see them',
    code: Code.UNSUPPORTED,
    value: 'trustedProxies: 0',
    provoke: grant(Peer.ingressGateway(), { addresses: OFFICE, ports: ['http'] }, { ingressGateway: GATEWAY }),
  },
  {
    input: 'addresses of clients that only the gateway could tell',
    code: Code.UNSUPPORTED,
    value: 'shop/cart',
    provoke: grant(
      Peer.ingressGateway(),
      { addresses: OFFICE, ports: ['http'] },
      { ingressGateway: { ...GATEWAY, trustedProxies: 1 } },
    ),
  },
  {
    input: 'a number of proxies that is none',
    code: Code.MESH_OPTION,
    value: '-1',
    provoke: () => new MeshApp({ ingressGateway: { ...GATEWAY, trustedProxies: -1 } }),
  },
  {
    input: 'a range with host bits',
    code: Code.EXTERNAL_ADDRESS,
    value: '10.0.0.7/24',
    provoke: () => SourceAddresses.peer('10.0.0.7/24'),
  },
  { input: 'no range', code: Code.CONDITION, value: 'SourceAddresses.peer', provoke: () => SourceAddresses.peer() },
  {
    input: 'a range of everybody',
    code: Code.CONDITION,
    value: '0.0.0.0/0',
    provoke: () => SourceAddresses.client('0.0.0.0/0'),
  },
  {
    input: 'addresses of the Kubernetes API on a grant',
    code: Code.CONDITION,
    value: '10.0.0.0/8',
    provoke: grant(Peer.kubernetesApi(), { ports: ['hook'], addresses: SourceAddresses.peer('10.0.0.0/8') }),
  },
  {
    input: 'conditions on a call that leaves the mesh',
    code: Code.CONDITION,
    value: 'addresses',
    provoke: () => {
      const { app, cart: service } = cart();
      const stripe = new ExternalHost(app.chart, 'Stripe', { host: 'api.stripe.com', ports: [Port.https(443)] });
      service.access.allowTo(stripe, { addresses: SourceAddresses.peer('10.0.0.0/8') });
    },
  },
  {
    input: 'a server name on an HTTP port',
    code: Code.CONDITION,
    value: 'http',
    provoke: grant(Peer.kubernetesApi(), { ports: ['http'], serverNames: ['cart.shop.svc'] }),
  },
  {
    input: 'a server name that is none',
    code: Code.CONDITION,
    value: '*.shop.svc',
    provoke: grant(Peer.kubernetesApi(), { ports: ['hook'], serverNames: ['*.shop.svc'] }),
  },
  {
    input: 'no server name',
    code: Code.CONDITION,
    value: 'serverNames',
    provoke: grant(Peer.kubernetesApi(), { ports: ['hook'], serverNames: [] }),
  },
  {
    input: 'a server name inside the TLS of the mesh',
    code: Code.UNSUPPORTED,
    value: 'cart.shop.svc',
    provoke: grant(BOT, { ports: ['hook'], serverNames: ['cart.shop.svc'] }),
  },
  {
    input: 'addresses of pods that labels would select',
    code: Code.GRANT,
    value: 'ops/bot',
    provoke: () => Peer.serviceAccount('ops', 'bot', { cidrs: ['10.8.0.0/16'] }),
  },
  {
    input: 'a peer of another trust domain without addresses',
    code: Code.GRANT,
    value: 'partner.example',
    provoke: () => Peer.serviceAccount('ops', 'bot', { trustDomain: 'partner.example' }),
  },
  {
    input: 'a trust domain that is no name',
    code: Code.NAME,
    value: 'spiffe://partner',
    provoke: () => Peer.serviceAccount('ops', 'bot', { trustDomain: 'spiffe://partner', cidrs: ['10.8.0.0/16'] }),
  },
  ...(
    [
      ['the own trust domain as that of another mesh', 'prod.example', {}],
      ['an alias of the trust domain as that of another mesh', 'old.example', {}],
      ['`cluster.local`, which is always the own, as that of another mesh', 'cluster.local', {}],
    ] as const
  ).map(([input, trustDomain]) => ({
    input,
    code: Code.UNSUPPORTED,
    value: trustDomain,
    provoke: grant(
      Peer.serviceAccount('ops', 'bot', { trustDomain, cidrs: ['10.8.0.0/16'] }),
      {},
      { trustDomain: 'prod.example', trustDomainAliases: ['old.example'] },
    ),
  })),
  {
    input: 'a trust domain that is its own alias',
    code: Code.MESH_OPTION,
    value: 'cluster.local',
    provoke: () => new MeshApp({ trustDomainAliases: ['cluster.local'] }),
  },
  {
    input: 'HTTP operations beside a TCP port',
    code: Code.OPERATION_ON_TCP,
    value: 'redis',
    provoke: grant(BOT, { operations: [Operation.http({ paths: [PathMatch.prefix('/')] })] }),
  },
];
