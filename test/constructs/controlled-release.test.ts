import { ApiObject, Duration } from 'cdk8s';
import type {
  ArgoRolloutsOptions,
  CanaryReleaseProps,
  FlaggerOptions,
  MeshedServiceProps,
  ReleaseAnalysis,
} from '../../lib';
import {
  CanaryRelease,
  DeploymentScaleDown,
  HeaderMatch,
  HttpMatch,
  IngressRoute,
  IngressTls,
  Port,
  QueryMatch,
  RateLimit,
  ReleaseController,
  Retries,
  RetryBudget,
  RouteAction,
  Timeout,
  Workload,
} from '../../lib';
import type { KubeObject } from '../../lib/testing';
import { schemaProblems } from '../../lib/testing';
import { argoRollouts } from '../support/delivery/argo-rollouts';
import type { Cluster } from '../support/delivery/cluster';
import { httpRoutes, kindOf, qualified, routedHosts, selected } from '../support/delivery/cluster';
import { flagger } from '../support/delivery/flagger';
import type { DeploymentOptions, Manifest } from '../support/mesh-app';
import { MeshApp, at, deployment, find, names, printed } from '../support/mesh-app';

const ANALYSIS: ReleaseAnalysis = { prometheusAddress: 'http://prometheus.monitoring:9090' };
const PREVIEW = [HttpMatch.allOf({ headers: [HeaderMatch.exact('x-canary', 'true')] })];
const LABELS = { app: 'users', version: 'v2' };
const STEPS = [{ weightPercent: 5, pause: Duration.minutes(10) }, { weightPercent: 25 }];

const argo = (options: Partial<ArgoRolloutsOptions> = {}) =>
  ReleaseController.argoRollouts({ analysis: ANALYSIS, steps: STEPS, ...options });
const flux = (options: Partial<FlaggerOptions> = {}) => ReleaseController.flagger({ analysis: ANALYSIS, ...options });

interface Case {
  readonly controller: ReleaseController;
  readonly release?: Partial<CanaryReleaseProps>;
  readonly service?: Partial<MeshedServiceProps>;
  readonly workload?: DeploymentOptions;
  readonly ingress?: boolean;
}

/** `web` calls `users`, which a controller releases and which calls `db`. */
function released({ controller, release = {}, service = {}, workload = {}, ingress = false }: Case) {
  const app = new MeshApp();
  const pods = deployment(app.chart, 'users', { labels: LABELS, matchLabels: { app: 'users' }, ...workload });
  const users = app.service('users', { workload: Workload.of(pods), ...service });
  users.access.allowFrom(app.service('web'));
  app.service('db').access.allowFrom(users);
  if (ingress) {
    new IngressRoute(app.chart, 'Ingress', {
      service: users,
      host: 'users.example.com',
      tls: IngressTls.credential('users-example-com'),
    });
  }
  const canary = new CanaryRelease(app.chart, 'Release', { service: users, controller, ...release });
  return { app, users, canary };
}

/** The objects, with warnings kept out of the way. */
function applied(spec: Case): Manifest[] {
  let objects: Manifest[] = [];
  printed(() => (objects = released(spec).app.objects()));
  return objects;
}

const CONTROLLERS: readonly (readonly [string, Case, (objects: readonly Manifest[]) => Cluster])[] = [
  ['Argo Rollouts', { controller: argo() }, (objects) => argoRollouts(objects, 'users', 25)],
  [
    'Argo Rollouts with chosen requests and an ingress',
    { controller: argo(), release: { candidateWhen: PREVIEW }, ingress: true },
    (objects) => argoRollouts(objects, 'users', 25),
  ],
  [
    'Argo Rollouts with two ports',
    {
      controller: argo(),
      service: {
        ports: [Port.http(80, { containerPort: 8080 }), Port.grpc(90, { containerPort: 8081, streaming: true })],
      },
      workload: { ports: [8080, 8081] },
    },
    (objects) => argoRollouts(objects, 'users', 25),
  ],
  [
    'Argo Rollouts with the version in the selector',
    { controller: argo(), workload: { matchLabels: LABELS } },
    (objects) => argoRollouts(objects, 'users', 25),
  ],
  ['Flagger', { controller: flux() }, (objects) => flagger(objects, 'users', 25)],
  ['Flagger with an ingress', { controller: flux(), ingress: true }, (objects) => flagger(objects, 'users', 25)],
];

