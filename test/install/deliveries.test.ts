import { Chart } from 'cdk8s';
import { Delivery, IstioGatewayRole, IstioInstall, IstioProviderKind, MeshApp } from '../../lib';
import { synthesize } from '../../lib/testing';
import type { DeliveryName } from '../support/install/emitted';
import { FAKE_HELM, emitted } from '../support/install/emitted';
import { readValues } from '../support/install/read-values';

const GATEWAY = { namespace: 'edge', minReplicas: 3, serviceAnnotations: { 'example.com/scheme': 'internal' } };

const EVERYTHING = {
  revision: '1-30-3',
  profile: 'demo',
  clusterDomain: 'prod.local',
  cni: { binFolder: '/home/kubernetes/bin' },
  controlPlane: { cpuRequest: '750m', maxReplicas: 9 },
  images: { hub: 'registry.example.com/istio', pullSecrets: ['pull'] },
  meshConfig: {
    trustDomain: 'prod.example.com',
    trustDomainAliases: ['old.example.com'],
    dnsProxying: true,
    accessLog: true,
    discoveryLabels: { mesh: 'on' },
    providers: [
      { name: 'spans', kind: IstioProviderKind.TRACING, service: 'otel', namespace: 'observability', port: 4317 },
    ],
  },
  values: { istiod: { pilot: { env: { SHAPE: '${a} %{ if b } no 0x1F 1e3' } } } },
};
const GATEWAYS = [
  { ...GATEWAY, name: 'front', role: IstioGatewayRole.INGRESS, preserveClientAddress: true },
  { ...GATEWAY, name: 'back', role: IstioGatewayRole.EGRESS },
];

/** The Sail operator installs no gateways. */
function options(delivery: DeliveryName) {
  return delivery === 'sail' ? EVERYTHING : { ...EVERYTHING, gateways: GATEWAYS };
}

const { common, gateways } = readValues('argoCd', emitted('argoCd', options('argoCd')));
const OTHERS: readonly DeliveryName[] = ['flux', 'terraform', 'rendered', 'sail', 'istioctl'];

test('one set of options has values for every chart', () => {
  expect(common).toMatchObject({
    profile: 'demo',
    revision: '1-30-3',
    meshConfig: { trustDomain: 'prod.example.com' },
    cni: { cniBinDir: '/home/kubernetes/bin' },
    pilot: { env: { SHAPE: '${a} %{ if b } no 0x1F 1e3' } },
  });
  expect(Object.keys(gateways).sort()).toEqual(['back', 'front']);
});

test.each(OTHERS)('by %s, charts get the same values', (delivery) => {
  const read = readValues(delivery, emitted(delivery, options(delivery)));
  expect(read).toEqual({ common, gateways: delivery === 'sail' ? {} : gateways });
});

test.each(OTHERS)('by %s, every value that were another one would be seen', (delivery) => {
  const text = emitted(delivery, options(delivery));
  const inGateways = delivery === 'sail' ? [] : ['internal'];
  for (const value of ['registry.example.com/istio', 'prod.example.com', '750m', '1-30-3', ...inGateways]) {
    expect(text).toContain(value);
    const changed = readValues(delivery, text.replaceAll(value, 'other'));
    expect(changed).not.toEqual({ common, gateways: delivery === 'sail' ? {} : gateways });
  }
});

test('what belongs to the cluster has no namespace, also in a chart that has one', () => {
  const kinds = ['Istio', 'IstioCNI', 'Namespace', 'CustomResourceDefinition'];
  for (const delivery of [Delivery.sail(), Delivery.rendered({ helm: FAKE_HELM, kubernetesVersion: '1.33' })]) {
    const app = new MeshApp();
    new IstioInstall(new Chart(app, 'istio', { namespace: 'shop' }), 'Istio', {
      version: '1.30.3',
      delivery,
      cni: {},
    });
    const objects = synthesize(app).filter(({ kind }) => kinds.includes(kind));
    expect(objects.length).toBeGreaterThan(2);
    expect(objects.filter(({ metadata }) => metadata?.namespace !== undefined)).toEqual([]);
  }
});
