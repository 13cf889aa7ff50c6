import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { IstioInstallProps } from '../../lib';
import { IstioUpgradeStage } from '../../lib';
import type { KubeObject } from '../../lib/testing';
import { untyped } from '../support/bad-input/provocation';
import { NEW, UpgradingShop } from '../support/upgrading-shop';

const FOLDER = mkdtempSync(join(tmpdir(), 'upgrade-checks-'));
const PROGRAM = join(FOLDER, 'kubectl');
copyFileSync(join(__dirname, '../support/fake-kubectl.js'), PROGRAM);
chmodSync(PROGRAM, 0o755);

afterAll(() => rmSync(FOLDER, { recursive: true }));

const { BASE, CNI, CONTROL_PLANE, CANARY, TAGS, GATEWAYS, WORKLOADS, DEFAULT_REVISION, OLD_REMOVED } =
  IstioUpgradeStage;

interface Pod {
  readonly name?: string;
  readonly revision?: string;
  readonly phase?: string;
  readonly labels?: object;
  readonly annotations?: object;
  readonly hostNetwork?: boolean;
}

function pod(namespace: string, options: Pod = {}): KubeObject {
  const { name = 'cart-1', revision, phase = 'Running', labels = {}, annotations, hostNetwork } = options;
  const status = JSON.stringify({ initContainers: ['istio-validation'], containers: ['istio-proxy'], revision });
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      labels: { ...labels },
      annotations: { ...annotations, ...(revision === undefined ? {} : { 'sidecar.istio.io/status': status }) },
    },
    spec: { ...(hostNetwork === undefined ? {} : { hostNetwork }) },
    status: { phase },
  };
}

function deployment(name: string, replicas: number, status: object): KubeObject {
  const metadata: object = { name, namespace: 'istio-system', generation: 2 };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { replicas }, status };
}

function plugin(version: string, ready: number, updated = 3): KubeObject {
  const containers = [{ image: `registry.example.com:5000/istio/install-cni:${version}` }];
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: untyped({ name: 'istio-cni-node', namespace: 'istio-system', generation: 4 }),
    spec: { template: { spec: { containers } } },
    status: { desiredNumberScheduled: 3, updatedNumberScheduled: updated, numberReady: ready, observedGeneration: 4 },
  };
}

function crd(name: string, established: string): KubeObject {
  const status = {
    conditions: [
      { type: 'NamesAccepted', status: 'True' },
      { type: 'Established', status: established },
    ],
  };
  return { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name }, status };
}

function tag(name: string, revision: string, caBundle?: string): KubeObject {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: `istio-revision-tag-${name}`, labels: { 'istio.io/tag': name, 'istio.io/rev': revision } },
    webhooks: [
      { clientConfig: { service: { name: `istiod-${revision}` }, ...(caBundle === undefined ? {} : { caBundle }) } },
    ],
  };
}

function tagService(name: string, revision: string): KubeObject {
  const labels = { 'istio.io/tag': name, 'istio.io/rev': revision };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: `istiod-revision-tag-${name}`, namespace: 'istio-system', labels },
  };
}

function validator(service: string): KubeObject {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'istiod-default-validator' },
    webhooks: [{ clientConfig: { service: { name: service } } }],
  };
}

function namespace(name: string, revision: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { 'istio.io/rev': revision } } };
}

