import { ApiObject, Duration } from 'cdk8s';
import type {
  ArgoRolloutsOptions,
  CanaryReleaseProps,
  FlaggerOptions,
  MeshedServiceProps,
  ReleaseAnalysis,
} from '../../../lib';
import {
  CanaryRelease,
  ConnectionPool,
  HeaderMatch,
  HttpMatch,
  IngressRoute,
  IngressTls,
  LoadBalancing,
  Locality,
  Operation,
  PathMatch,
  Peer,
  Port,
  QueryMatch,
  ReleaseController,
  Retries,
  RetryBudget,
  RetryCondition,
  RouteAction,
  Workload,
} from '../../../lib';
import { Code } from '../../../lib/errors';
import type { DeploymentOptions } from '../mesh-app';
import { MeshApp, deployment } from '../mesh-app';
import type { Provocation } from './provocation';

const ANALYSIS: ReleaseAnalysis = { prometheusAddress: 'http://prometheus.monitoring:9090' };
const LONG = 'a'.repeat(56);
const HEADER = HeaderMatch.exact('x-a', '1');
const ASKS = HttpMatch.allOf({ headers: [HEADER] });
const argo = (options: Partial<ArgoRolloutsOptions> = {}) =>
  ReleaseController.argoRollouts({ steps: [{ weightPercent: 5 }], analysis: ANALYSIS, ...options });
const flux = (options: Partial<FlaggerOptions> = {}) => ReleaseController.flagger({ analysis: ANALYSIS, ...options });
const judged = (analysis: Partial<ReleaseAnalysis>) => argo({ analysis: { ...ANALYSIS, ...analysis } });

