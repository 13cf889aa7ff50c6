import { App, Chart, Include } from 'cdk8s';
import { Deployment } from 'cdk8s-plus-28';
import type { ExternalWorkloadProps } from '../../../lib';
import { ProxySize, UnprotectedPort, Workload } from '../../../lib';
import { Code } from '../../../lib/errors';
import { manifestFile } from '../manifest-file';
import { MeshApp, deployment, deploymentManifest, printed } from '../mesh-app';
import type { Provocation } from './provocation';
import { cartOn, userObject } from './provocation';

const MACHINES = { name: 'ledger', labels: { app: 'ledger' }, serviceAccount: 'ledger', ports: [8080] };

export const WORKLOADS: readonly Provocation[] = [
  ...[{ reason: ' ', cidrs: ['10.0.0.0/8'] }, { reason: 'gossip' }].map((options) => ({
    input: `an unprotected port without ${options.reason === ' ' ? 'a reason' : 'anybody at the other end'}`,
    code: Code.UNPROTECTED,
    value: '7946',
    provoke: () => UnprotectedPort.inbound(7946, options),
  })),
  {
    input: 'an unprotected port on which the service can be called',
    code: Code.UNPROTECTED,
    value: '8080',
    provoke: () => {
      const port = UnprotectedPort.inbound(8080, { reason: 'speed', namespaces: ['shop'] });
      new MeshApp().service('cart', { unprotectedPorts: [port] });
    },
  },
  {
    input: 'a port that an annotation leads past the proxy without a word',
    code: Code.UNPROTECTED,
    value: 'traffic.sidecar.istio.io/excludeInboundPorts: 7946',
    provoke: () => cartOn({ annotations: { 'traffic.sidecar.istio.io/excludeInboundPorts': '7946' } }).objects(),
  },
  {
    input: 'silently an unprotected port',
    code: Code.UNPROTECTED_ON,
    value: '7946',
    provoke: () => {
      const app = new MeshApp();
      const port = UnprotectedPort.inbound(7946, { reason: 'gossip', namespaces: ['shop'] });
      app.service('cart', { unprotectedPorts: [port] });
      return printed(() => app.objects());
    },
  },
  ...[{}, { addresses: ['10.9.0.7'], cidrs: ['10.9.0.0/16'] }].map((props) => ({
    input: `virtual machines with ${'cidrs' in props ? 'addresses and ranges' : 'no address'}`,
    code: Code.MACHINES,
    value: 'ledger',
    provoke: () => Workload.virtualMachines({ ...MACHINES, ...props }),
  })),
  {
    input: 'a proxy of virtual machines, sized as one of pods',
    code: Code.MACHINES,
    value: 'ledger',
    provoke: () => {
      const app = new MeshApp();
      const workload = Workload.virtualMachines({ ...MACHINES, addresses: ['10.9.0.7'] });
      app.service('ledger', { workload, proxy: { size: ProxySize.SMALL } });
      return app.objects();
    },
  },
  {
    input: 'a service without workload',
    code: Code.WORKLOAD_MISSING,
    value: 'shop/cart',
    provoke: () => {
      const app = new MeshApp();
      app.service('cart', { workload: undefined });
      return app.objects();
    },
  },
  {
    input: 'a construct without a Kubernetes object behind it as workload',
    code: Code.WORKLOAD_UNREADABLE,
    value: 'shop',
    provoke: () => Workload.of(new MeshApp().chart),
  },
  {
    input: 'an object that makes no pods as workload',
    code: Code.WORKLOAD_UNREADABLE,
    value: 'ConfigMap',
    provoke: () => Workload.of(userObject(new MeshApp(), 'ConfigMap', 'cart')),
  },
  {
    input: 'a workload that the included manifest does not have',
    code: Code.WORKLOAD_UNREADABLE,
    value: 'Deployment crat',
    provoke: () => {
      const url = manifestFile(deploymentManifest('cart'));
      return Workload.fromManifest(new Include(new MeshApp().chart, 'File', { url }), 'Deployment', 'crat');
    },
  },
  {
    input: 'a cdk8s-plus Deployment without containers',
    code: Code.WORKLOAD_UNREADABLE,
    value: 'shop/Deployment/Resource',
    provoke: () => {
      const app = new MeshApp();
      app.service('cart', { workload: Workload.of(new Deployment(app.chart, 'Deployment')) });
      return app.objects();
    },
  },
  {
    input: 'a workload of another app',
    code: Code.WORKLOAD_UNREADABLE,
    value: 'elsewhere/cart-deployment',
    provoke: () => {
      const app = new MeshApp();
      const elsewhere = new Chart(new App(), 'elsewhere', { namespace: 'shop' });
      app.service('cart', { workload: Workload.of(deployment(elsewhere, 'cart')) });
      return app.objects();
    },
  },
  {
    input: 'a workload without labels',
    code: Code.WORKLOAD_LABELS,
    value: 'Deployment shop/cart',
    provoke: () => cartOn({ labels: {} }).objects(),
  },
  {
    input: 'a workload that is meshed twice',
    code: Code.WORKLOAD_TWICE,
    value: 'Deployment cart',
    provoke: () => {
      const app = new MeshApp();
      const workload = Workload.of(deployment(app.chart, 'cart'));
      app.service('cart', { workload, sharedIdentity: true });
      app.service('basket', { workload, sharedIdentity: true, serviceAccount: 'cart' });
      return app.objects();
    },
  },
  {
    input: 'an external workload that is meshed twice',
    code: Code.WORKLOAD_TWICE,
    value: 'Deployment cart',
    provoke: () => {
      const app = new MeshApp();
      const shared = { sharedIdentity: true, workload: Workload.external(EXTERNAL) };
      app.service('cart', shared);
      app.service('basket', { ...shared, workload: Workload.external(EXTERNAL) });
      return app.objects();
    },
  },
  {
    input: 'a cdk8s-plus Deployment in a chart without namespace',
    code: Code.WORKLOAD_NAMESPACE,
    value: "new Chart(app, id, { namespace: 'shop' })",
    provoke: () => {
      const app = new MeshApp();
      const bare = new Deployment(new Chart(app.app, 'bare'), 'Deployment', {
        podMetadata: { labels: { app: 'cart' } },
        containers: [{ image: 'cart:1', portNumber: 8080 }],
      });
      app.service('cart', { workload: Workload.of(bare) });
      return app.objects();
    },
  },
  {
    input: 'a workload in another namespace than its service',
    code: Code.WORKLOAD_NAMESPACE,
    value: 'bank',
    provoke: () => cartOn({ namespace: 'bank' }).objects(),
  },
  {
    input: 'a port that no container listens on',
    code: Code.PORT_NOT_LISTENING,
    value: '8080',
    provoke: () => cartOn({ ports: [9090] }).objects(),
  },
  {
    input: 'a workload that opts out of injection by label',
    code: Code.WORKLOAD_NOT_INJECTED,
    value: 'sidecar.istio.io/inject: "false"',
    provoke: () => cartOn({ labels: { app: 'cart', 'sidecar.istio.io/inject': 'false' } }).objects(),
  },
  ...(
    [
      [
        'excludes a port of its service from the proxy',
        { 'traffic.sidecar.istio.io/excludeInboundPorts': '9090, 8080' },
      ],
      ['excludes every port from the proxy', { 'traffic.sidecar.istio.io/excludeInboundPorts': '*' }],
    ] satisfies [string, Record<string, string>][]
  ).map(([what, annotations]) => ({
    input: `a workload that ${what}`,
    code: Code.WORKLOAD_NOT_INJECTED,
    value: '8080',
    provoke: () => cartOn({ annotations }).objects(),
  })),
  {
    input: 'a workload whose proxy takes other ports only',
    code: Code.WORKLOAD_NOT_INJECTED,
    value: 'traffic.sidecar.istio.io/includeInboundPorts: "9090"',
    provoke: () => cartOn({ annotations: { 'traffic.sidecar.istio.io/includeInboundPorts': '9090' } }).objects(),
  },
  {
    input: 'a workload that opts out of injection by annotation',
    code: Code.WORKLOAD_NOT_INJECTED,
    value: 'sidecar.istio.io/inject: "false"',
    provoke: () => cartOn({ annotations: { 'sidecar.istio.io/inject': 'false' } }).objects(),
  },
  {
    input: "a workload on its node's network",
    code: Code.WORKLOAD_NOT_INJECTED,
    value: 'hostNetwork: true',
    provoke: () => cartOn({ podSpec: { hostNetwork: true } }).objects(),
  },
  {
    input: 'a workload under service account default',
    code: Code.SERVICE_ACCOUNT_DEFAULT,
    value: 'default',
    provoke: () => cartOn({ serviceAccountName: 'default' }).objects(),
  },
  {
    input: 'a workload under another service account than its service',
    code: Code.SERVICE_ACCOUNT,
    value: 'robot',
    provoke: () => {
      const app = new MeshApp();
      const workload = Workload.of(deployment(app.chart, 'cart', { serviceAccountName: 'robot' }));
      app.service('cart', { workload, serviceAccount: 'cart' });
      return app.objects();
    },
  },
  {
    input: 'an annotation that contradicts the `proxy` of the service',
    code: Code.WORKLOAD_ANNOTATION,
    value: 'sidecar.istio.io/proxyCPU: 10m',
    provoke: () => {
      const app = new MeshApp();
      const workload = Workload.of(
        deployment(app.chart, 'cart', { annotations: { 'sidecar.istio.io/proxyCPU': '10m' } }),
      );
      app.service('cart', { workload, proxy: { cpuRequest: '200m' } });
      return app.objects();
    },
  },
  {
    input: 'an external workload that lacks annotations which its service asks for',
    code: Code.WORKLOAD_EXTERNAL,
    value: 'Deployment cart',
    provoke: () => {
      const app = new MeshApp();
      app.service('cart', { workload: Workload.external(EXTERNAL), proxy: { cpuRequest: '200m' } });
      return app.objects();
    },
  },
  ...[{}, { 'a b': 'x' }, { '/x': 'y' }].map((labels) => ({
    input: `the labels ${JSON.stringify(labels)} of an external workload`,
    code: Code.LABELS,
    value: Object.keys(labels)[0] ?? 'cart',
    provoke: () => Workload.external({ ...EXTERNAL, labels: untypedLabels(labels) }),
  })),
];

const EXTERNAL: ExternalWorkloadProps = {
  kind: 'Deployment',
  name: 'cart',
  labels: { app: 'cart' },
  serviceAccount: 'cart',
  containerPorts: [8080],
};

function untypedLabels(labels: object): Record<string, string> {
  return { ...labels };
}
