import {
  foreignPods,
  ofKind,
  parseObjects,
  readCalls,
  readEgress,
  readImports,
  readIngress,
  readOpenWorkloads,
  readPods,
  sorted,
} from '../support/read-back';
import { synthExample } from '../support/synth-example';

/** A service, the port that its container listens on, who calls it and with what. */
interface Row {
  readonly callee: string;
  readonly port: number;
  readonly callers: readonly string[];
  readonly operations: readonly string[];
}

const TABLE: readonly Row[] = [
  { callee: 'frontend', port: 8080, callers: ['ingress gateway', 'loadgenerator'], operations: ['GET *', 'POST *'] },
  grpc('adservice', 9555, ['frontend'], 'AdService', 'GetAds'),
  grpc('cartservice', 7070, ['frontend', 'checkoutservice'], 'CartService', 'AddItem', 'GetCart', 'EmptyCart'),
  grpc('checkoutservice', 5050, ['frontend'], 'CheckoutService', 'PlaceOrder'),
  grpc(
    'currencyservice',
    7000,
    ['frontend', 'checkoutservice'],
    'CurrencyService',
    'Convert',
    'GetSupportedCurrencies',
  ),
  grpc('emailservice', 8080, ['checkoutservice'], 'EmailService', 'SendOrderConfirmation'),
  grpc('paymentservice', 50051, ['checkoutservice'], 'PaymentService', 'Charge'),
  grpc(
    'productcatalogservice',
    3550,
    ['frontend', 'checkoutservice', 'recommendationservice'],
    'ProductCatalogService',
    'GetProduct',
    'ListProducts',
  ),
  grpc('recommendationservice', 8080, ['frontend'], 'RecommendationService', 'ListRecommendations'),
  grpc('shippingservice', 50051, ['frontend', 'checkoutservice'], 'ShippingService', 'GetQuote', 'ShipOrder'),
  { callee: 'redis-cart', port: 6379, callers: ['cartservice'], operations: ['* *'] },
];

const CALL_GOOGLE_APIS = [
  'frontend',
  'checkoutservice',
  'currencyservice',
  'emailservice',
  'paymentservice',
  'productcatalogservice',
  'recommendationservice',
  'shippingservice',
];

const OUTSIDE: Readonly<Record<string, readonly string[]>> = {
  'accounts.google.com': ['frontend'],
  'metadata.google.internal': ['frontend'],
  '*.googleapis.com': CALL_GOOGLE_APIS,
};

const NAMESPACE = 'online-boutique';
const WORKLOADS = [...TABLE.map(({ callee }) => callee), 'loadgenerator'];
const INGRESS = 'ingress gateway';

const PUBLIC_ADDRESSES = [
  '0.0.0.0/0 except 0.0.0.0/8 except 10.0.0.0/8 except 100.64.0.0/10 except 127.0.0.0/8 except 168.63.129.16/32 except 169.254.0.0/16 except 172.16.0.0/12 except 192.0.0.0/24 except 192.168.0.0/16 except 198.18.0.0/15 except 224.0.0.0/3',
  '::/0 except ::1/128 except fc00::/7 except fe80::/10',
];

const objects = parseObjects(synthExample(NAMESPACE));

test('every workload of the table is there, and runs under a service account of its own name', () => {
  expect(
    readPods(objects)
      .map(({ key, serviceAccount }) => `${key} as ${serviceAccount}`)
      .sort(),
  ).toEqual(WORKLOADS.flatMap((name) => pods(name).map((key) => `${key} as ${name}`)).sort());
});

test('the allowed calls are those of the table, no more and no less', () => {
  const calls = TABLE.flatMap(({ callee, port, callers, operations }) =>
    callers.flatMap((caller) =>
      pods(callee).flatMap((key) =>
        operations.map((operation) => `${principal(caller)} -> ${key}:${port} ${operation}`),
      ),
    ),
  );
  const own = objects.filter(({ metadata }) => metadata.namespace === NAMESPACE);
  expect(readCalls(own)).toEqual(sorted(calls));
  expect(readOpenWorkloads(own)).toEqual([]);
});

test('the gateway lets nobody order without a token, and denies nothing else', () => {
  const atGateway = objects.filter(({ metadata }) => metadata.namespace === 'istio-ingress');
  expect(atGateway.map(({ kind }) => kind).sort()).toEqual(['AuthorizationPolicy', 'RequestAuthentication']);
  expect(atGateway.find(({ kind }) => kind === 'AuthorizationPolicy')).toMatchObject({
    spec: {
      selector: { matchLabels: { istio: 'ingress' } },
      action: 'DENY',
      rules: [
        {
          from: [{ source: { notRequestPrincipals: ['https://login.example.com/*'] } }],
          to: [
            {
              operation: {
                hosts: ['boutique.example.com', 'boutique.example.com:*'],
                paths: ['/cart/checkout', '/cart/checkout/*'],
              },
            },
          ],
        },
      ],
    },
  });
});

test('the second version of the recommendations gets its first share', () => {
  interface Routes {
    readonly http: readonly { readonly route: readonly { readonly weight?: number }[] }[];
    readonly hosts: unknown;
    readonly gateways: unknown;
    readonly exportTo: unknown;
  }
  const [route] = ofKind<Routes>(objects, 'VirtualService', ['http', 'hosts', 'gateways', 'exportTo'])
    .filter(({ name }) => name === 'recommendationservice')
    .map(({ spec }) => spec.http.at(-1)?.route);
  expect(route).toEqual([
    expect.objectContaining({ weight: 95 }),
    expect.objectContaining({ weight: 5, destination: expect.objectContaining({ subset: 'v2' }) as object }),
  ]);
});

