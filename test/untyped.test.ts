import { App, Duration } from 'cdk8s';
import type { MeshedService } from '../lib';
import * as library from '../lib';
import { MeshApp, PROVIDERS, deployment } from './support/mesh-app';

// Who writes JavaScript has no compiler: whatever is passed, the answer is an error of this library, never a TypeError.

const { CanaryRelease, HeaderMatch, HttpMatch, PathMatch, Port, Workload } = library;
const HTTP = HttpMatch.allOf({ methods: ['GET'] });
const CONNECTION = library.ConnectionMatch.allOf({ serverNames: ['a.example.com'] });
const VALUES: readonly unknown[] = [
  ...[undefined, null, {}, 7, '', 'x', [], [undefined], [null], [{}], true],
  ...[[HTTP], [CONNECTION], Duration.seconds(1)],
];

/** What is thrown that is no error of this library. */
function foreign(make: () => unknown): string | undefined {
  try {
    make();
    return undefined;
  } catch (error) {
    return /MESH-[A-Z]+-\d{3}: \S[^]*; fix: \S/.test(String(error)) ? undefined : String(error);
  }
}

/** Factories of the public door; those that stand in a scope are tried below, where there is one. */
function factories(): readonly (readonly [string, (...args: readonly unknown[]) => unknown])[] {
  const scoped = /^(Mesh|MeshedNamespace|ZeroTrustNamespace|MeshTelemetry|MetricsScrape|MeshedService|KialiSettings)$/;
  const elsewhere = ['Workload.fromApiObject', 'IstioMesh.fromInstall'];
  return Object.entries<unknown>(library)
    .filter(([name, value]) => typeof value === 'function' && !scoped.test(name))
    .flatMap(([name, value]) =>
      Object.entries(Object.getOwnPropertyDescriptors(value)).flatMap(([key, { value: make }]) =>
        typeof make === 'function' && !/^(_.*|prototype)$/.test(key) && !elsewhere.includes(`${name}.${key}`)
          ? [[`${name}.${key}`, (make as () => unknown).bind(value)] as const]
          : [],
      ),
    );
}

test.each(factories())('%s', (_, make) => {
  const calls = VALUES.flatMap((one) => VALUES.map((other) => [one, other, one]));
  expect(calls.flatMap((args) => foreign(() => make(...args)) ?? [])).toEqual([]);
});

interface Scene {
  readonly app: MeshApp;
  readonly cart: MeshedService;
}
/** Options of which this one field is tried. */
type Part<K extends string, T> = { readonly [key in K]: T };
type Make = readonly [good: (scene: Scene) => object, use: (props: never, scene: Scene) => unknown];

function version(app: MeshApp, name: string) {
  return Workload.of(deployment(app.chart, name, { labels: { app: 'cart', version: name } }));
}

const API = [HttpMatch.allOf({ path: PathMatch.exact('/a') })];
const TESTERS = [HttpMatch.allOf({ headers: [HeaderMatch.exact('a', 'b')] })];
const stable = { version: 'v1' };
const release = ({ app, cart }: Scene, props: object) =>
  new CanaryRelease(app.chart, 'Release', { service: cart, stable, ...props });
const candidate = ({ app }: Scene) => ({ version: 'v2', workload: version(app, 'v2'), weightPercent: 1 });
const none = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, undefined]));
const PROTECTIONS = none(
  'timeout',
  'streamIdleTimeout',
  'retries',
  'retryBudget',
  'connectionPool',
  'outlierDetection',
  'loadBalancing',
  'locality',
  'rateLimit',
);

const LOGIN = new library.TokenIssuer({
  issuer: 'https://login.example.com',
  keys: library.TokenKeys.discovered(),
  audiences: ['shop'],
});
const SCRAPER = { namespace: 'monitoring', serviceAccount: 'prometheus', podLabels: { app: 'prometheus' } };
const DB = { ports: [Port.tcp(5432, { containerPort: 8080 })] };

function migrating({ app }: Scene) {
  return library.MeshedNamespace.fromExisting(app.chart, 'Moving-namespace', { name: 'moving' });
}

function moving() {
  return Workload.external({
    kind: 'Deployment',
    name: 'moving',
    labels: { app: 'moving' },
    serviceAccount: 'moving',
    containerPorts: [8080],
    annotations: { 'cdk8s-mesh.github.io/enrolment': 'stage=enrolled revision=default' },
  });
}

