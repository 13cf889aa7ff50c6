import { Chart } from 'cdk8s';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { IstioInstallProps, IstioctlOptions } from '../../lib';
import { Delivery, IstioGatewayRole, IstioInstall, MeshApp } from '../../lib';
import { synthesize } from '../../lib/testing';

const FRONT = { name: 'front', namespace: 'edge', role: IstioGatewayRole.INGRESS };
const BACK = { name: 'istio-egressgateway', namespace: 'edge', role: IstioGatewayRole.EGRESS };

let outdir: string;
beforeEach(() => (outdir = mkdtempSync(join(tmpdir(), 'istioctl-'))));
afterEach(() => rmSync(outdir, { recursive: true }));

function install(app: MeshApp, props: Partial<IstioInstallProps> = {}, options: IstioctlOptions = {}): IstioInstall {
  const delivery = Delivery.istioctl(options);
  return new IstioInstall(new Chart(app, 'istio'), 'Istio', { version: '1.30.3', delivery, ...props });
}

function files(): readonly string[] {
  return readdirSync(outdir).filter((name) => !name.startsWith('.'));
}

interface Operator {
  readonly spec: {
    readonly profile: string;
    readonly values: object;
    readonly components: Record<'ingressGateways' | 'egressGateways', readonly Record<string, unknown>[]>;
  };
}

function operator(props: Partial<IstioInstallProps>): Operator {
  const app = new MeshApp({ outdir });
  install(app, props);
  app.synth();
  const [file = ''] = files().filter((name) => name.endsWith('.istioctl'));
  return parse(readFileSync(join(outdir, file), 'utf8')) as Operator;
}

test('the input is a file that nothing takes for a manifest', () => {
  const app = new MeshApp({ outdir, kustomization: true });
  install(app);
  expect(synthesize(app)).toEqual([]);
  app.synth();
  expect(files().filter((name) => /\.(ya?ml|json)$/.test(name))).toEqual(['kustomization.yaml']);
  expect(files()).toContain('istio.istioctl');
  expect(readFileSync(join(outdir, 'kustomization.yaml'), 'utf8')).not.toContain('istioctl');
});

test('it is named by the cluster and the revision, and says which istioctl reads it', () => {
  const app = new MeshApp({ outdir });
  install(app, { revision: '1-30-3' }, { clusterName: 'west' });
  app.synth();
  const text = readFileSync(join(outdir, 'west-istio-1-30-3.istioctl'), 'utf8');
  expect(text).toContain('# istioctl install -f west-istio-1-30-3.istioctl\n');
  expect(text).toContain('istioctl 1.30.3');
});

test('it is gone with its install', () => {
  install(new MeshApp({ outdir }));
  operator({});
  new MeshApp({ outdir }).synth();
  expect(files()).toEqual([]);
});

test('without a profile there are no gateways but those of the install', () => {
  const { profile, components } = operator({ gateways: [FRONT] }).spec;
  expect(profile).toBe('minimal');
  expect(components.ingressGateways.map(({ name }) => name)).toEqual(['front']);
  expect(components.egressGateways).toEqual([]);
});

test('gateways that a profile brings with it are left out, unless the install has one of that name', () => {
  const { components } = operator({ profile: 'demo', gateways: [FRONT, BACK] }).spec;
  expect(components.ingressGateways.map(({ name, enabled }) => [name, enabled])).toEqual([
    ['istio-ingressgateway', false],
    ['front', true],
  ]);
  expect(components.egressGateways.map(({ name, enabled }) => [name, enabled])).toEqual([
    ['istio-egressgateway', true],
  ]);
});

test.each([
  ['platform-gke', { global: { platform: 'gke' } }],
  ['compatibility-version-1.29', { compatibilityVersion: '1.29' }],
])('the profile %s, which is one of charts, becomes values', (profile, values) => {
  expect(operator({ profile }).spec).toMatchObject({ profile: 'minimal', values });
});

test('the rest of the app knows the identities that istioctl gives', () => {
  const { meshProps } = install(new MeshApp({ outdir }), { gateways: [FRONT] });
  expect(meshProps.ingressGateway).toMatchObject({
    serviceAccount: 'front-service-account',
    podLabels: { app: 'front', istio: 'front' },
  });
  expect(operator({ gateways: [FRONT] }).spec.components.ingressGateways[0]).toMatchObject({
    label: { app: 'front', istio: 'front' },
  });
});

test('installs for two clusters stand beside each other', () => {
  const app = new MeshApp({ outdir });
  for (const clusterName of ['east', 'west']) {
    const delivery = Delivery.istioctl({ clusterName });
    new IstioInstall(new Chart(app, clusterName), 'Istio', { version: '1.30.3', delivery });
  }
  app.synth();
  expect(files()).toEqual(['east-istio.istioctl', 'west-istio.istioctl']);
});
