import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chart, Include } from 'cdk8s';
import type { GatewayApiCrdsProps, IstioInstallProps } from '../../lib';
import {
  Delivery,
  GatewayApiChannel,
  GatewayApiCrds,
  IngressApi,
  IngressHost,
  IngressRoute,
  IngressTls,
  IstioInstall,
  IstioMesh,
  IstioRevisionTags,
  IstioUpgradeStage,
  Mesh,
  MeshApp,
  MeshedService,
  Port,
  Workload,
  ZeroTrustNamespace,
} from '../../lib';
import { MeshError } from '../../lib/errors';
import { TerraformDelivery } from '../../lib/terraform';
import type { KubeObject } from '../../lib/testing';
import { findObject, schemaProblems, synthesize } from '../../lib/testing';
import { FAKE_HELM, terraformStack } from '../support/install/emitted';
import { deployment, printed } from '../support/mesh-app';

function crds(props: Partial<GatewayApiCrdsProps>, app = new MeshApp()): GatewayApiCrds {
  return new GatewayApiCrds(new Chart(app, 'gateway-api'), 'Crds', {
    version: '1.5.1',
    delivery: Delivery.argoCd(),
    ...props,
  });
}

function objects(props: Partial<GatewayApiCrdsProps>): readonly KubeObject[] {
  const app = new MeshApp();
  crds(props, app);
  return synthesize(app);
}

test('Argo CD reads them from their repository, at the tag of the release, before all charts', () => {
  const made = objects({ delivery: Delivery.argoCd({ project: 'platform', clusterName: 'west', automated: true }) });
  expect(made).toEqual([
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: {
        name: 'gateway-api',
        namespace: 'argocd',
        annotations: { 'argocd.argoproj.io/sync-wave': '-1' },
      },
      spec: {
        project: 'platform',
        destination: { name: 'west' },
        source: {
          repoURL: 'https://github.com/kubernetes-sigs/gateway-api',
          path: 'config/crd',
          targetRevision: 'v1.5.1',
        },
        syncPolicy: {
          automated: { prune: false, selfHeal: true },
          syncOptions: ['Prune=false', 'ServerSideApply=true'],
        },
      },
    },
  ]);
  expect(schemaProblems(made)).toEqual([]);
});

test('Flux reads nothing else of the repository, and never deletes them', () => {
  const made = objects({ delivery: Delivery.flux({ namespace: 'flux', interval: '10m', timeout: '2m' }) });
  expect(findObject(made, 'GitRepository', 'gateway-api', 'flux').spec).toEqual({
    url: 'https://github.com/kubernetes-sigs/gateway-api',
    ref: { tag: 'v1.5.1' },
    interval: '10m',
    ignore: '/*\n!/config/crd\n',
  });
  expect(findObject(made, 'Kustomization', 'gateway-api', 'flux').spec).toEqual({
    sourceRef: { kind: 'GitRepository', name: 'gateway-api' },
    path: './config/crd',
    interval: '10m',
    timeout: '2m',
    prune: false,
    wait: true,
  });
  expect(schemaProblems(made)).toEqual([]);
});

test('the experimental channel and a copy of the repository are elsewhere', () => {
  const props = { channel: GatewayApiChannel.EXPERIMENTAL, repository: 'https://git.example.com/gateway-api' };
  expect(objects(props)).toMatchObject([
    { spec: { source: { path: 'config/crd/experimental', repoURL: 'https://git.example.com/gateway-api' } } },
  ]);
  const flux = objects({ ...props, delivery: Delivery.flux(), repositorySecret: 'git' });
  expect(schemaProblems(flux)).toEqual([]);
  expect(flux).toMatchObject([
    { spec: { url: 'https://git.example.com/gateway-api', ignore: '/*\n!/config/crd\n', secretRef: { name: 'git' } } },
    { spec: { path: './config/crd/experimental' } },
  ]);
});