const CALLS: Readonly<Record<string, Make>> = {
  addRoute: [
    () => ({
      name: 'a',
      matches: API,
      ...none('ports', 'action', 'requestHeaders', 'responseHeaders', 'cors', 'timeout', 'retries', 'fault'),
    }),
    (props, { cart }) => cart.addRoute(props),
  ],
  'headers of a route': [
    () => ({ set: { a: 'b' }, ...none('add', 'remove') }),
    (requestHeaders, { cart }) => cart.addRoute({ name: 'a', matches: API, requestHeaders }),
  ],
  'values of headers of a route': [
    () => ({ a: 'b' }),
    (set, { cart }) => cart.addRoute({ name: 'a', matches: API, requestHeaders: { set } }),
  ],
  'CORS of a route': [
    () => ({
      origins: ['https://a.example.com'],
      methods: ['GET'],
      ...none('originRegexes', 'headers', 'exposedHeaders', 'maxAge', 'credentials'),
    }),
    (cors, { cart }) => cart.addRoute({ name: 'a', matches: API, cors }),
  ],
  'the fault of a route': [
    () => ({ abort: { httpStatus: 500 }, allowInProduction: true, delay: undefined }),
    (fault, { cart }) => cart.addRoute({ name: 'a', matches: TESTERS, fault }),
  ],
  addResilience: [
    () => ({
      ports: ['http'],
      ...none('version', 'callers', 'ending'),
      ...PROTECTIONS,
      timeout: library.Timeout.off(),
    }),
    (props, { cart }) => cart.addResilience(props),
  ],
  explainResilience: [
    () => none('port', 'version', 'caller', 'route'),
    (props, { cart }) => cart.explainResilience(props),
  ],
  allowFrom: [
    () => none('ports', 'operations', 'until', 'addresses', 'serverNames', 'claims', 'tokenFrom'),
    (props, { app, cart }) => cart.access.allowFrom(app.service('web'), props),
  ],
  CanaryRelease: [
    (scene) => ({
      service: scene.cart,
      stable,
      candidate: candidate(scene),
      ...none('candidateWhen', 'furtherCandidates', 'plan', 'share', 'mirror', 'controller', 'ending'),
    }),
    (props, { app }) => new CanaryRelease(app.chart, 'Release', props),
  ],
  'the stable version': [
    () => ({ ...stable, ...none('workload', 'weightPercent') }),
    (props, scene) => release(scene, { stable: props }),
  ],
  'the candidate': [candidate, (props, scene) => release(scene, { candidate: props })],
  'a further candidate': [
    (scene) => ({ ...candidate(scene), when: undefined }),
    (props, scene) => release(scene, { furtherCandidates: [props] }),
  ],
  'the plan': [
    () => ({ steps: [1, 2], at: 1 }),
    (plan, scene) => release(scene, { candidate: { version: 'v2', workload: version(scene.app, 'v2') }, plan }),
  ],
  'the analysis': [
    () => ({
      prometheusAddress: 'http://prometheus:9090',
      minSuccessPercent: 99,
      maxLatency: Duration.seconds(1),
      ...none('interval', 'failureLimit'),
    }),
    (analysis) => library.ReleaseController.flagger({ analysis }),
  ],
  MeshedService: [
    ({ app }) => ({
      name: 'other',
      namespace: app.shop,
      workload: Workload.of(deployment(app.chart, 'other')),
      ports: [Port.http(80, { containerPort: 8080 })],
      ...none('streamingOperations', 'serviceAccount', 'enforcement', 'proxy', 'initContainers', 'providers'),
      ...PROTECTIONS,
    }),
    (props, { app }) => new library.MeshedService(app.chart, 'Other', props),
  ],
  'MeshedService.fromRef': [
    () => ({
      name: 'other',
      namespace: 'bank',
      serviceAccount: 'other',
      podLabels: { app: 'other' },
      ports: [Port.http(80)],
    }),
    (props, { app }) => library.MeshedService.fromRef(app.chart, 'Other', props),
  ],
  ExternalHost: [
    () => ({
      host: 'a.example.com',
      ports: [Port.https(443)],
      ...none('name', 'namespace', 'wildcard', 'originateTls', 'through'),
      ...PROTECTIONS,
    }),
    (props, { app }) => new library.ExternalHost(app.chart, 'Other', props),
  ],
  ExternalService: [
    () => ({ name: 'db', addresses: ['198.51.100.7'], ports: [Port.tcp(5432)], ...none('host', 'namespace') }),
    (props, { app }) => new library.ExternalService(app.chart, 'Other', props),
  ],
  IngressRoute: [
    ({ cart }) => ({
      host: 'a.example.com',
      service: cart,
      tls: library.IngressTls.plaintext(),
      ...none('hosts', 'wildcard', 'at', 'port', 'paths', 'methods', 'name'),
    }),
    (props, { app }) => new library.IngressRoute(app.chart, 'Other', props),
  ],
  ZeroTrustNamespace: [
    () => ({ name: 'n', ...none('podSecurity', 'resilience', 'enforcement') }),
    (props, { app }) => new library.ZeroTrustNamespace(app.chart, 'Other', props),
  ],
  MeshedNamespace: [
    () => ({ name: 'n', resilience: undefined }),
    (props, { app }) => new library.MeshedNamespace(app.chart, 'Other', props),
  ],
  'allowFrom with claims': [
    () => ({ claims: [library.Claim.of('groups').isPresent()], ...none('tokenFrom') }),
    (props, { app, cart }) => {
      cart.access.requireToken({ issuers: [LOGIN] });
      cart.access.allowFrom(app.service('web'), props);
    },
  ],
  requireToken: [
    () => ({ issuers: [LOGIN], ...none('ports', 'paths', 'exceptPaths', 'exceptPreflight') }),
    (props, { cart }) => cart.access.requireToken(props),
  ],
  'a token issuer': [
    () => ({
      issuer: 'https://login.example.com',
      keys: library.TokenKeys.discovered(),
      audiences: ['shop'],
      fromHeaders: [{ name: 'x-token' }],
      ...none('fromCookies', 'fromParams', 'forward'),
    }),
    (props) => new library.TokenIssuer(props),
  ],
  'a header with a token': [
    () => ({ name: 'x-token', prefix: 'Token ' }),
    (header) =>
      new library.TokenIssuer({
        issuer: 'https://login.example.com',
        keys: library.TokenKeys.discovered(),
        anyAudience: true,
        fromHeaders: [header],
      }),
  ],
  denyFrom: [
    () => none('ports', 'operations', 'addresses'),
    (props, { app, cart }) => cart.access.denyFrom(app.service('web'), props),
  ],
  'whom denyFrom denies': [
    () => ({ peer: library.Peer.namespace('dev') }),
    (props: Part<'peer', library.IPeer>, { cart }) => cart.access.denyFrom(props?.peer),
  ],
  denyFromAll: [
    () => ({ ports: ['http'], ...none('operations', 'addresses') }),
    (props, { cart }) => cart.access.denyFromAll(props),
  ],
  denyFromAllBut: [
    () => ({ peers: [library.Peer.namespace('ops')] }),
    (props: Part<'peers', library.IPeer[]>, { cart }) => cart.access.denyFromAllBut(props?.peers),
  ],
  allowTo: [
    ({ app }) => ({ callee: app.service('web') }),
    (props: Part<'callee', library.ICallee>, { cart }) => cart.access.allowTo(props?.callee),
  ],
  checkWith: [() => none('ports', 'operations'), (props, { cart }) => cart.access.checkWith('opa', props)],
  markForAudit: [() => none('ports', 'operations'), (props, { cart }) => cart.access.markForAudit(props)],
  allowScraping: [() => ({ port: 'http', path: undefined }), (props, { cart }) => cart.access.allowScraping(props)],
  addConnectionRoute: [
    ({ app }) => ({
      name: 'a',
      action: library.RouteAction.forward({ service: app.service('other-db', DB), port: 'tcp' }),
      ...none('ports', 'matches'),
    }),
    (props, { app }) => app.service('db', DB).addConnectionRoute(props),
  ],
  IngressHost: [
    () => ({
      name: 'a',
      hosts: ['a.example.com'],
      tls: library.IngressTls.plaintext(),
      ...none('wildcard', 'gatewayPort', 'api', 'namespace', 'tokens'),
    }),
    (props, { app }) => new library.IngressHost(app.chart, 'Other', props),
  ],
  'the TLS of an ingress': [
    () => none('minVersion', 'redirectHttp'),
    (options) => library.IngressTls.credential('a', options),
  ],
  'the certificate of an ingress': [
    () => ({
      issuer: 'a',
      issuerKind: library.CertificateIssuerKind.ISSUER,
      ...none('duration', 'renewBefore', 'credentialName', 'minVersion', 'redirectHttp'),
    }),
    (options) => library.IngressTls.certManager(options),
  ],
  IngressPort: [
    ({ app }) => ({
      gatewayPort: 5432,
      service: app.service('db', DB),
      tls: library.IngressTls.plaintext(),
      ...none('port', 'hosts', 'name'),
    }),
    (props, { app }) => new library.IngressPort(app.chart, 'Other', props),
  ],
  EgressGateway: [
    () => ({
      name: 'egress',
      namespace: 'egress',
      podLabels: { istio: 'egress' },
      ...none('service', 'port', 'containerPort', 'networkPolicy'),
    }),
    (props, { app }) => new library.EgressGateway(app.chart, 'Other', props),
  ],
  MtlsMigration: [
    (scene) => ({
      namespaces: [migrating(scene)],
      stage: library.MigrationStage.ENROLLED,
      ...none('strict', 'exceptions', 'namespacesInMesh', 'logPlaintext'),
    }),
    (props, { app }) => new library.MtlsMigration(app.chart, 'Migration', props),
  ],
  'an exception of a migration': [
    (scene) => {
      const namespace = migrating(scene);
      const service = new library.MeshedService(scene.app.chart, 'Moving', {
        name: 'moving',
        namespace,
        workload: moving(),
        ports: [Port.http(80, { containerPort: 8080 })],
      });
      return { service, reason: 'why', until: '2099-12-31', ports: undefined };
    },
    (exception: library.MigrationException, { app }) =>
      new library.MtlsMigration(app.chart, 'Migration', {
        namespaces: app.chart.node.children.filter((child) => child instanceof library.MeshedNamespace),
        stage: library.MigrationStage.OBSERVED,
        exceptions: [exception],
      }),
  ],
  MeshTelemetry: [
    ({ app }) => ({ namespace: app.shop, accessLog: library.AccessLog.all(), ...none('tracing', 'metricTags') }),
    (props, { app }) => new library.MeshTelemetry(app.chart, 'Other', props),
  ],
  MetricsScrape: [
    ({ app }) => ({ namespace: app.shop, ...none('applicationMetrics', 'interval', 'labels') }),
    (props, { app }) => new library.MetricsScrape(app.chart, 'Other', props),
  ],
  MeshAlerts: [
    ({ app }) => ({ namespace: app.shop, ...none('objective', 'labels', 'alertLabels', 'runbookUrl') }),
    (props, { app }) => new library.MeshAlerts(app.chart, 'Other', props),
  ],
  'an objective': [
    () => none('successRatePercent', 'latency', 'latencyPercentile', 'minRequestsPerSecond'),
    (objective, { app, cart }) =>
      new library.MeshAlerts(app.chart, 'Other', { namespace: app.shop }).addObjective(cart, objective),
  ],
  MeshDashboards: [
    ({ app }) => ({ namespace: app.shop, ...none('labels', 'kialiUrl', 'jaegerUrl') }),
    (props, { app }) => new library.MeshDashboards(app.chart, 'Other', props),
  ],
  KialiSettings: [
    () => ({ prometheusUrl: 'http://prometheus', ...none('grafanaUrl', 'grafanaPublicUrl', 'jaegerUrl') }),
    (addresses, { app }) => library.KialiSettings.of(app.chart, addresses),
  ],
  'Mesh.use': [
    () => none('environment', 'previous'),
    (options) => library.Mesh.use(new App(), new library.IstioMesh({ version: '1.30.3' }), options),
  ],
  'Waiver.add': [
    () => ({ code: 'MESH-CHK-501', reason: 'why', until: '2099-12-31' }),
    (options, { app }) => library.Waiver.add(app.chart, options),
  ],
  IstioMesh: [
    () => ({
      version: '1.30.3',
      ...none('defaults', 'proxy', 'providers', 'ingressGateway', 'kubernetesApi', 'dns', 'scraper'),
    }),
    (props) => new library.IstioMesh(props),
  ],
};