test('only callers with an identity get through', () => {
  expect(ofKind<{ mtls: object }>(objects, 'PeerAuthentication', ['mtls'])).toEqual([
    { name: 'default', namespace: NAMESPACE, spec: { mtls: { mode: 'STRICT' } } },
  ]);
});

test('every proxy knows the hosts that its workload calls, and nothing else', () => {
  const imports = WORKLOADS.flatMap((name) => {
    const inside = TABLE.filter(({ callers }) => callers.includes(name)).map(
      ({ callee }) => `${callee}.${NAMESPACE}.svc.cluster.local`,
    );
    const outside = Object.keys(OUTSIDE).filter((host) => OUTSIDE[host]?.includes(name));
    const hosts = [...inside, ...outside].map((host) => `${NAMESPACE}/${host}`);
    return pods(name).map((key) => [key, sorted(hosts.length > 0 ? hosts : ['~/*'])]);
  });
  expect(readImports(objects)).toEqual(Object.fromEntries(imports));
});

test('the network of callers is open to the container ports that they call, to DNS, to istiod and to Google', () => {
  const inside = TABLE.flatMap(({ callee, port, callers }) =>
    callers
      .filter((caller) => caller !== INGRESS)
      .flatMap((caller) => pods(caller).flatMap((from) => pods(callee).map((to) => `${from} -> ${to}:${port}`))),
  );
  const baseline = WORKLOADS.flatMap(pods).flatMap((key) =>
    [
      `${foreignPods('kube-system', { 'k8s-app': 'kube-dns' })}:53`,
      `${foreignPods('kube-system', { 'k8s-app': 'kube-dns' })}:53/UDP`,
      `${foreignPods('istio-system', { app: 'istiod' })}:15012`,
    ].map((peer) => `${key} -> ${peer}`),
  );
  const google = CALL_GOOGLE_APIS.flatMap(pods).flatMap((key) =>
    PUBLIC_ADDRESSES.map((cidr) => `${key} -> ${cidr}:443`),
  );
  const metadata = [80, 443].map((port) => `${at('frontend')} -> 169.254.169.254/32:${port}`);
  expect(readEgress(objects)).toEqual(sorted([...inside, ...baseline, ...google, ...metadata]));
});

test('the network of callees is open to the pods that call them on their container ports, and to monitoring', () => {
  const inside = TABLE.flatMap(({ callee, port, callers }) =>
    callers.flatMap((caller) => {
      const from = caller === INGRESS ? [foreignPods('istio-ingress', { istio: 'ingress' })] : pods(caller);
      return from.flatMap((key) => pods(callee).map((to) => `${key} -> ${to}:${port}`));
    }),
  );
  const scraped = WORKLOADS.flatMap(pods).flatMap((key) =>
    [15020, 15090].map((port) => `${foreignPods('monitoring', {})} -> ${key}:${port}`),
  );
  expect(readIngress(objects)).toEqual(sorted([...inside, ...scraped]));
});

test('hosts at Google are known to this namespace only, on the ports that were granted', () => {
  const entries = ofKind<ServiceEntry>(objects, 'ServiceEntry', [
    'hosts',
    'exportTo',
    'resolution',
    'ports',
    'addresses',
    'endpoints',
    'location',
  ]).map(({ spec }) => spec);
  expect(sorted(entries.flatMap(({ exportTo }) => exportTo))).toEqual([NAMESPACE]);
  expect(
    sorted(
      entries.flatMap(({ hosts, resolution, ports, addresses = [] }) =>
        ports.map(({ number, protocol }) => [...hosts, number, protocol, resolution, ...addresses].join(' ')),
      ),
    ),
  ).toEqual([
    '*.googleapis.com 443 TLS DYNAMIC_DNS',
    'accounts.google.com 443 HTTPS DNS',
    'metadata.google.internal 443 HTTPS STATIC 169.254.169.254',
    'metadata.google.internal 80 HTTP STATIC 169.254.169.254',
  ]);
});

interface ServiceEntry {
  readonly hosts: readonly string[];
  readonly exportTo: readonly string[];
  readonly resolution: string;
  readonly ports: readonly { readonly number: number; readonly protocol: string }[];
  readonly addresses?: readonly string[];
  readonly endpoints?: readonly object[];
  readonly location: string;
}

function grpc(callee: string, port: number, callers: readonly string[], service: string, ...methods: string[]): Row {
  return { callee, port, callers, operations: methods.map((method) => `POST /hipstershop.${service}/${method}`) };
}

/** The workloads of a service: one, or one for each version. */
function pods(service: string): readonly string[] {
  return service === 'recommendationservice' ? [at(`${service}-v1`), at(`${service}-v2`)] : [at(service)];
}

function at(workload: string): string {
  return `${NAMESPACE}/${workload}`;
}

function principal(caller: string): string {
  return caller === INGRESS
    ? 'cluster.local/ns/istio-ingress/sa/istio-ingress'
    : `cluster.local/ns/${NAMESPACE}/sa/${caller}`;
}
