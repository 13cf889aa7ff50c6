import { ApiObject, Duration } from 'cdk8s';
import type { ProxyOptions } from '../../../lib';
import { InitContainers, ProxySize, Workload } from '../../../lib';
import { Code } from '../../../lib/errors';
import type { DeploymentOptions } from '../mesh-app';
import { MeshApp, deployment, deploymentManifest, printed } from '../mesh-app';
import type { Provocation } from './provocation';
import { cartOn, untyped } from './provocation';

const INIT = { initContainers: [{ name: 'wait-for-db', image: 'busybox:1' }] };

export const PODS: readonly Provocation[] = [
  ...['Job', 'CronJob'].map((kind) => ({
    input: `a ${kind} whose proxy never ends`,
    code: Code.WORKLOAD_ENDS,
    value: `${kind} shop/tick`,
    provoke: () => endingApp(kind).objects(),
  })),
  {
    input: 'an external Job whose proxy never ends',
    code: Code.WORKLOAD_ENDS,
    value: 'Job tick',
    provoke: () => {
      const app = new MeshApp();
      const external = { kind: 'Job', name: 'tick', labels: { app: 'tick' }, serviceAccount: 'tick' };
      app.service('tick', { ports: [], workload: Workload.external(external) });
      return app.objects();
    },
  },
  {
    input: 'a Pod that ends, whose own annotation makes its proxy stay',
    code: Code.WORKLOAD_ENDS,
    value: 'sidecar.istio.io/nativeSidecar: "false"',
    provoke: () => endingApp('Pod', { 'sidecar.istio.io/nativeSidecar': 'false' }).objects(),
  },
  {
    input: 'init containers that call others before their proxy starts',
    code: Code.INIT_CONTAINERS,
    value: 'wait-for-db',
    provoke: () => cartSaying(InitContainers.CALL_OTHERS).objects(),
  },
  {
    input: 'something else that init containers do',
    code: Code.INIT_CONTAINERS,
    value: 'maybe',
    provoke: () => cartSaying(untyped('maybe')),
  },
  {
    input: 'init containers before the proxy of which nobody says whether they call',
    code: Code.INIT_CONTAINERS_UNKNOWN,
    value: 'wait-for-db',
    provoke: () => warned({ podSpec: INIT }),
  },
  ...Object.entries({
    runAsUser: { securityContext: { runAsUser: 1337 } },
    runAsGroup: { securityContext: { runAsGroup: 1337 } },
  }).map(([field, podSpec]) => ({
    input: `a pod with the proxy's \`${field}\``,
    code: Code.PROXY_USER,
    value: `${field}: 1337`,
    provoke: () => cartOn({ podSpec }).objects(),
  })),
  {
    input: 'probes of the kubelet that are left as they are in a zero-trust namespace',
    code: Code.PROBES,
    value: 'readinessProbe',
    provoke: () => probed({ httpGet: { port: 8080 } }, { rewriteProbes: false }).objects(),
  },
  {
    input: 'probes that an annotation of the pods leaves as they are',
    code: Code.PROBES,
    value: 'readinessProbe',
    provoke: () =>
      probed({ grpc: { port: 8080 } }, {}, { 'sidecar.istio.io/rewriteAppHTTPProbers': 'false' }).objects(),
  },
  {
    input: 'a proxy that drains until its pod is killed',
    code: Code.DRAIN,
    value: '30',
    provoke: () => {
      const app = new MeshApp();
      app.service('cart', { proxy: { drainFor: Duration.seconds(30) } });
      return app.objects();
    },
  },
  {
    input: 'a size of proxies that is none',
    code: Code.QUANTITY,
    value: 'huge',
    provoke: () => new MeshApp().service('cart', { proxy: { size: untyped('huge') } }),
  },
  {
    input: 'a proxy that requests more memory than its limit',
    code: Code.QUANTITY,
    value: '2Gi',
    provoke: () => new MeshApp().service('cart', { proxy: { memoryRequest: '2Gi' } }),
  },
  {
    input: 'a proxy that requests more of the CPU than the limit of its size',
    code: Code.QUANTITY,
    value: '1000m',
    provoke: () => new MeshApp().service('cart', { proxy: { size: ProxySize.SMALL, cpuRequest: '1.5' } }),
  },
];

/** A service whose pods are probed so. */
export function probed(
  readinessProbe: object,
  proxy: ProxyOptions,
  annotations: Readonly<Record<string, string>> = {},
): MeshApp {
  const app = new MeshApp();
  const containers = [{ name: 'server', image: 'cart:1', ports: [{ containerPort: 8080 }], readinessProbe }];
  const workload = Workload.of(deployment(app.chart, 'cart', { podSpec: { containers }, annotations }));
  app.service('cart', { workload, proxy });
  return app;
}

/** A service whose pods are those of an object of that kind, which are to end. */
export function endingApp(kind: string, annotations: Readonly<Record<string, string>> = {}, mesh = {}): MeshApp {
  const app = new MeshApp({ nativeSidecars: kind === 'Pod', ...mesh });
  const { metadata, spec } = deploymentManifest('tick', { annotations }).spec.template;
  const template = { metadata, spec: { ...spec, restartPolicy: 'Never' } };
  const object = {
    Pod: { apiVersion: 'v1', metadata: { name: 'tick', ...metadata }, spec: template.spec },
    Job: { apiVersion: 'batch/v1', metadata: { name: 'tick' }, spec: { template } },
    CronJob: {
      apiVersion: 'batch/v1',
      metadata: { name: 'tick' },
      spec: { schedule: '* * * * *', jobTemplate: { spec: { template } } },
    },
  }[kind];
  if (object === undefined) throw new Error(`no manifest of a ${kind}`);
  app.service('tick', { workload: Workload.of(new ApiObject(app.chart, 'Tick', { kind, ...object })) });
  return app;
}

function cartSaying(initContainers: InitContainers): MeshApp {
  const app = new MeshApp();
  app.service('cart', { initContainers, workload: Workload.of(deployment(app.chart, 'cart', { podSpec: INIT })) });
  return app;
}

function warned(options: DeploymentOptions): string {
  const app = cartOn(options);
  return printed(() => app.objects());
}