function newScene(): Scene {
  const app = new MeshApp({ providers: PROVIDERS ?? [], auditing: true, scraper: SCRAPER });
  return { app, cart: app.service('cart', { workload: version(app, 'v1') }) };
}

/** What somebody else throws when this is passed, in the place of all or of one field. */
function thrownBy([good, use]: Make, patch: (props: object) => unknown): string | undefined {
  const scene = newScene();
  const props = Object.fromEntries(Object.entries(good(scene)).filter(([, value]) => value !== undefined));
  return foreign(() => {
    use(patch(props) as never, scene);
    scene.app.objects();
  });
}

// What is accepted may warn.
beforeEach(() => void jest.spyOn(process.stderr, 'write').mockReturnValue(true));
afterEach(() => jest.restoreAllMocks());

describe.each(Object.entries(CALLS))('%s', (_, call) => {
  test('takes what is good', () => {
    const scene = newScene();
    const [good, use] = call;
    const props = Object.fromEntries(Object.entries(good(scene)).filter(([, value]) => value !== undefined));
    expect(() => use(props as never, scene)).not.toThrow();
  });

  test('refuses anything else with an error of its own', () => {
    const fields = Object.keys(call[0](newScene()));
    const found = VALUES.flatMap((value) => [
      ...(value === undefined ? [] : [thrownBy(call, () => value)]),
      ...fields.map((field) => thrownBy(call, (props) => ({ ...props, [field]: value }))),
    ]);
    expect(found.filter((text) => text !== undefined)).toEqual([]);
  });
});