describe.each(CONTROLLERS)('under %s, in the middle of a release', (name, spec, run) => {
  const objects = applied(spec);
  const cluster = run(objects);

  test.each(['AuthorizationPolicy', 'NetworkPolicy', 'Sidecar'])('the %s selects the pods of both versions', (kind) => {
    const object = find(cluster.objects, kind, 'users');
    const labels =
      at(object, 'spec', 'selector', 'matchLabels') ??
      at(object, 'spec', 'podSelector', 'matchLabels') ??
      at(object, 'spec', 'workloadSelector', 'labels');
    expect(Object.keys(labels as object)).not.toHaveLength(0);
    expect(selected(cluster, 'shop', labels)).toEqual(['old', 'new']);
  });

  test('NetworkPolicies of both sides of its grants reach the pods of both versions', () => {
    const peers = [
      ...(at(find(cluster.objects, 'NetworkPolicy', 'web'), 'spec', 'egress') as object[]).flatMap((rule) =>
        at(rule, 'to'),
      ),
      ...(at(find(cluster.objects, 'NetworkPolicy', 'db'), 'spec', 'ingress') as object[]).flatMap((rule) =>
        at(rule, 'from'),
      ),
    ];
    expect(peers).toHaveLength(2);
    peers.forEach((peer) =>
      expect(selected(cluster, 'shop', at(peer, 'podSelector', 'matchLabels'))).toEqual(['old', 'new']),
    );
  });

  test('both versions have the identity that its callees expect', () => {
    const rules = JSON.stringify(find(cluster.objects, 'AuthorizationPolicy', 'db').spec);
    expect(cluster.pods.map(({ serviceAccount }) => rules.includes(`/sa/${serviceAccount}"`))).toEqual([true, true]);
  });

  test('every host has one VirtualService', () => {
    const hosts = routedHosts(cluster.objects);
    expect(hosts['users.shop.svc.cluster.local at mesh']).toBe(1);
    expect(Object.values(hosts).every((count) => count === 1)).toBe(true);
    expect('users.example.com at shop/users-ingress' in hosts).toBe(spec.ingress ?? false);
  });

  test('every share is moved, and leads to pods of its version', () => {
    const routes = kindOf(cluster.objects, 'VirtualService')
      .filter(({ metadata }) => metadata.name.startsWith('users'))
      .flatMap(httpRoutes);
    expect(routes.length).toBeGreaterThan(0);
    for (const { name: route, route: destinations = [] } of routes) {
      const shares = destinations.map(({ destination, weight }) => [versions(cluster, destination), weight]);
      expect({ route, shares }).toEqual({
        route,
        shares:
          route === 'users-preview'
            ? [[['new'], 100]]
            : [
                [['old'], 75],
                [['new'], 25],
              ],
      });
    }
  });

  test('the Sidecar of a caller knows every host that routes lead to', () => {
    const [{ hosts = [] } = {}] = at(find(cluster.objects, 'Sidecar', 'web'), 'spec', 'egress') as {
      hosts?: string[];
    }[];
    const targets = kindOf(cluster.objects, 'VirtualService')
      .filter(({ metadata }) => metadata.name === 'users')
      .flatMap(httpRoutes)
      .flatMap(({ route = [] }) => route.map(({ destination }) => `shop/${qualified(destination.host, 'shop')}`));
    expect(targets.filter((target) => !hosts.includes(target))).toEqual([]);
  });

  test('what is applied and what becomes of it is valid', () => {
    expect(schemaProblems(objects as unknown as KubeObject[])).toEqual([]);
    expect(schemaProblems(cluster.objects as unknown as KubeObject[])).toEqual([]);
    expect(name).toBeDefined();
  });
});

