import { App, Chart } from 'cdk8s';
import fc from 'fast-check';
import {
  CanaryRelease,
  ExternalHost,
  ExternalService,
  IngressRoute,
  IngressTls,
  IstioMesh,
  Mesh,
  MeshedService,
  Operation,
  PathMatch,
  Peer,
  Port,
  WildcardResolution,
  Workload,
  ZeroTrustNamespace,
} from '../lib';
import { FULL_MESH, PROVIDERS, deployment } from './support/mesh-app';
import { sorted } from './support/read-back';

interface Shop {
  readonly chart: Chart;
  readonly services: Readonly<Record<'web' | 'cart' | 'hook' | 'db', MeshedService>>;
}

const NAMES = ['web', 'cart', 'hook', 'db'] as const;
const PORTS = {
  web: [Port.http(80, { containerPort: 8080 })],
  cart: [Port.grpc(50051, { containerPort: 8080 }), Port.http(9000, { name: 'admin' })],
  hook: [Port.https(443, { containerPort: 8443 })],
  db: [Port.tcp(5432)],
};

/** Constructs beside the services, in any order. */
const CONSTRUCTS: readonly ((shop: Shop) => void)[] = [
  ({ chart, services: { cart } }) =>
    new CanaryRelease(chart, 'Release', {
      service: cart,
      stable: { version: 'v1' },
      candidate: { version: 'v2', weightPercent: 10, workload: workload(chart, 'cart', 'v2') },
    }),
  ({ chart, services: { web } }) =>
    new IngressRoute(chart, 'Ingress', {
      host: 'shop.example.com',
      service: web,
      tls: IngressTls.credential('shop'),
      paths: [PathMatch.prefix('/')],
    }),
  ({ chart, services: { web, cart } }) => {
    const { access } = new ExternalHost(chart, 'Api', {
      host: '*.example.com',
      wildcard: WildcardResolution.DYNAMIC_DNS,
      ports: [Port.https(443)],
    });
    access.allowFrom(web);
    access.allowFrom(cart);
  },
  ({ chart, services: { cart } }) =>
    cart.access.allowTo(
      new ExternalService(chart, 'Mail', {
        name: 'mail',
        addresses: ['192.0.2.9', '192.0.2.1'],
        ports: [Port.tcp(25)],
      }),
    ),
];

/** Calls that open something, in any order. */
const CALLS: readonly ((shop: Shop) => void)[] = [
  ({ services: { web, cart } }) =>
    web.access.allowTo(cart, { operations: [Operation.grpc('shop.Cart', 'Get', 'Put')], ports: ['grpc'] }),
  ({ services: { web, cart } }) =>
    cart.access.allowFrom(web, { operations: [Operation.grpc('shop.Cart')], ports: ['grpc'] }),
  ({ services: { web, cart } }) =>
    cart.access.allowFrom(web, {
      operations: [Operation.http({ paths: [PathMatch.exact('/b'), PathMatch.exact('/a')] })],
    }),
  ({ services: { web, cart } }) =>
    cart.access.allowFrom(web, { operations: [Operation.http({ paths: [PathMatch.exact('/a')] })] }),
  ({ services: { hook, cart } }) => cart.access.allowFrom(hook, { ports: ['admin', 'grpc'] }),
  ({ services: { cart, db } }) => cart.access.allowTo(db),
  ({ services: { hook } }) => hook.access.allowFrom(Peer.kubernetesApi(), { ports: ['https'] }),
  ({ services: { hook } }) => hook.access.allowTo(Peer.kubernetesApi()),
  ({ services: { db } }) => db.access.allowFrom(Peer.serviceAccount('ops', 'backup', { podLabels: { app: 'backup' } })),
  ({ services: { db } }) =>
    db.access.allowFrom(Peer.serviceAccount('ops', 'backup', { podLabels: { app: 'restore' } })),
  ({ services: { db } }) => db.access.allowFrom(Peer.namespace('ops')),
  ({ services: { web } }) => web.access.allowFrom(Peer.ingressGateway()),
];

function synth({ names = NAMES, constructs = CONSTRUCTS, calls = CALLS }: Partial<Order>): string {
  const app = new App();
  Mesh.use(app, new IstioMesh({ ...FULL_MESH, providers: PROVIDERS }));
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  new ZeroTrustNamespace(chart, 'Namespace', { name: 'shop' });
  const services = Object.fromEntries(
    names.map((name) => {
      const options = { name, workload: workload(chart, name, 'v1'), ports: PORTS[name] };
      return [name, new MeshedService(chart, name, options)];
    }),
  ) as Shop['services'];
  constructs.forEach((declare) => declare({ chart, services }));
  calls.forEach((allow) => allow({ chart, services }));
  const yaml = app.synthYaml();
  expect(app.synthYaml()).toBe(yaml);
  return yaml;
}

interface Order {
  readonly names: readonly (typeof NAMES)[number][];
  readonly constructs: readonly ((shop: Shop) => void)[];
  readonly calls: readonly ((shop: Shop) => void)[];
}

function workload(chart: Chart, name: (typeof NAMES)[number], version: string): Workload {
  const ports = PORTS[name].map(({ containerPort }) => containerPort);
  return Workload.of(deployment(chart, `${name}-${version}`, { labels: { app: name, version }, ports }));
}

function shuffled<T>(items: readonly T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray([...items], { minLength: items.length });
}

const yaml = synth({});
const documents = sorted(yaml.split('---\n'));

test('twenty orders of calls, some of them said twice, give the same bytes', () => {
  const twice = fc.tuple(shuffled(CALLS), fc.subarray([...CALLS])).map((parts) => parts.flat());
  fc.assert(
    fc.property(twice, (calls) => expect(synth({ calls })).toBe(yaml)),
    { numRuns: 20 },
  );
});

test('twenty orders of constructs give the same objects, each with the same bytes', () => {
  const order = fc.record({ names: shuffled(NAMES), constructs: shuffled(CONSTRUCTS) });
  fc.assert(
    fc.property(order, (parts) => expect(sorted(synth(parts).split('---\n'))).toEqual(documents)),
    { numRuns: 20 },
  );
});