/** The cluster in which everything at a stage is as it should be. */
const FINE: Readonly<Record<IstioUpgradeStage, readonly KubeObject[]>> = {
  [BASE]: [crd('gateways.networking.istio.io', 'True'), crd('widgets.example.com', 'False')],
  [CNI]: [plugin('1.30.3-distroless', 3)],
  [CONTROL_PLANE]: [
    deployment('istiod-1-30-3', 2, { availableReplicas: 2, observedGeneration: 2 }),
    pod('shop', { revision: '1-29-4' }),
  ],
  [CANARY]: [
    pod('shop-early', { revision: '1-30-3' }),
    pod('shop-early', { name: 'done', revision: '1-29-4', phase: 'Succeeded' }),
    pod('shop-early', { name: 'out', labels: { 'sidecar.istio.io/inject': 'false' } }),
    pod('shop-early', { name: 'out-too', annotations: { 'sidecar.istio.io/inject': 'false' } }),
    pod('shop-early', { name: 'node', hostNetwork: true }),
    pod('shop', { revision: '1-29-4' }),
  ],
  [TAGS]: [tag('stable', '1-30-3', 'Y2E='), tag('early', '1-30-3', 'Y2E='), tag('others', '1-28-0')],
  [GATEWAYS]: [pod('istio-ingress', { revision: '1-30-3' }), pod('istio-ingress', { name: 'dns' })],
  [WORKLOADS]: [
    namespace('shop', 'stable'),
    namespace('kube-system', 'nobody'),
    pod('shop', { revision: '1-30-3' }),
    pod('kube-system'),
  ],
  [DEFAULT_REVISION]: [
    validator('istiod-1-30-3'),
    namespace('shop', 'stable'),
    tag('stable', '1-30-3', 'Y2E='),
    pod('shop', { revision: '1-30-3' }),
  ],
  [OLD_REMOVED]: [deployment('istiod-1-30-3', 2, {})],
};

/** What must not be, and what the commands say of it. */
const WRONG: readonly (readonly [IstioUpgradeStage, string, readonly KubeObject[], string])[] = [
  [BASE, 'a CRD is not served', [crd('sidecars.networking.istio.io', 'False')], 'sidecars.networking.istio.io'],
  [CNI, 'the plugin is of the old version', [plugin('1.29.4', 3)], 'istio-cni-node'],
  [CNI, 'a plugin is not ready', [plugin('1.30.3', 2)], 'istio-cni-node'],
  [CNI, 'a node still has the old plugin', [plugin('1.30.3', 3, 2)], 'istio-cni-node'],
  [CNI, 'the plugin is of a version that only begins alike', [plugin('1.30.31', 3)], 'istio-cni-node'],
  [
    CONTROL_PLANE,
    'a pod of istiod is missing',
    [deployment('istiod-1-30-3', 2, { availableReplicas: 1, observedGeneration: 2 })],
    'istiod-1-30-3',
  ],
  [CONTROL_PLANE, 'nobody has looked at the Deployment', [deployment('istiod-1-30-3', 1, {})], 'istiod-1-30-3'],
  [CONTROL_PLANE, 'a pod kept a new proxy on the way back', [pod('shop', { revision: '1-30-3' })], 'cart-1'],
  [CANARY, 'a canary has its old proxy', [pod('shop-early', { revision: '1-29-4' })], 'cart-1'],
  [CANARY, 'a canary has no proxy', [pod('shop-early')], 'cart-1'],
  [CANARY, 'a pod of others kept a new proxy on the way back', [pod('shop', { revision: '1-30-3' })], 'shop '],
  [TAGS, 'a tag points to the old revision', [tag('stable', '1-29-4', 'Y2E=')], 'istio-revision-tag-stable'],
  [TAGS, 'a tag has no certificate', [tag('early', '1-30-3')], 'istio-revision-tag-early'],
  [TAGS, 'a Service of istioctl says otherwise', [tagService('stable', '1-29-4')], 'istiod-revision-tag-stable'],
  [GATEWAYS, 'a gateway has its old proxy', [pod('istio-ingress', { revision: '1-29-4' })], 'cart-1'],
  [WORKLOADS, 'a pod somewhere has its old proxy', [pod('elsewhere', { revision: '1-29-4' })], 'elsewhere'],
  [WORKLOADS, 'a pod that should have a proxy has none', [pod('shop', { name: 'bare' })], 'bare'],
  [DEFAULT_REVISION, 'the validator asks the old control plane', [validator('istiod-1-29-4')], 'istiod-1-29-4'],
  [DEFAULT_REVISION, 'a pod came back with its old proxy', [pod('shop', { revision: '1-29-4' })], 'cart-1'],
  [DEFAULT_REVISION, 'a namespace follows the old revision', [namespace('batch', '1-29-4')], 'namespace/batch'],
  [DEFAULT_REVISION, 'a tag of others points to the old revision', [tag('prod', '1-29-4')], 'istio-revision-tag-prod'],
  [DEFAULT_REVISION, 'a Service of istioctl points to it', [tagService('prod', '1-29-4')], 'istiod-revision-tag-prod'],
  [OLD_REMOVED, 'the old control plane is still there', [deployment('istiod-1-29-4', 2, {})], 'istiod-1-29-4'],
];