/** The versions of the pods behind a destination: by subset of the host's rule, or by the Service of the host. */
function versions(
  cluster: Cluster,
  { host, subset }: { readonly host: string; readonly subset?: string },
): readonly string[] {
  const service = find(cluster.objects, 'Service', host.split('.')[0] ?? '');
  const behind = at(service, 'spec', 'selector') as object;
  if (subset === undefined) return selected(cluster, 'shop', behind);
  const rule = find(cluster.objects, 'DestinationRule', 'users');
  const found = (at(rule, 'spec', 'subsets') as { name: string; labels: object }[]).find(({ name }) => name === subset);
  return found === undefined ? ['no such subset'] : selected(cluster, 'shop', { ...behind, ...found.labels });
}

const rolloutOf = (spec: Case) => find(applied(spec), 'Rollout', 'users');
const canaryOf = (spec: Case) => find(applied(spec), 'Canary', 'users');
const canaryPart = (spec: Case) => at(rolloutOf(spec), 'spec', 'strategy', 'canary');

describe('a release by Argo Rollouts', () => {
  test('takes pods from the Deployment, as many as it says, and scales it down', () => {
    expect(rolloutOf({ controller: argo(), workload: { replicas: 3 } }).spec).toMatchObject({
      replicas: 3,
      workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'users', scaleDown: 'onsuccess' },
    });
    const chosen = argo({ replicas: 5, scaleDown: DeploymentScaleDown.NEVER });
    expect(rolloutOf({ controller: chosen, workload: { replicas: 0 } }).spec).toMatchObject({
      replicas: 5,
      workloadRef: { scaleDown: 'never' },
    });
  });

  test('releases a Deployment that somebody else delivers', () => {
    const workload = Workload.external({
      kind: 'Deployment',
      name: 'people',
      labels: LABELS,
      serviceAccount: 'users',
      containerPorts: [8080],
    });
    const app = new MeshApp();
    new CanaryRelease(app.chart, 'Release', {
      service: app.service('users', { workload }),
      controller: argo({ replicas: 2 }),
    });
    const objects = app.objects();
    expect(find(objects, 'Rollout', 'users').spec).toMatchObject({ replicas: 2, workloadRef: { name: 'people' } });
    // The version that runs had another one.
    expect(at(find(objects, 'AuthorizationPolicy', 'users'), 'spec', 'selector', 'matchLabels')).toEqual({
      app: 'users',
    });
  });

  test('pauses for a time, or until somebody promotes', () => {
    expect(at(canaryPart({ controller: argo() }), 'steps')).toEqual([
      { setWeight: 5 },
      { pause: { duration: '600s' } },
      { setWeight: 25 },
      { pause: {} },
    ]);
  });

  test('routes chosen requests from the first share on, by a route that the controller takes away', () => {
    const part = canaryPart({ controller: argo(), release: { candidateWhen: PREVIEW } });
    expect(at(part, 'trafficRouting', 'managedRoutes')).toEqual([{ name: 'users-preview' }]);
    expect((at(part, 'steps') as object[])[1]).toEqual({
      setHeaderRoute: { name: 'users-preview', match: [{ headerName: 'x-canary', headerValue: { exact: 'true' } }] },
    });
  });

  test('has one named route where all requests are treated alike', () => {
    const objects = applied({ controller: argo(), service: { retries: Retries.off() } });
    expect(httpRoutes(find(objects, 'VirtualService', 'users')).map(({ name }) => name)).toEqual(['primary']);
    expect(
      at(canaryPart({ controller: argo(), service: { retries: Retries.off() } }), 'trafficRouting', 'istio'),
    ).toEqual({
      virtualService: { name: 'users', routes: ['primary'] },
      destinationRule: { name: 'users', stableSubsetName: 'stable', canarySubsetName: 'canary' },
    });
  });

  test('moves the shares of every rule that forwards, and leaves answers alone', () => {
    const { app, users } = released({ controller: argo() });
    users.addRoute({
      name: 'slow',
      matches: [HttpMatch.allOf({ methods: ['PUT'] })],
      timeout: Timeout.of(Duration.seconds(60)),
    });
    users.addRoute({
      name: 'gone',
      matches: [HttpMatch.allOf({ methods: ['DELETE'] })],
      action: RouteAction.respond(410),
    });
    const objects = app.objects();
    const routes = httpRoutes(find(argoRollouts(objects, 'users', 40).objects, 'VirtualService', 'users'));
    expect(routes.filter(({ route }) => route !== undefined).length).toBeGreaterThan(2);
    for (const { name, route } of routes) {
      expect({ name, weights: route?.map(({ weight }) => weight) }).toEqual({
        name,
        weights: name === undefined ? undefined : [60, 40],
      });
    }
  });

  test('tells versions apart by the revision that Istio reports', () => {
    const queries = (labels: Readonly<Record<string, string>>) =>
      JSON.stringify(
        find(applied({ controller: argo(), workload: { labels } }), 'AnalysisTemplate', 'users-success-rate').spec,
      );
    expect(queries(LABELS)).toContain('destination_canonical_revision=\\"v2\\"');
    expect(queries({ ...LABELS, 'app.kubernetes.io/version': '2.1' })).toContain(
      'destination_canonical_revision=\\"2.1\\"',
    );
    expect(queries({ ...LABELS, 'app.kubernetes.io/name': 'people' })).toContain(
      'destination_canonical_service=\\"people\\"',
    );
  });

  test('judges success and latency, each against its bound, and nothing without requests', () => {
    const controller = argo({
      analysis: {
        ...ANALYSIS,
        minSuccessPercent: 99.5,
        maxLatency: Duration.millis(300),
        latencyPercentile: 95,
        failureLimit: 4,
      },
    });
    const objects = applied({ controller });
    const metric = (name: string) =>
      (at(find(objects, 'AnalysisTemplate', name), 'spec', 'metrics') as Readonly<Record<string, unknown>>[])[0];
    expect(metric('users-success-rate')).toMatchObject({
      successCondition: 'len(result) > 0 && !isNaN(result[0]) && result[0] >= 99.5',
      failureCondition: 'len(result) > 0 && !isNaN(result[0]) && result[0] < 99.5',
      failureLimit: 4,
      interval: '60s',
    });
    expect(metric('users-latency')).toMatchObject({
      successCondition: 'len(result) > 0 && !isNaN(result[0]) && result[0] <= 300',
    });
    expect(String(at(metric('users-latency'), 'provider', 'prometheus', 'query'))).toMatch(
      /^histogram_quantile\(0\.95, /,
    );
    expect(at(find(objects, 'Rollout', 'users'), 'spec', 'strategy', 'canary', 'analysis')).toEqual({
      templates: [{ templateName: 'users-success-rate' }, { templateName: 'users-latency' }],
      startingStep: 1,
    });
  });

  test('counts failures, since a version that always fails has no successes to count', () => {
    const objects = applied({ controller: argo(), service: { ports: [Port.grpc(50051, { containerPort: 8080 })] } });
    const [metric] = at(find(objects, 'AnalysisTemplate', 'users-success-rate'), 'spec', 'metrics') as object[];
    const query = String(at(metric, 'provider', 'prometheus', 'query'));
    expect(query).toMatch(/^100 \* \(1 - \(\(sum\(.*response_code=~"5\.\."\}\[60s\]\)\) or vector\(0\)\)/);
    expect(query).toContain('grpc_response_status=~"2|4|12|13|14|15"');
  });

  test('says what Argo CD has to leave alone', () => {
    const { canary } = released({ controller: argo(), release: { candidateWhen: PREVIEW }, ingress: true });
    const text = canary.argoCdIgnoreDifferences();
    expect(text).toContain('RespectIgnoreDifferences=true');
    expect(text.match(/name: users(-ingress)?$/gm)).toEqual([
      'name: users',
      'name: users-ingress',
      'name: users',
      'name: users',
    ]);
    expect(text).toContain('.spec.http[].route[].weight');
    expect(text).toContain('.spec.http[] | select(.name == "users-preview")');
    expect(text).toContain('.spec.subsets[].labels["rollouts-pod-template-hash"]');
    expect(text).toContain('.spec.replicas');
  });

  test('is not selected by the hash that changes with each release', () => {
    const hash = { 'rollouts-pod-template-hash': 'abc' };
    const objects = applied({
      controller: argo(),
      workload: { labels: { ...LABELS, ...hash }, matchLabels: { app: 'users', ...hash } },
    });
    expect(at(find(objects, 'AuthorizationPolicy', 'users'), 'spec', 'selector', 'matchLabels')).toEqual({
      app: 'users',
    });
  });
});

