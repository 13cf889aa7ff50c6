import type { AllowOptions, IPeer, IstioMeshProps } from '../../lib';
import { Operation, PathMatch, Peer, Port, SourceAddresses, Workload } from '../../lib';
import type { KubeObject } from '../../lib/testing';
import { schemaProblems } from '../../lib/testing';
import type { Manifest } from '../support/mesh-app';
import { MeshApp, at, deployment, find, printed } from '../support/mesh-app';
import { onDay } from '../support/on-day';

const EDGE = { namespace: 'edge', serviceAccount: 'edge', podLabels: { istio: 'edge' }, trustedProxies: 0 };
const READ = Operation.http({ methods: ['GET'] });
const BOT = Peer.serviceAccount('ops', 'bot', { podLabels: { app: 'bot' } });

function granted(grants: readonly (readonly [IPeer, AllowOptions])[], props: Partial<IstioMeshProps> = {}): Manifest[] {
  const app = new MeshApp({ ingressGateway: EDGE, ...props });
  const cart = app.service('cart', {
    ports: [Port.http(80, { containerPort: 8080 }), Port.https(443, { containerPort: 8443, name: 'hook' })],
    workload: Workload.of(deployment(app.chart, 'cart', { ports: [8080, 8443] })),
  });
  grants.forEach(([peer, options]) => cart.access.allowFrom(peer, options));
  return app.objects();
}

function rules(found: readonly Manifest[]): unknown {
  expect(schemaProblems(found as unknown as KubeObject[])).toEqual([]);
  return at(find(found, 'AuthorizationPolicy', 'cart'), 'spec', 'rules');
}

describe('an end date', () => {
  const until = '2026-12-31';
  const on = (day: string) => printed(() => onDay(day, () => granted([[BOT, { until }]])));

  test('holds through its day, and fails the synth after it, naming the grant', () => {
    expect(() => onDay(until, () => printed(() => granted([[BOT, { until }]])))).not.toThrow();
    expect(() => on('2027-01-01')).toThrow('the grant to service account `ops/bot` to call `shop/cart` ended with');
  });

  test('warns when fewer than 14 days are left, not before', () => {
    expect(on('2026-12-17')).toBe('');
    expect(on('2026-12-18')).toContain('ends with `2026-12-31`, in 13 days');
    expect(on('2026-12-30')).toContain('tomorrow');
    expect(on('2026-12-31')).toContain('today');
  });

  test('changes nothing in the output, whatever the day', () => {
    const quiet = (day: string, options: AllowOptions) => {
      let found: Manifest[] = [];
      printed(() => onDay(day, () => (found = granted([[BOT, options]]))));
      return found;
    };
    expect(quiet('2026-12-31', { until })).toEqual(quiet('2026-01-01', { until }));
    expect(quiet('2026-12-31', { until })).toEqual(quiet('2026-01-01', {}));
  });

  test('is judged by the clock where nothing else is said', () => {
    const before = process.env.CDK8S_MESH_TODAY;
    delete process.env.CDK8S_MESH_TODAY;
    try {
      expect(() => granted([[BOT, { until: '2020-01-01' }]])).toThrow('MESH-API-048');
      expect(() => granted([[BOT, { until: '2999-01-01' }]])).not.toThrow();
    } finally {
      if (before !== undefined) process.env.CDK8S_MESH_TODAY = before;
    }
  });
});