function checks(stage: IstioUpgradeStage, props: Partial<IstioInstallProps> = {}): readonly string[] {
  const { install } = new UpgradingShop({ props: { upgrade: { ...NEW, stage }, ...props } });
  return install.nextChecks().flatMap(({ command }) => (command === undefined ? [] : [command]));
}

/** What the first command that prints something prints, to both outputs, in a shell. */
function run(commands: readonly string[], cluster: readonly KubeObject[]): string {
  const file = join(FOLDER, 'cluster.json');
  writeFileSync(file, JSON.stringify(cluster));
  const env = { ...process.env, CLUSTER: file, PATH: `${FOLDER}${delimiter}${process.env['PATH'] ?? ''}` };
  for (const command of commands) {
    const { stdout, stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8', env });
    if (stdout !== '' || stderr !== '') return `${stdout}${stderr}`;
  }
  return '';
}

/** The same cluster, with objects in the place of those of the same name. */
function replaced(cluster: readonly KubeObject[], others: readonly KubeObject[]): readonly KubeObject[] {
  const key = ({ kind, metadata }: KubeObject) => `${kind}/${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`;
  return [...cluster.filter((object) => !others.some((other) => key(other) === key(object))), ...others];
}

test.each(Object.values(IstioUpgradeStage))('at %s the commands print nothing where everything is fine', (stage) => {
  const commands = checks(stage);
  expect(commands.length).toBeGreaterThan(0);
  expect(run(commands, FINE[stage])).toBe('');
});

test.each(WRONG)('at %s something is printed when %s', (stage, _, wrong, said) => {
  expect(run(checks(stage), replaced(FINE[stage], wrong))).toContain(said);
});

test('what is not there at all is an error of kubectl, and no silence', () => {
  for (const stage of [CNI, CONTROL_PLANE, TAGS, DEFAULT_REVISION]) {
    expect(run(checks(stage), [])).toContain('NotFound');
  }
});

test('what has no revision is left behind as what has one', () => {
  const { metadata } = namespace('old', 'stable');
  const old = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { ...metadata, labels: { 'istio-injection': 'enabled' } },
  };
  const from = (stage: IstioUpgradeStage) => checks(stage, { revision: undefined });
  expect(run(from(DEFAULT_REVISION), FINE[DEFAULT_REVISION])).toBe('');
  expect(run(from(DEFAULT_REVISION), replaced(FINE[DEFAULT_REVISION], [old]))).toContain('namespace/old');
  expect(run(from(WORKLOADS), [pod('shop', { revision: 'default' })])).toContain('cart-1');
  expect(run(from(OLD_REMOVED), [deployment('istiod', 2, {})])).toContain('istiod');
});

test('tags in a namespace of another name, and further ones, are looked at', () => {
  const props = { namespace: 'mesh', furtherTags: ['prod'] };
  const at = (revision: string) =>
    ['stable', 'early', 'prod'].map((name) => {
      const made = tag(name, revision, 'Y2E=');
      return { ...made, metadata: { ...made.metadata, name: `istio-revision-tag-${name}-mesh` } };
    });
  expect(run(checks(TAGS, props), at('1-30-3'))).toBe('');
  expect(run(checks(TAGS, props), at('1-29-4'))).toContain('istio-revision-tag-prod-mesh');
});
