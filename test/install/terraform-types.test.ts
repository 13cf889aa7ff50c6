import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IstioGatewayRole } from '../../lib';
import { emitted } from '../support/install/emitted';
import { typeProblems } from '../support/install/terraform-types';

// The provider itself, whose schema would say the same, is a Go module that the module proxy does not hand out.

type Tree = Record<string, unknown>;

interface Stack {
  readonly resource: { readonly helm_release: Readonly<Record<'istio-base' | 'istiod', Tree>> };
  readonly provider: { readonly helm: readonly [{ readonly kubernetes: Tree }] };
}

const EXAMPLE = readFileSync(join(__dirname, '../../examples/platform-terraform/expected.tf.json'), 'utf8');
const EMITTED = emitted('terraform', {
  profile: 'stable',
  cni: {},
  images: { hub: 'registry.example.com/istio', pullSecrets: ['pull'] },
  chartRepository: 'oci://registry.example.com/charts',
  gateways: [{ name: 'edge', namespace: 'edge', role: IstioGatewayRole.INGRESS }],
});

/** What was emitted, but for one change that the provider would refuse. */
function changed(change: (stack: Stack) => void): string {
  const stack = JSON.parse(EMITTED) as Stack;
  change(stack);
  return JSON.stringify(stack);
}

const istiod = (fields: Tree) => changed(({ resource }) => Object.assign(resource.helm_release.istiod, fields));
const provider = (fields: Tree) => changed(({ provider: { helm } }) => Object.assign(helm[0].kubernetes, fields));

const REFUSED: Readonly<Record<string, readonly [text: string, named: string]>> = {
  'an unknown key': [istiod({ create_namespaces: true }), 'createNamespaces'],
  'a missing key': [changed(({ resource }) => Reflect.deleteProperty(resource.helm_release.istiod, 'chart')), 'chart'],
  'text for a number': [istiod({ timeout: '600' }), 'string'],
  'text for a flag': [istiod({ create_namespace: 'true' }), 'string'],
  'a number for text': [istiod({ version: 1.3 }), 'number'],
  'text for a list': [istiod({ values: 'a: b' }), 'string'],
  'a map in a list of text': [istiod({ values: [{ a: 'b' }] }), '{ a: string; }'],
  'an unknown key in a list of maps': [istiod({ set: [{ name: 'a', value: 'b', kind: 'string' }] }), 'kind'],
  'a missing key in a list of maps': [istiod({ set_sensitive: [{ name: 'a' }] }), 'value'],
  'an unknown key in a map': [istiod({ postrender: { binary_path: 'a', arguments: [] } }), 'arguments'],
  'text in a list for a map': [istiod({ postrender: ['a'] }), 'binaryPath'],
  'an unknown key of the provider': [provider({ config_file: '~/.kube/config' }), 'configFile'],
  'a list of the provider for text': [provider({ config_path: ['~/.kube/config'] }), 'string[]'],
  'an unknown key in a map of the provider': [provider({ exec: { api_version: 'v1', command: 'a', arg: [] } }), 'arg'],
};

const [ofExample, ofEmitted, ...ofRefused] = typeProblems([
  EXAMPLE,
  EMITTED,
  ...Object.values(REFUSED).map(([text]) => text),
]);

test('a stack has nothing but keys that the provider knows, with values of their types', () => {
  expect(ofEmitted).toEqual([]);
  expect(Object.keys((JSON.parse(EMITTED) as Stack).resource.helm_release)).toHaveLength(4);
});

test('so does the stack of the example, with its provider', () => {
  expect(ofExample).toEqual([]);
  expect((JSON.parse(EXAMPLE) as Stack).provider.helm[0].kubernetes).toMatchObject({ exec: { command: 'aws' } });
});

test.each(Object.entries(REFUSED).map(([what, [, named]], index) => ({ what, named, index })))(
  '$what would be seen',
  ({ named, index }) => {
    expect(ofRefused[index]).toHaveLength(1);
    expect(ofRefused[index]?.[0]).toContain(named);
  },
);

test('what must be there before is a release of the same stack', () => {
  for (const text of [EXAMPLE, EMITTED]) {
    const releases = (JSON.parse(text) as Stack).resource.helm_release;
    const needed = Object.values(releases).flatMap((release) => (release['depends_on'] ?? []) as readonly string[]);
    expect(needed.length).toBeGreaterThan(2);
    expect(Object.keys(releases).map((name) => `helm_release.${name}`)).toEqual(expect.arrayContaining(needed));
  }
});