/** A release of Gateway API as it is downloaded, in short. */
function release(version: string, channel: string): string {
  const annotations = `{ gateway.networking.k8s.io/bundle-version: ${version}, gateway.networking.k8s.io/channel: ${channel} }`;
  return `# Copyright
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  name: safe-upgrades.gateway.networking.k8s.io
  annotations: { gateway.networking.k8s.io/bundle-version: v1.5.0-dev }
spec: { failurePolicy: Fail }
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: httproutes.gateway.networking.k8s.io
  annotations: ${annotations}
spec: { group: gateway.networking.k8s.io, names: { kind: HTTPRoute }, scope: Namespaced }
status: { conditions: null }
`;
}

describe('from a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-api-'));
  const file = join(folder, 'standard-install.yaml');
  const delivery = Delivery.rendered({ helm: FAKE_HELM, kubernetesVersion: '1.33' });
  beforeEach(() => writeFileSync(file, release('v1.5.1', 'standard')));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('they are among the manifests, definitions first', () => {
    const app = new MeshApp();
    new GatewayApiCrds(new Chart(app, 'gateway-api', { namespace: 'shop' }), 'Crds', {
      version: '1.5.1',
      delivery,
      file,
    });
    const made = synthesize(app);
    expect(made.map(({ kind }) => kind)).toEqual(['CustomResourceDefinition', 'ValidatingAdmissionPolicy']);
    expect(made[0]?.metadata).toMatchObject({ name: 'httproutes.gateway.networking.k8s.io' });
    for (const { metadata } of made) expect(metadata).not.toHaveProperty('namespace');
    expect(made[0]).not.toHaveProperty('status');
  });

  test.each([
    ['without one', { file: undefined }, '`Delivery.rendered` reads the kinds of Gateway API from a `file`'],
    ['that is not there', { file: join(folder, 'none.yaml') }, 'none.yaml'],
    ['of another release', { version: '1.4.1' }, 'is of Gateway API `v1.5.1`'],
    ['of another channel', { channel: GatewayApiChannel.EXPERIMENTAL }, 'channel `standard`'],
  ])('%s, the error says what to download', (_, props, message) => {
    const attempt = () => crds({ delivery, file, ...props });
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(/^MESH-API-180: .*-install\.yaml` of https:\/\/github\.com\/.*`file`/);
  });

  test.each([
    ['nothing', ''],
    ['no definition', 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n'],
    ['no YAML', 'kind: [\n'],
  ])('with %s in it, it is refused', (_, text) => {
    writeFileSync(file, text);
    expect(() => crds({ delivery, file })).toThrow(/^MESH-API-180: /);
  });
});

test.each([
  ['Sail', () => Delivery.sail()],
  ['istioctl', () => Delivery.istioctl()],
  ['Terraform', () => TerraformDelivery.helm(terraformStack())],
])('what installs charts only says who else may deliver them: %s', (_, delivery) => {
  expect(() => crds({ delivery: delivery() })).toThrow(
    /^MESH-API-165: .*`gateway-api\/Crds`.*`kubectl apply --server-side -f https:\/\/github\.com\/kubernetes-sigs\/gateway-api\/releases\/download\/v1\.5\.1\/standard-install\.yaml`, and say `hasGatewayApi: true`/,
  );
});

test.each([
  ['v1.5.1', { version: 'v1.5.1' }],
  ['0.8.0', { version: '0.8.0' }],
  ['beta', { channel: 'beta' as GatewayApiChannel }],
  ['./gateway-api', { repository: './gateway-api' }],
])('`%s` is refused', (value, props) => {
  const attempt = () => crds(props);
  expect(attempt).toThrow(MeshError);
  expect(attempt).toThrow(`\`${value}\``);
});

