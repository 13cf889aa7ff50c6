import { ApiObject, YamlOutputType } from 'cdk8s';
import { MeshedService, Workload } from '../../../lib';
import { Code } from '../../../lib/errors';
import type { DeploymentOptions } from '../mesh-app';
import { MeshApp, deployment, deploymentManifest, objects } from '../mesh-app';
import type { Provocation } from './provocation';
import { twoNamespaces } from '../two-namespaces';
import { cartOn, userObject } from './provocation';

/** What stands beside the objects of the library and does not go together with them. */
export const TREES: readonly Provocation[] = [
  {
    input: 'two services under one service account',
    code: Code.SERVICE_ACCOUNT_SHARED,
    value: 'shop/shared',
    provoke: () => {
      const app = new MeshApp();
      app.service('cart', { serviceAccount: 'shared' });
      app.service('basket', { serviceAccount: 'shared', sharedIdentity: true });
      return app.objects();
    },
  },
  {
    input: 'labels that also select another workload',
    code: Code.SELECTOR,
    value: 'Deployment impostor',
    provoke: () => {
      const app = cartOn({});
      deployment(app.chart, 'impostor', { labels: { app: 'cart', tier: 'x' } });
      return app.objects();
    },
  },
  {
    input: 'an object that stands twice in the app',
    code: Code.OBJECT_TWICE,
    value: 'Sidecar shop/cart',
    provoke: () => {
      const app = cartOn({});
      userObject(app, 'Sidecar', 'cart', { egress: [{ hosts: ['*/*'] }] }, 'networking.istio.io/v1beta1');
      return app.objects();
    },
  },
  {
    input: 'two namespaces whose default denies cdk8s would write into one file',
    code: Code.OBJECT_FILE,
    value: 'NetworkPolicy.default-deny',
    provoke: () => objects(twoNamespaces(YamlOutputType.FILE_PER_RESOURCE)),
  },
  {
    input: 'a second NetworkPolicy for a workload that has one',
    code: Code.NETWORK_POLICY_SECOND,
    value: 'shop/user-NetworkPolicy-open',
    provoke: () => {
      const app = cartOn({});
      const spec = { podSelector: { matchLabels: { app: 'cart' } }, ingress: [{}] };
      userObject(app, 'NetworkPolicy', 'open', spec, 'networking.k8s.io/v1');
      return app.objects();
    },
  },
  ...[undefined, ['mesh'], ['shop/gateway', 'mesh']].map((gateways) => ({
    input: `a VirtualService of the user's own, bound to ${gateways?.join(' and ') ?? 'nothing'}, for the host of a service`,
    code: Code.ROUTE_OWNER,
    value: 'shop/user-VirtualService-mine',
    provoke: () => {
      const app = cartOn({});
      const spec = { hosts: ['cart'], ...(gateways === undefined ? {} : { gateways }) };
      userObject(app, 'VirtualService', 'mine', spec, 'networking.istio.io/v1');
      return app.objects();
    },
  })),
  {
    input: "a DestinationRule of the user's own for the host of a service",
    code: Code.ROUTE_OWNER,
    value: 'shop/user-DestinationRule-mine',
    provoke: () => {
      const app = cartOn({});
      const spec = { host: 'cart.shop.svc.cluster.local' };
      userObject(app, 'DestinationRule', 'mine', spec, 'networking.istio.io/v1');
      return app.objects();
    },
  },
  {
    input: "a DestinationRule of the user's own for many hosts, in a namespace from where services are called",
    code: Code.ROUTE_OWNER,
    value: '*.local',
    provoke: () => {
      const app = cartOn({});
      const spec = { host: '*.local' };
      new ApiObject(app.chart, 'Broad', {
        apiVersion: 'networking.istio.io/v1',
        kind: 'DestinationRule',
        metadata: { name: 'broad', namespace: 'qa' },
        spec,
      });
      return app.objects();
    },
  },
  {
    input: 'a workload that only calls, under the labels of another one',
    code: Code.SELECTOR,
    value: 'Deployment cart',
    provoke: () => {
      const app = cartOn({ labels: { app: 'cart', tier: 'back' }, matchLabels: { tier: 'back' } });
      const workload = Workload.of(new ApiObject(app.chart, 'Job', deploymentManifest('job', JOB)));
      new MeshedService(app.chart, 'JobService', { name: 'job', namespace: app.shop, ports: [], workload });
      return app.objects();
    },
  },
];

const JOB: DeploymentOptions = { labels: { app: 'cart', tier: 'job' }, matchLabels: { app: 'cart' } };
