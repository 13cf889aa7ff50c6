import { Chart } from 'cdk8s';
import type { IstioInstallProps, SailOptions } from '../../lib';
import { Delivery, IstioInstall, IstioRevisionTags, IstioUpgradeStage, Mesh, IstioMesh, MeshApp } from '../../lib';
import { synthesize } from '../../lib/testing';

function objects(props: Partial<IstioInstallProps> = {}, options: SailOptions = {}) {
  const app = new MeshApp();
  const delivery = Delivery.sail(options);
  new IstioInstall(new Chart(app, 'istio'), 'Istio', { version: '1.30.3', delivery, ...props });
  return synthesize(app);
}

test('the operator gets an Istio in the namespace of istiod, at the version as it writes them', () => {
  expect(objects({ namespace: 'mesh' })).toEqual([
    expect.objectContaining({ kind: 'Namespace', metadata: { name: 'mesh' } }),
    expect.objectContaining({
      apiVersion: 'sailoperator.io/v1',
      kind: 'Istio',
      metadata: { name: 'default' },
      spec: expect.objectContaining({
        version: 'v1.30.3',
        namespace: 'mesh',
        updateStrategy: { type: 'InPlace' },
        // The CRD refuses another namespace.
        values: expect.objectContaining({
          global: expect.objectContaining({ istioNamespace: 'mesh' }) as unknown,
        }) as unknown,
      }) as unknown,
    }),
  ]);
});

test('the revision is the name of the Istio, and none of its values', () => {
  const [istio] = objects({ revision: '1-30-3' }).filter(({ kind }) => kind === 'Istio');
  expect(istio?.metadata?.name).toBe('1-30-3');
  expect((istio?.spec as { values: object }).values).not.toHaveProperty('revision');
});

test('the CNI plugin is the only IstioCNI that the operator allows', () => {
  const made = objects({ cni: { namespace: 'istio-cni', binFolder: '/opt/bin' }, profile: 'stable' });
  expect(made.find(({ kind }) => kind === 'IstioCNI')).toMatchObject({
    metadata: { name: 'default' },
    spec: { version: 'v1.30.3', namespace: 'istio-cni', profile: 'stable', values: { cni: { cniBinDir: '/opt/bin' } } },
  });
  expect(made.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata?.name)).toEqual([
    'istio-cni',
    'istio-system',
  ]);
});

test('a platform is among the values, since the operator has no such profile', () => {
  const [istio] = objects({ profile: 'platform-gke' }).filter(({ kind }) => kind === 'Istio');
  expect(istio?.spec).not.toHaveProperty('profile');
  expect(istio?.spec).toMatchObject({ values: { global: { platform: 'gke' } } });
});

test('namespaces that others make are left to them', () => {
  expect(objects({}, { createNamespaces: false }).map(({ kind }) => kind)).toEqual(['Istio']);
});

test('an upgrade is a second Istio, each at its version', () => {
  const app = new MeshApp();
  const install = new IstioInstall(new Chart(app, 'istio'), 'Istio', {
    version: '1.29.4',
    revision: '1-29-4',
    tag: 'stable',
    delivery: Delivery.sail(),
    upgrade: { version: '1.30.3', revision: '1-30-3', stage: IstioUpgradeStage.CONTROL_PLANE },
  });
  new IstioRevisionTags(new Chart(app, 'tags'), 'Tags', { install });
  Mesh.use(app, IstioMesh.fromInstall(install));
  const versions = synthesize(app)
    .filter(({ kind }) => kind === 'Istio')
    .map(({ metadata, spec }) => [metadata?.name, (spec as { version: string }).version]);
  expect(Object.fromEntries(versions)).toEqual({ '1-29-4': 'v1.29.4', '1-30-3': 'v1.30.3' });
});