describe('an install warns', () => {
  const install = (app: MeshApp, props: Partial<IstioInstallProps> = {}) =>
    new IstioInstall(new Chart(app, 'istio'), 'Istio', { version: '1.30.3', delivery: Delivery.argoCd(), ...props });

  /** A host at a gateway of Gateway API, on an Istio that the same app installs. */
  function openedHost(props: Partial<IstioInstallProps> = {}): MeshApp {
    const app = new MeshApp();
    const { meshProps } = install(app, props);
    Mesh.use(app, new IstioMesh({ ...meshProps, ingressApi: IngressApi.STANDARD }));
    const chart = new Chart(app, 'shop', { namespace: 'shop' });
    const service = new MeshedService(chart, 'Users', {
      name: 'users',
      namespace: new ZeroTrustNamespace(chart, 'Namespace', { name: 'shop' }),
      workload: Workload.of(deployment(chart, 'users')),
      ports: [Port.http(80, { containerPort: 8080 })],
    });
    new IngressRoute(chart, 'Ingress', {
      service,
      at: new IngressHost(new Chart(app, 'edge', { namespace: 'edge' }), 'Host', {
        name: 'shop',
        namespace: 'edge',
        hosts: ['shop.example.com'],
        tls: IngressTls.credential('shop'),
      }),
    });
    return app;
  }

  const warnings = (app: MeshApp) => printed(() => synthesize(app));

  test('where a host is opened by Gateway API and nothing delivers its kinds, once', () => {
    const app = openedHost();
    expect(warnings(app)).toMatch(
      /^warning: MESH-API-181: HTTPRoute `users-ingress` .*fix: add `GatewayApiCrds`, or say `hasGatewayApi: true`/m,
    );
    expect(warnings(app)).not.toContain('MESH-API-181');
  });

  test('where its profile opens waypoints', () => {
    const app = new MeshApp();
    install(app, { profile: 'ambient' });
    expect(warnings(app)).toMatch(/^warning: MESH-API-181: waypoints of profile `ambient` \(`istio\/Istio`\)/);
  });

  test('not where nothing needs them', () => {
    const app = new MeshApp();
    install(app);
    expect(warnings(app)).toBe('');
  });

  test('not where the cluster has them', () => {
    expect(warnings(openedHost({ hasGatewayApi: true }))).not.toContain('MESH-API-18');
  });

  test('not where they are delivered', () => {
    const app = openedHost();
    crds({}, app);
    expect(warnings(app)).not.toContain('MESH-API-18');
  });

  test('not where the app has the definitions themselves', () => {
    const app = openedHost();
    const folder = mkdtempSync(join(tmpdir(), 'gateway-api-'));
    try {
      writeFileSync(join(folder, 'crds.yaml'), release('v1.5.1', 'standard'));
      new Include(new Chart(app, 'crds'), 'Crds', { url: join(folder, 'crds.yaml') });
    } finally {
      rmSync(folder, { recursive: true });
    }
    expect(warnings(app)).not.toContain('MESH-API-18');
  });

  test('where Istio passes over what an old release of them serves', () => {
    const app = new MeshApp();
    install(app);
    crds({ version: '1.4.1' }, app);
    expect(warnings(app)).toMatch(/^warning: MESH-API-182: Istio `1\.30\.3` .*`1\.4\.1` \(`gateway-api\/Crds`\)/);
  });

  test('of that before the new Istio comes', () => {
    const app = new MeshApp();
    const made = install(app, {
      version: '1.29.4',
      revision: '1-29-4',
      tag: 'stable',
      upgrade: { version: '1.30.3', revision: '1-30-3', stage: IstioUpgradeStage.BASE },
    });
    new IstioRevisionTags(new Chart(app, 'tags'), 'Tags', { install: made });
    Mesh.use(app, IstioMesh.fromInstall(made));
    crds({ version: '1.4.1' }, app);
    expect(warnings(app)).toContain('MESH-API-182: Istio `1.30.3`');
  });

  test.each([
    ['1.29.4', '1.4.1'],
    ['1.30.3', '1.5.0'],
    ['1.30.3', '1.10.0'],
  ])('not of Istio %s with %s', (version, of) => {
    const app = new MeshApp();
    install(app, { version });
    crds({ version: of }, app);
    expect(warnings(app)).toBe('');
  });
});
