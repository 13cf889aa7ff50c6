import { Testing } from 'cdktf';
import { Chart } from 'cdk8s';
import { readFileSync } from 'node:fs';
import type { IstioInstallProps } from '../../lib';
import { IstioGatewayRole, IstioInstall, MeshApp } from '../../lib';
import { MeshError } from '../../lib/errors';
import { TerraformDelivery } from '../../lib/terraform';
import { synthesize } from '../../lib/testing';
import { terraformStack } from '../support/install/emitted';

const GATEWAY = { name: 'edge', namespace: 'edge', role: IstioGatewayRole.INGRESS };

function releases(props: Partial<IstioInstallProps> = {}, timeoutSeconds?: number) {
  const stack = terraformStack();
  const app = new MeshApp();
  const delivery = TerraformDelivery.helm(stack, { timeoutSeconds });
  new IstioInstall(new Chart(app, 'istio'), 'Istio', {
    version: '1.30.3',
    delivery,
    gateways: [GATEWAY],
    cni: {},
    ...props,
  });
  expect(synthesize(app)).toEqual([]);
  const { resource } = JSON.parse(Testing.synth(stack, true)) as {
    resource: { helm_release: Record<string, Record<string, unknown>> };
  };
  return resource.helm_release;
}

/** Names of the properties of an interface in a file of declarations, as Terraform writes them. */
function terraformNames(module: string, declared: string): readonly string[] {
  const text = readFileSync(require.resolve(module).replace(/\.js$/, '.d.ts'), 'utf8');
  const [, body = ''] = text.split(`export interface ${declared} `);
  const names = [...(body.split('\n}')[0] ?? '').matchAll(/^ {4}readonly (\w+)\??:/gm)].map(([, name = '']) => name);
  return names.map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}

test('each chart is a release of its name that waits for those that it needs', () => {
  const needs = Object.entries(releases({ revision: '1-30-3' })).map(([name, release]) => [
    name,
    release['depends_on'],
  ]);
  expect(Object.fromEntries(needs)).toEqual({
    'istio-base': undefined,
    'istio-cni': ['helm_release.istio-base'],
    'istiod-1-30-3': ['helm_release.istio-base', 'helm_release.istio-cni'],
    edge: ['helm_release.istiod-1-30-3'],
  });
});

test('charts come from the repository, at the version of Istio', () => {
  expect(releases({ chartRepository: 'oci://registry.example.com/charts' }, 90)['istiod']).toMatchObject({
    name: 'istiod',
    namespace: 'istio-system',
    create_namespace: true,
    repository: 'oci://registry.example.com/charts',
    chart: 'istiod',
    version: '1.30.3',
    timeout: 90,
  });
});

test('every field of a release is one that the provider has', () => {
  const known = [
    ...terraformNames('@cdktf/provider-helm/lib/release', 'ReleaseConfig'),
    ...terraformNames('cdktf/lib/terraform-resource', 'TerraformMetaArguments'),
  ];
  expect(known).toEqual(expect.arrayContaining(['create_namespace', 'values', 'depends_on']));
  const written = new Set(Object.values(releases()).flatMap((release) => Object.keys(release)));
  written.delete('//');
  expect([...written].filter((field) => !known.includes(field))).toEqual([]);
  expect(written).toContain('depends_on');
});

test('what looks like a template of Terraform is text', () => {
  const values = { istiod: { pilot: { env: { A: '${b}', C: '%{d}' } } } };
  expect(releases({ values })['istiod']?.['values']).toEqual([expect.stringMatching(/\$\$\{b\}(.|\n)*%%\{d\}/)]);
});

test.each(['cdktf', '@cdktf/provider-helm/lib/release'])('without %s, the door says what to install', (name) => {
  const missing = Object.assign(new Error(`Cannot find module '${name}'`), { code: 'MODULE_NOT_FOUND' });
  jest.doMock(name, () => {
    throw missing;
  });
  try {
    jest.isolateModules(() => {
      expect(() => jest.requireActual<object>('../../lib/terraform')).toThrow(
        /^MESH-API-169: .*needs `(@cdktf\/provider-helm|cdktf)`.*`npm install cdktf@\^0\.21\.0 @cdktf\/provider-helm@\^12\.1\.2`$/,
      );
    });
  } finally {
    jest.dontMock(name);
  }
});

test('what is no stack is refused', () => {
  expect(() => TerraformDelivery.helm({} as never)).toThrow(MeshError);
});
