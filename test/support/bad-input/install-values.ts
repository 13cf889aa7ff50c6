import { App, Chart } from 'cdk8s';
import type { IstioInstallProps } from '../../../lib';
import {
  Delivery,
  IstioGatewayRole,
  IstioGatewayService,
  IstioInstall,
  IstioMesh,
  IstioRevisionTags,
  IstioUpgradeStage,
} from '../../../lib';
import { Code } from '../../../lib/errors';
import { NEW, OLD } from '../upgrading-shop';
import type { Provocation } from './provocation';
import { untyped } from './provocation';

const GATEWAY = { name: 'edge', namespace: 'edge', role: IstioGatewayRole.INGRESS };
const PROVIDER = { name: 'judge', service: 'judge', namespace: 'judges', port: 9000 };
const LONG = 'a'.repeat(50);

const refused = (input: string, value: string, props: object, code: Code = Code.INSTALL): Provocation => ({
  input,
  code,
  value,
  provoke: () =>
    new IstioInstall(new Chart(new App(), 'istio'), 'Istio', {
      version: '1.30.3',
      delivery: Delivery.argoCd(),
      ...untyped<Partial<IstioInstallProps>>(props),
    }),
});

const valued = (input: string, value: string, values: object, props: object = {}) =>
  refused(input, value, { values, ...props });

const upgrading = (upgrade: object) => ({
  ...OLD,
  tag: 'stable',
  upgrade: { ...NEW, stage: IstioUpgradeStage.BASE, ...upgrade },
});