export const DELIVERIES: readonly Provocation[] = [
  ...[0, 101, 2.5, Number.NaN].map((weightPercent) => ({
    input: `a step of ${weightPercent}%`,
    code: Code.WEIGHT,
    value: String(weightPercent),
    provoke: () => argo({ steps: [{ weightPercent }] }),
  })),
  {
    input: 'steps that do not increase',
    code: Code.WEIGHT,
    value: '50` then `20',
    provoke: () => argo({ steps: [{ weightPercent: 50 }, { weightPercent: 20 }] }),
  },
  {
    input: 'weights of Flagger that do not increase',
    code: Code.WEIGHT,
    value: '5` then `5',
    provoke: () => flux({ weightsPercent: [5, 5] }),
  },
  { input: 'no steps', code: Code.WEIGHT, value: 'steps', provoke: () => argo({ steps: [] }) },
  {
    input: 'weights and iterations of Flagger',
    code: Code.RELEASE,
    value: 'weightsPercent` and `iterations',
    provoke: () => flux({ weightsPercent: [5], iterations: 3 }),
  },
  {
    input: 'no selector labels of Flagger',
    code: Code.RELEASE,
    value: 'selectorLabels',
    provoke: () => flux({ selectorLabels: [] }),
  },
  {
    input: 'an address of Prometheus without a scheme',
    code: Code.RELEASE,
    value: 'prometheus:9090',
    provoke: () => judged({ prometheusAddress: 'prometheus:9090' }),
  },
  ...[0, 100.5, Number.NaN].map((minSuccessPercent) => ({
    input: `a success rate of ${minSuccessPercent}%`,
    code: Code.RELEASE,
    value: String(minSuccessPercent),
    provoke: () => judged({ minSuccessPercent }),
  })),
  {
    input: 'a percentile above 100',
    code: Code.RELEASE,
    value: '999',
    provoke: () => judged({ latencyPercentile: 999 }),
  },
  {
    input: 'a failure limit below 0',
    code: Code.RESILIENCE,
    value: '-1',
    provoke: () => judged({ failureLimit: -1 }),
  },
  {
    input: 'an interval that is too short for controllers',
    code: Code.DURATION,
    value: '5000',
    provoke: () => judged({ interval: Duration.seconds(5) }),
  },
  {
    input: 'a pause in parts of seconds',
    code: Code.DURATION,
    value: '1500',
    provoke: () => argo({ steps: [{ weightPercent: 5, pause: Duration.millis(1500) }] }),
  },
  {
    input: 'a controller beside versions of ones own',
    code: Code.RELEASE,
    value: 'controller` and `stable`, `furtherCandidates',
    provoke: () => released({ release: { stable: { version: 'v1' }, furtherCandidates: [] } }),
  },
  {
    input: 'neither a stable version nor a controller',
    code: Code.RELEASE,
    value: 'stable',
    provoke: () => {
      const app = new MeshApp();
      return new CanaryRelease(app.chart, 'Release', { service: app.service('users') });
    },
  },
  {
    input: 'a second release beside one by a controller',
    code: Code.RELEASE,
    value: 'shop/Release',
    provoke: () => {
      const { app, users } = released({});
      return new CanaryRelease(app.chart, 'Again', { service: users, stable: { version: 'v1' } });
    },
  },
  {
    input: 'a controller without a workload',
    code: Code.RELEASE,
    value: 'shop/users',
    provoke: () => released({ service: { workload: undefined } }),
  },
  {
    input: 'a controller for a StatefulSet',
    code: Code.RELEASE,
    value: 'StatefulSet',
    provoke: () =>
      released({
        service: {
          workload: Workload.external({
            kind: 'StatefulSet',
            name: 'users',
            labels: { app: 'users' },
            serviceAccount: 'users',
            containerPorts: [8080],
          }),
        },
      }),
  },
  {
    input: 'a controller for a service without ports',
    code: Code.RELEASE,
    value: 'shop/users',
    provoke: () => released({ service: { ports: [] } }),
  },
  {
    input: 'a controller for connections',
    code: Code.RELEASE,
    value: 'redis',
    provoke: () => released({ service: { ports: [Port.tcp(6379, { containerPort: 8080, name: 'redis' })] } }),
  },
  {
    input: 'two ports under Flagger',
    code: Code.RELEASE,
    value: 'http`, `grpc',
    provoke: () =>
      released({
        controller: flux(),
        service: { ports: [Port.http(80, { containerPort: 8080 }), Port.grpc(90, { containerPort: 8081 })] },
      }),
  },
  {
    input: 'chosen paths under Argo Rollouts',
    code: Code.RELEASE,
    value: 'path',
    provoke: () =>
      released({ release: { candidateWhen: [HttpMatch.allOf({ headers: [HEADER], path: PathMatch.prefix('/a') })] } }),
  },
  {
    input: 'chosen query parameters under Argo Rollouts',
    code: Code.RELEASE,
    value: 'query',
    provoke: () => released({ release: { candidateWhen: [HttpMatch.allOf({ query: [QueryMatch.exact('a', '1')] })] } }),
  },
  {
    input: 'two chosen headers at once under Argo Rollouts',
    code: Code.RELEASE,
    value: 'x-a`, `x-b',
    provoke: () =>
      released({ release: { candidateWhen: [HttpMatch.allOf({ headers: [HEADER, HeaderMatch.exact('x-b', '1')] })] } }),
  },
  {
    input: 'chosen methods under Flagger',
    code: Code.RELEASE,
    value: 'methods',
    provoke: () =>
      released({
        controller: flux({ iterations: 3 }),
        release: { candidateWhen: [HttpMatch.allOf({ headers: [HEADER], methods: ['GET'] })] },
      }),
  },
  {
    input: 'chosen requests of a service with two ports under Argo Rollouts',
    code: Code.RELEASE,
    value: 'http`, `admin',
    provoke: () =>
      released({
        release: { candidateWhen: [ASKS] },
        service: {
          ports: [Port.http(80, { containerPort: 8080 }), Port.http(90, { containerPort: 8080, name: 'admin' })],
        },
      }),
  },
  {
    input: 'chosen requests that Flagger shall share',
    code: Code.RELEASE,
    value: 'candidateWhen',
    provoke: () => released({ controller: flux(), release: { candidateWhen: [ASKS] } }),
  },
  {
    input: 'chosen requests beside routes under Argo Rollouts',
    code: Code.UNSUPPORTED,
    value: 'slow',
    provoke: () => {
      const { app, users } = released({ release: { candidateWhen: [ASKS] } });
      users.addRoute({ name: 'slow', matches: [HttpMatch.allOf({ methods: ['PUT'] })], retries: Retries.off() });
      return app.objects();
    },
  },
  ...([argo(), flux()] as const).map((controller, index) => ({
    input: `paths of an ingress under ${index === 0 ? 'Argo Rollouts' : 'Flagger'}`,
    code: Code.UNSUPPORTED,
    value: 'users.example.com',
    provoke: () => {
      const { app, users } = released({ controller, release: index === 0 ? { candidateWhen: [ASKS] } : {} });
      new IngressRoute(app.chart, 'Ingress', {
        service: users,
        host: 'users.example.com',
        tls: IngressTls.plaintext(),
        paths: [PathMatch.prefix('/public')],
      });
      return app.objects();
    },
  })),
  {
    input: 'pods that do not say their version, under Argo Rollouts',
    code: Code.UNSUPPORTED,
    value: 'version',
    provoke: () => released({ pods: { labels: { app: 'users' } } }).app.objects(),
  },
  {
    input: 'a Deployment without replicas for Argo Rollouts',
    code: Code.RELEASE,
    value: 'replicas: 0',
    provoke: () => released({ pods: { replicas: 0 } }).app.objects(),
  },
  {
    input: 'a route of another service to one under Argo Rollouts',
    code: Code.RELEASE,
    value: 'aside',
    provoke: () => {
      const { app, users } = released({});
      const web = app.service('web');
      web.addRoute({
        name: 'aside',
        matches: [HttpMatch.allOf({ path: PathMatch.prefix('/users') })],
        action: RouteAction.forward({ service: users }),
      });
      return app.objects();
    },
  },
  {
    input: 'a route of a gateway to one under Argo Rollouts',
    code: Code.RELEASE,
    value: 'aside',
    provoke: () => {
      const { app, users } = released({});
      users.access.allowFrom(Peer.ingressGateway());
      const routes = [{ name: 'aside', matches: [ASKS], action: RouteAction.forward({ service: users }) }];
      const tls = IngressTls.credential('a-tls');
      new IngressRoute(app.chart, 'Web', { host: 'a.example.com', service: app.service('web'), tls, routes });
      return app.objects();
    },
  },
  ...[argo(), flux()].map((controller) => ({
    input: `routes of a gateway to one under ${controller._intent.kind}`,
    code: Code.UNSUPPORTED,
    value: 'closed',
    provoke: () => {
      const { app, users } = released({ controller });
      const routes = [{ name: 'closed', matches: [ASKS], action: RouteAction.respond(404) }];
      const tls = IngressTls.credential('a-tls');
      new IngressRoute(app.chart, 'Web', { host: 'a.example.com', service: users, tls, routes });
      return app.objects();
    },
  })),
  {
    input: 'routes under Flagger',
    code: Code.UNSUPPORTED,
    value: 'slow',
    provoke: () => {
      const { app, users } = released({ controller: flux() });
      users.addRoute({ name: 'slow', matches: [HttpMatch.allOf({ methods: ['PUT'] })], retries: Retries.off() });
      return app.objects();
    },
  },
  {
    input: 'streaming operations under Flagger',
    code: Code.UNSUPPORTED,
    value: 'streamingOperations',
    provoke: () =>
      released({
        controller: flux(),
        service: { streamingOperations: [Operation.http({ paths: [PathMatch.prefix('/watch')] })] },
      }).app.objects(),
  },
  {
    input: 'a selector without a label that Flagger rewrites',
    code: Code.UNSUPPORTED,
    value: 'Deployment users',
    provoke: () =>
      released({
        controller: flux(),
        pods: { labels: { app: 'users', tier: 'back' }, matchLabels: { tier: 'back' } },
      }).app.objects(),
  },
  {
    input: 'a Service of ones own under Flagger',
    code: Code.RELEASE,
    value: 'shop/own',
    provoke: () => {
      const { app } = released({ controller: flux() });
      new ApiObject(app.chart, 'own', {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'users' },
        spec: {
          selector: { app: 'users' },
          ports: [{ name: 'http', port: 80, targetPort: 8080, appProtocol: 'http' }],
        },
      });
      return app.objects();
    },
  },
  {
    input: 'a Service of somebody else under Flagger',
    code: Code.RELEASE,
    value: 'existingService',
    provoke: () => released({ controller: flux(), service: { existingService: true } }),
  },
  {
    input: 'a name to which Flagger can add nothing',
    code: Code.RELEASE,
    value: LONG,
    provoke: () => released({ controller: flux(), service: { name: LONG } }),
  },
  ...([argo(), flux()] as const).map((controller, index) => ({
    input: `an autoscaler that ${index === 0 ? 'Argo Rollouts' : 'Flagger'} is not told of`,
    code: Code.RELEASE,
    value: 'busy',
    provoke: () => {
      const { app } = released({ controller });
      new ApiObject(app.chart, 'Autoscaler', {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: { name: 'busy' },
        spec: { maxReplicas: 9, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'users' } },
      });
      return app.objects();
    },
  })),
  {
    input: 'an external Deployment under Flagger whose pods lack the label that stays',
    code: Code.WORKLOAD_EXTERNAL,
    value: 'Deployment users',
    provoke: () =>
      released({
        controller: flux(),
        service: {
          workload: Workload.external({
            kind: 'Deployment',
            name: 'users',
            labels: { app: 'users' },
            serviceAccount: 'users',
            containerPorts: [8080],
          }),
        },
      }).app.objects(),
  },
  ...(
    [
      ['retryBudget', { retryBudget: RetryBudget.of({ percent: 10 }) }],
      ['maxConnections', { connectionPool: ConnectionPool.of({ maxConnections: 10 }) }],
      ['connectTimeout', { connectionPool: ConnectionPool.of({ connectTimeout: Duration.seconds(1) }) }],
      ['502', { retries: Retries.of({ conditions: [RetryCondition.BAD_GATEWAY] }) }],
      ['backoff', { retries: Retries.of({ backoff: Duration.millis(100) }) }],
      ['otherEndpoint', { retries: Retries.of({ otherEndpoint: true }) }],
      [
        'maglevTableSize',
        { loadBalancing: LoadBalancing.consistentHash({ header: 'x-user', maglevTableSize: 65537 }) },
      ],
      ['Locality.off()', { locality: Locality.off() }],
    ] as readonly (readonly [string, Partial<MeshedServiceProps>])[]
  ).map(([value, service]) => ({
    input: `a ${value} that Flagger has no field for`,
    code: Code.UNSUPPORTED,
    value,
    provoke: () => released({ controller: flux(), service }).app.objects(),
  })),
];

interface Release {
  readonly controller?: ReleaseController;
  readonly release?: Partial<CanaryReleaseProps>;
  readonly service?: Partial<MeshedServiceProps>;
  readonly pods?: DeploymentOptions;
}

function released({ controller = argo(), release = {}, service = {}, pods = {} }: Release) {
  const app = new MeshApp();
  const labels = { app: 'users', version: 'v2' };
  const own = deployment(app.chart, 'users', { labels, matchLabels: { app: 'users' }, ports: [8080, 8081], ...pods });
  const users = app.service('users', { ...('workload' in service ? {} : { workload: Workload.of(own) }), ...service });
  new CanaryRelease(app.chart, 'Release', { service: users, controller, ...release });
  return { app, users };
}
