import type { App } from 'cdk8s';
import { Chart, Testing } from 'cdk8s';
import { join } from 'node:path';
import type { IstioInstallProps, RenderedOptions } from '../../lib';
import { Delivery, IstioGatewayRole, IstioInstall, MeshApp } from '../../lib';
import type { KubeObject } from '../../lib/testing';
import { synthesize } from '../../lib/testing';
import { OLD_HELM } from '../support/install/emitted';

const HELM = join(__dirname, 'fake-helm.js');
const CHARTS = join(__dirname, 'charts');
const GATEWAY = { name: 'edge', namespace: 'edge', role: IstioGatewayRole.INGRESS };

function install(app: App, options: Partial<RenderedOptions> = {}, props: Partial<IstioInstallProps> = {}): App {
  new IstioInstall(new Chart(app, 'istio'), 'Istio', {
    version: '1.30.3',
    delivery: Delivery.rendered({ helm: HELM, kubernetesVersion: '1.33', ...options }),
    ...props,
  });
  return app;
}

/** What helm was called with for a release. */
function shown(objects: readonly KubeObject[], release: string): { readonly args: string[]; readonly values: string } {
  const found = objects.find(({ metadata }) => metadata?.name === `${release}-shown`) as { data?: { text?: string } };
  return JSON.parse(found.data?.text ?? '{}') as { args: string[]; values: string };
}

test('charts of a repository are rendered at the version of the install, for the cluster that is named', () => {
  const objects = synthesize(install(new MeshApp(), { apiVersions: ['example.com/v1/Widget'] }));
  expect(shown(objects, 'istiod').args).toEqual([
    ...['template', 'istiod', 'istiod', '--repo', 'https://istio-release.storage.googleapis.com/charts'],
    ...['--version', '1.30.3', '--namespace', 'istio-system', '--include-crds', '--skip-tests'],
    ...['--kube-version', '1.33', '--api-versions', 'example.com/v1/Widget', '--values'],
  ]);
});

test('charts of an OCI registry are named by their address', () => {
  const chartRepository = 'oci://registry.example.com/charts';
  const objects = synthesize(install(new MeshApp(), {}, { chartRepository }));
  expect(shown(objects, 'istiod').args).toEqual(
    expect.arrayContaining(['oci://registry.example.com/charts/istiod', '--version']),
  );
});

test('charts on disk are rendered from there', () => {
  const { args } = shown(synthesize(install(new MeshApp(), { chartFolder: CHARTS })), 'istiod');
  expect(args[2]).toBe(join(CHARTS, 'istiod'));
  expect(args).not.toContain('--repo');
});

test('what names no namespace is put into that of its release, unless its kind has none', () => {
  const objects = synthesize(install(new MeshApp(), {}, { gateways: [GATEWAY] }));
  const namespaces = objects.map(({ kind, metadata }) => [`${kind} ${metadata?.name}`, metadata?.namespace]);
  expect(Object.fromEntries(namespaces)).toMatchObject({
    'ConfigMap istiod-shown': 'istio-system',
    'ConfigMap edge-shown': 'edge',
    'Namespace edge': undefined,
    'CustomResourceDefinition widgets.edge.example.com': undefined,
    'Widget edge': undefined,
  });
});

test('namespaces and definitions of kinds come first, in a plain App, too', () => {
  const kinds = Testing.synth(install(Testing.app(), {}, { gateways: [GATEWAY] }).node.findChild('istio') as Chart).map(
    ({ kind }: KubeObject) => kind,
  );
  expect(kinds.slice(0, 4)).toEqual(['Namespace', 'Namespace', 'CustomResourceDefinition', 'ConfigMap']);
});

test('namespaces that others make are left to them', () => {
  const objects = synthesize(install(new MeshApp(), { createNamespaces: false }));
  expect(objects.map(({ kind }) => kind)).not.toContain('Namespace');
});

test('what needs other releases comes in a later wave of Argo CD', () => {
  const app = install(new MeshApp({ argoCdSyncWaves: true }));
  const [first = '', second = ''] = ['istio-base-shown', 'istiod-shown'].map((name) =>
    app
      .synthYaml()
      .split('---\n')
      .find((text) => text.includes(`name: ${name}\n`)),
  );
  const wave = (text: string) => Number(/sync-wave: '(\d+)'/.exec(text)?.[1] ?? 0);
  expect(wave(second)).toBeGreaterThan(wave(first));
});

test('more than ten megabytes are rendered, and the same again', () => {
  const render = (): string => install(new MeshApp(), { apiVersions: ['fake/big'] }).synthYaml();
  const text = render();
  expect(text.length).toBeGreaterThan(20 * 1024 * 1024);
  expect(render() === text).toBe(true);
});

test('without helm everything else works, and it says what to install', () => {
  const other = Delivery.rendered({ helm: '/nowhere/helm', kubernetesVersion: '1.33' });
  expect(() => install(new MeshApp(), {}, { delivery: other })).toThrow(
    /`\/nowhere\/helm`.*install Helm 3\.8 or later/,
  );
  expect(() => synthesize(install(new MeshApp(), {}, { delivery: Delivery.flux() }))).not.toThrow();
});

test('a helm that fails and is too old is called so', () => {
  expect(() => install(new MeshApp(), { helm: OLD_HELM })).toThrow(
    /old-helm\.js`.* is Helm `3\.7\.2`, which is too old/,
  );
});

test('what helm says is passed on', () => {
  expect(() => install(new MeshApp(), { apiVersions: ['fake/fail'] })).toThrow(
    /helm did not render `istio-base`: template: istiod\/templates\/a\.yaml:1: no such thing as `this`; fix: .*`helm template/,
  );
});