describe('addresses', () => {
  test('of a client are those that the gateway tells, of a peer those of its connection', () => {
    const office = SourceAddresses.client('203.0.113.0/24');
    const network = SourceAddresses.peer('10.8.0.0/16', '10.9.0.0/16');
    const found = granted([
      [Peer.ingressGateway(), { ports: ['http'], addresses: office }],
      [BOT, { ports: ['http'], addresses: network }],
    ]);
    const to = [{ operation: { ports: ['8080'] } }];
    expect(rules(found)).toEqual([
      { from: [{ source: { principals: ['cluster.local/ns/edge/sa/edge'], remoteIpBlocks: ['203.0.113.0/24'] } }], to },
      {
        from: [{ source: { principals: ['cluster.local/ns/ops/sa/bot'], ipBlocks: ['10.8.0.0/16', '10.9.0.0/16'] } }],
        to,
      },
    ]);
  });

  test('never limit what is granted without them, and never open more', () => {
    const inside = SourceAddresses.peer('10.8.0.0/16');
    const found = granted([
      [BOT, { ports: ['http'], operations: [READ] }],
      [BOT, { ports: ['http'], addresses: inside }],
    ]);
    const principals = ['cluster.local/ns/ops/sa/bot'];
    expect(rules(found)).toEqual([
      { from: [{ source: { principals, ipBlocks: ['10.8.0.0/16'] } }], to: [{ operation: { ports: ['8080'] } }] },
      { from: [{ source: { principals } }], to: [{ operation: { ports: ['8080'], methods: ['GET'] } }] },
    ]);
  });
});

test('a server name is a condition on what the API server asks for', () => {
  const found = granted([[Peer.kubernetesApi(), { ports: ['hook'], serverNames: ['cart.shop.svc'] }]]);
  expect(rules(found)).toEqual([
    { to: [{ operation: { ports: ['8443'] } }], when: [{ key: 'connection.sni', values: ['cart.shop.svc'] }] },
  ]);
});

describe('a trust domain', () => {
  const BOT_THERE = Peer.serviceAccount('ops', 'bot', { trustDomain: 'partner.example', cidrs: ['10.8.0.0/16'] });

  test('of another mesh is part of the identity, and its pods are addresses', () => {
    const found = granted([[BOT_THERE, { ports: ['http'] }]]);
    expect(rules(found)).toMatchObject([{ from: [{ source: { principals: ['partner.example/ns/ops/sa/bot'] } }] }]);
    expect(at(find(found, 'NetworkPolicy', 'cart'), 'spec', 'ingress')).toEqual([
      { from: [{ ipBlock: { cidr: '10.8.0.0/16' } }], ports: [{ port: 8080, protocol: 'TCP' }] },
    ]);
  });

  test('of another mesh makes another peer of the same namespace and account', () => {
    const found = granted([
      [BOT_THERE, { ports: ['http'], operations: [Operation.http({ paths: [PathMatch.exact('/there')] })] }],
      [BOT, { ports: ['http'], operations: [Operation.http({ paths: [PathMatch.exact('/here')] })] }],
    ]);
    expect(rules(found)).toMatchObject([
      {
        from: [{ source: { principals: ['cluster.local/ns/ops/sa/bot'] } }],
        to: [{ operation: { paths: ['/here'] } }],
      },
      {
        from: [{ source: { principals: ['partner.example/ns/ops/sa/bot'] } }],
        to: [{ operation: { paths: ['/there'] } }],
      },
    ]);
  });

  test('with aliases is named once, since the control plane adds the aliases to every policy', () => {
    const found = granted([[BOT, {}]], { trustDomain: 'new.example', trustDomainAliases: ['old.example'] });
    expect(rules(found)).toMatchObject([{ from: [{ source: { principals: ['new.example/ns/ops/sa/bot'] } }] }]);
    expect(JSON.stringify(found)).not.toContain('old.example');
  });
});

test('whoever scrapes reads the metrics of the application, and nothing else', () => {
  const app = new MeshApp({
    scraper: { namespace: 'monitoring', serviceAccount: 'prometheus', podLabels: { app: 'prometheus' } },
  });
  app.service('cart').access.allowScraping({ port: 'http' });
  expect(printed(() => app.objects())).toBe('');
  expect(rules(app.objects())).toEqual([
    {
      from: [{ source: { principals: ['cluster.local/ns/monitoring/sa/prometheus'] } }],
      to: [{ operation: { ports: ['8080'], methods: ['GET'], paths: ['/metrics'] } }],
    },
  ]);
});