/** Values that say something else than options, or what nobody else would know; and what only JavaScript can give. */
export const INSTALL_VALUES: readonly Provocation[] = [
  valued('a contradiction at the place that the chart reads last', 'values.istiod.autoscaleMin', {
    istiod: { autoscaleMin: 1 },
  }),
  valued('the old place of the CNI plugin that is not installed', 'values.istiod.cni.enabled', {
    istiod: { cni: { enabled: true } },
  }),
  valued(
    'a contradiction about a folder of nodes',
    'values.cni.cniBinDir',
    { cni: { cniBinDir: '/opt/other' } },
    { cni: { binFolder: '/opt/bin' } },
  ),
  valued('a revision past the option', 'values.istiod.revision', { istiod: { revision: '1-30-3' } }),
  valued('a revision past the option, as an old value', 'values.istiod.pilot.revision', {
    istiod: { pilot: { revision: '1-30-3' } },
  }),
  valued(
    'a tag that a release would own, too',
    'values.istiod.revisionTags',
    { istiod: { revisionTags: ['stable'] } },
    { revision: '1-30-3', tag: 'stable' },
  ),
  valued('another root namespace', 'values.istiod.meshConfig.rootNamespace', {
    istiod: { meshConfig: { rootNamespace: 'mesh' } },
  }),
  valued('aliases that grants would not know', 'values.istiod.meshConfig.trustDomainAliases', {
    istiod: { meshConfig: { trustDomainAliases: ['old.example'] } },
  }),
  valued(
    'labels of pods that win over tags',
    'values.istiod.sidecarInjectorWebhook.revisionLabelPreference',
    { istiod: { sidecarInjectorWebhook: { revisionLabelPreference: 'pod' } } },
    { revision: '1-30-3', tag: 'stable' },
  ),
  valued('another identity of gateways', 'values.gateway.serviceAccount.name', {
    gateway: { serviceAccount: { name: 'edge-account' } },
  }),
  valued('other labels of gateways', 'values.gateway.labels.istio', { gateway: { labels: { istio: 'edge' } } }),
  valued(
    'a second profile',
    'values.istiod.global.profile',
    { istiod: { global: { profile: 'demo' } } },
    { profile: 'stable' },
  ),
  refused('an access log that is off and on', 'values.istiod.meshConfig.accessLogFile', {
    meshConfig: { accessLog: false },
    values: { istiod: { meshConfig: { accessLogFile: '/dev/stdout' } } },
  }),
  refused('a version with a letter', 'v1.30.3', { version: 'v1.30.3' }, Code.MESH_OPTION),
  refused('a version before its release', '1.30.3-alpha.1', { version: '1.30.3-alpha.1' }, Code.MESH_OPTION),
  refused('a version with a zero in front', '1.030.3', { version: '1.030.3' }, Code.MESH_OPTION),
  refused('a version that is a number', '1.3', { version: 1.3 }, Code.TYPE),
  refused('a delivery that is a word', '"argoCd"', { delivery: 'argoCd' }, Code.TYPE),
  refused('a delivery that the library has not made', '{}', { delivery: {} }, Code.TYPE),
  refused('gateways that are a number', '1', { gateways: 1 }, Code.TYPE),
  {
    ...refused('names of Applications that Kubernetes refuses', 'West_istio-base', {}),
    code: Code.NAME,
    provoke: () =>
      new IstioInstall(new Chart(new App(), 'istio'), 'Istio', {
        version: '1.30.3',
        delivery: Delivery.argoCd({ applicationPrefix: 'West_' }),
      }),
  },
  refused('an empty revision', '', { revision: '' }, Code.NAME),
  refused('a revision in upper case', 'Blue', { revision: 'Blue' }, Code.NAME),
  refused('the revision of a control plane without one', 'default', { revision: 'default' }),
  refused('a revision that no release can have in its name', LONG, { revision: LONG }),
  { ...refused('an upgrade to a revision that is too long', LONG, upgrading({ revision: LONG })) },
  refused('a gateway whose name is too long', `${LONG}abcd`, { gateways: [{ ...GATEWAY, name: `${LONG}abcd` }] }),
  refused('a role that is none', 'both', { gateways: [{ ...GATEWAY, role: 'both' }] }),
  refused('a kind of Service that is none', 'Headless', { gateways: [{ ...GATEWAY, service: 'Headless' }] }),
  refused('addresses of clients behind a Service of the cluster', 'preserveClientAddress', {
    gateways: [{ ...GATEWAY, service: IstioGatewayService.CLUSTER_IP, preserveClientAddress: true }],
  }),
  refused('half a pod', '0.5', { controlPlane: { minReplicas: 0.5 } }, Code.RESILIENCE),
  refused('more pods than there may be', '3', { controlPlane: { minReplicas: 4, maxReplicas: 3 } }, Code.RESILIENCE),
  refused('no number of pods', 'NaN', { gateways: [{ ...GATEWAY, maxReplicas: NaN }] }, Code.RESILIENCE),
  refused('a quantity of istiod that is none', 'lots', { controlPlane: { cpuRequest: 'lots' } }, Code.QUANTITY),
  refused('images at an address', 'https://registry.example.com', { images: { hub: 'https://registry.example.com' } }),
  refused('images with a tag', 'registry.example.com/istio:1.30.3', {
    images: { hub: 'registry.example.com/istio:1.30.3' },
  }),
  refused(
    'a pull secret that is its content',
    '{"auths":{}}',
    { images: { hub: 'example.com', pullSecrets: ['{"auths":{}}'] } },
    Code.NAME,
  ),
  refused('a folder of nodes without a root', 'opt/cni/bin', { cni: { binFolder: 'opt/cni/bin' } }),
  refused(
    'a canary namespace that is none',
    'Shop',
    { ...OLD, tag: 'stable', canary: { tag: 'early', namespaces: ['Shop'] } },
    Code.NAME,
  ),
  refused('an outbound policy that is none', 'SOME', { meshConfig: { outboundPolicy: 'SOME' } }),
  refused('a kind of provider that is none', 'zipkin', {
    meshConfig: { providers: [{ ...PROVIDER, kind: 'zipkin' }] },
  }),
  refused('a protocol of authorizers that is none', 'soap', {
    meshConfig: { providers: [{ ...PROVIDER, kind: 'extAuthz', authorizerProtocol: 'soap' }] },
  }),
  refused(
    'a trust domain that is no name',
    'Prod Example',
    { meshConfig: { trustDomain: 'Prod Example' } },
    Code.MESH_OPTION,
  ),
  refused('values that are a text', '"a: b"', { values: { istiod: 'a: b' } }, Code.TYPE),
  refused(
    'an upgrade that sees other namespaces',
    'meshConfig.discoveryLabels',
    upgrading({ meshConfig: { discoveryLabels: { mesh: 'new' } } }),
    Code.UPGRADE,
  ),
  refused('one tag twice', 'stable', { ...OLD, tag: 'stable', furtherTags: ['stable'] }, Code.UPGRADE),
  {
    input: 'tags of what is no install',
    code: Code.TYPE,
    value: '{}',
    provoke: () => new IstioRevisionTags(new Chart(new App(), 'tags'), 'Tags', { install: untyped({}) }),
  },
  {
    input: 'a mesh of what is no install',
    code: Code.TYPE,
    value: '1',
    provoke: () => IstioMesh.fromInstall(untyped(1)),
  },
];