describe('a release by Flagger', () => {
  test.each(['VirtualService', 'DestinationRule', 'Service'])('emits no %s of the host', (kind) => {
    expect(names(applied({ controller: flux(), ingress: true }))).not.toContain(`${kind} users`);
    expect(names(applied({ controller: flux(), ingress: true }))).not.toContain('VirtualService users-ingress');
    expect(names(applied({ controller: argo() }))).toContain(`${kind} users`);
  });

  test('takes the ingress in whichever is declared first', () => {
    const { app, users } = released({ controller: flux() });
    new IngressRoute(app.chart, 'Late', { service: users, host: 'late.example.com', tls: IngressTls.plaintext() });
    let objects: Manifest[] = [];
    printed(() => (objects = app.objects()));
    expect(names(objects)).not.toContain('VirtualService users-ingress');
    expect(at(find(objects, 'Canary', 'users'), 'spec', 'service')).toMatchObject({
      gateways: ['shop/users-ingress', 'mesh'],
      hosts: ['late.example.com'],
    });
  });

  test('hands timeout, retries and protections over', () => {
    const canary = canaryOf({ controller: flux(), service: { timeout: Timeout.of(Duration.seconds(3)) } });
    expect(at(canary, 'spec', 'service')).toMatchObject({
      name: 'users',
      port: 80,
      targetPort: 8080,
      portName: 'http',
      appProtocol: 'http',
      timeout: '3s',
      retries: { attempts: 2, perTryTimeout: '3s', retryOn: 'connect-failure,refused-stream' },
      trafficPolicy: {
        loadBalancer: { simple: 'LEAST_REQUEST' },
        connectionPool: { http: { http2MaxRequests: 1024 } },
        outlierDetection: { consecutive5xxErrors: 5, maxEjectionPercent: 50 },
      },
    });
  });

  test('lets requests on a streaming port stay open', () => {
    const service: Partial<MeshedServiceProps> = {
      ports: [Port.grpc(90, { containerPort: 8080, streaming: true })],
      retries: Retries.of({ attempts: 1, perTryTimeout: Duration.seconds(1) }),
    };
    const { retries, timeout } = at(canaryOf({ controller: flux(), service }), 'spec', 'service') as {
      retries: object;
      timeout?: string;
    };
    expect(retries).toEqual({ attempts: 1, retryOn: 'connect-failure,refused-stream' });
    expect(timeout).toBeUndefined();
  });

  test('warns of defaults that Flagger has no field for, and of nothing else', () => {
    expect(printed(() => released({ controller: flux() }).app.objects())).toContain(
      '`shop/users` is released by Flagger, whose Canary has no field for `retryBudget`, `maxConnections`, `connectTimeout`, retries on `503`',
    );
    expect(
      printed(() => released({ controller: flux(), service: { retryBudget: RetryBudget.off() } }).app.objects()),
    ).not.toContain('retryBudget');
    expect(printed(() => released({ controller: argo() }).app.objects())).toBe('');
  });

  test('judges shares for an interval each, and goes back after one failure more than is tolerated', () => {
    const analysis = at(canaryOf({ controller: flux({ weightsPercent: [10, 60] }) }), 'spec', 'analysis');
    expect(analysis).toEqual({
      interval: '60s',
      threshold: 3,
      stepWeights: [10, 60],
      metrics: [
        {
          name: 'success-rate',
          templateRef: { name: 'users-success-rate', namespace: 'shop' },
          thresholdRange: { min: 99 },
          interval: '60s',
        },
      ],
    });
  });

  test('judges chosen requests by a number of times', () => {
    const when = [
      HttpMatch.allOf({ headers: [HeaderMatch.exact('x-canary', 'true')], query: [QueryMatch.prefix('beta', 'on')] }),
    ];
    expect(
      at(canaryOf({ controller: flux({ iterations: 6 }), release: { candidateWhen: when } }), 'spec', 'analysis'),
    ).toMatchObject({
      iterations: 6,
      match: [{ headers: { 'x-canary': { exact: 'true' } }, queryParams: { beta: { regex: 'on.*' } } }],
    });
  });

  test('measures the workload that is new, whose copy that runs has another name', () => {
    const template = find(applied({ controller: flux() }), 'MetricTemplate', 'users-success-rate');
    expect(template.spec).toMatchObject({ provider: { type: 'prometheus', address: ANALYSIS.prometheusAddress } });
    expect(String(at(template, 'spec', 'query'))).toContain('destination_workload="users"');
  });

  test('adds the label by which everything selects the pods, and keeps one that is there', () => {
    const label = 'service.istio.io/canonical-name';
    const labelOf = (labels: Readonly<Record<string, string>>) =>
      at(
        find(applied({ controller: flux(), workload: { labels } }), 'Deployment', 'users'),
        'spec',
        'template',
        'metadata',
        'labels',
        label,
      );
    expect(labelOf(LABELS)).toBe('users');
    expect(labelOf({ ...LABELS, [label]: 'people' })).toBe('people');
    const kept = applied({ controller: flux(), workload: { labels: { ...LABELS, [label]: 'people' } } });
    expect(at(find(kept, 'AuthorizationPolicy', 'users'), 'spec', 'selector', 'matchLabels')).toEqual({
      [label]: 'people',
    });
  });

  test('limits rates of the pods of both versions', () => {
    const spec: Case = {
      controller: flux(),
      service: { rateLimit: RateLimit.perPod({ requests: 10, per: Duration.seconds(1) }) },
    };
    const objects = applied(spec);
    const filter = kindOf(objects, 'EnvoyFilter')[0];
    expect(selected(flagger(objects, 'users', 25), 'shop', at(filter, 'spec', 'workloadSelector', 'labels'))).toEqual([
      'old',
      'new',
    ]);
  });

  test('knows the autoscaler that it is told of', () => {
    const { app } = released({ controller: flux({ autoscaler: 'busy' }) });
    new ApiObject(app.chart, 'Autoscaler', {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'busy' },
      spec: { maxReplicas: 9, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'users' } },
    });
    let objects: Manifest[] = [];
    printed(() => (objects = app.objects()));
    expect(names(objects)).toContain('Canary users');
  });

  test('tells the autoscaler, and says what Argo CD has to leave alone', () => {
    expect(at(canaryOf({ controller: flux({ autoscaler: 'users' }) }), 'spec', 'autoscalerRef')).toEqual({
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      name: 'users',
    });
    let text = '';
    printed(() => (text = released({ controller: flux() }).canary.argoCdIgnoreDifferences()));
    expect(text).toContain('.spec.replicas');
    expect(text).not.toContain('VirtualService');
  });
});

test('a release without a controller changes nothing behind the back of Argo CD', () => {
  const app = new MeshApp();
  const service = app.service('users');
  const release = new CanaryRelease(app.chart, 'Release', { service, stable: { version: 'v1' } });
  expect(release.argoCdIgnoreDifferences()).toBe('');
});
