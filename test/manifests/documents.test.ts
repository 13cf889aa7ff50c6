import { parseManifests } from '../../lib/manifests/located';

function read(text: string) {
  const { objects, problems } = parseManifests('a.yaml', text);
  return {
    objects: objects.map(({ object, file, line }) => `${object.kind} ${object.metadata?.name} ${file}:${line}`),
    problems: problems.map(({ file, line, message }) => `${file}:${line}: ${message}`),
  };
}

const SERVICE = 'apiVersion: v1\nkind: Service\nmetadata: { name: cart }\n';

test('every object of a text has the line on which it begins', () => {
  const text = `# first\n---\n# cart\n${SERVICE}---\n---\n\n${SERVICE.replace('cart', 'users')}...\n`;
  expect(read(text)).toEqual({ objects: ['Service cart a.yaml:4', 'Service users a.yaml:10'], problems: [] });
});

test('JSON is read, too', () => {
  const text = '{\n\t"apiVersion": "v1", "kind": "Service",\n\t"metadata": {"name": "cart"}\n}';
  expect(read(text)).toEqual({ objects: ['Service cart a.yaml:1'], problems: [] });
});

test('a dot alone is text, as it is to kubectl', () => {
  const { objects, problems } = parseManifests('a.yaml', `${SERVICE}spec: { exportTo: [.], other: 1.5 }\n`);
  expect(problems).toEqual([]);
  expect(objects[0]?.object).toMatchObject({ spec: { exportTo: ['.'], other: 1.5 } });
});

test('a list counts as its items, which may leave their kind to the list', () => {
  const items = 'items:\n- kind: Service\n  apiVersion: v1\n  metadata: { name: cart }\n- metadata: { name: users }\n';
  expect(read(`apiVersion: v1\nkind: ServiceList\n${items}`)).toEqual({
    objects: ['Service cart a.yaml:4', 'Service users a.yaml:7'],
    problems: [],
  });
  expect(read(`apiVersion: v1\nkind: List\n${items}`).problems).toEqual([
    'a.yaml:7: it is no Kubernetes object: `apiVersion` or `kind` is no text',
  ]);
});

test('a kind that ends in List without items is an object', () => {
  expect(read('apiVersion: example.org/v1\nkind: AllowList\nmetadata: { name: a }\n').objects).toEqual([
    'AllowList a a.yaml:1',
  ]);
});

test('a kustomization is no object of a cluster', () => {
  const text = 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: []\n';
  expect(read(text)).toEqual({ objects: [], problems: [] });
});

test.each([
  ['broken', 'kind: Service\nmetadata: [\n', /^a\.yaml:[23]: /],
  ['indented by a tab', 'kind: Service\nspec:\n\ta: 1\n', /^a\.yaml:3: /],
  ['with a key twice', 'apiVersion: v1\nkind: Service\nkind: Secret\n', /^a\.yaml:3: the key `kind` stands twice/],
  ['a word', 'apiVersion: v1\nkind: List\nitems: [word]\n', /^a\.yaml:3: it is no Kubernetes object/],
  ['a list', '- a\n', /^a\.yaml:1: it is no Kubernetes object/],
  ['without a kind', '---\n\napiVersion: v1\n', /^a\.yaml:3: it is no Kubernetes object/],
  ['with a number as its version', 'apiVersion: 1\nkind: Service\n', /^a\.yaml:1: it is no Kubernetes object/],
  ['with an alias to nothing', 'a: *b\n', /^a\.yaml:1: /],
  ['nested without end', '['.repeat(100_000), /^a\.yaml:1: it is nested too deeply/],
])('a document that is %s is a problem with its line, and its neighbours are read', (_, text, problem) => {
  const { problems } = read(text);
  expect(problems.length).toBeGreaterThan(0);
  expect(problems[0]).toMatch(problem);
  if (!text.startsWith('[')) expect(read(`${SERVICE}---\n${text}`).objects).toEqual(['Service cart a.yaml:1']);
});

test('aliases that multiply without bounds are refused in no time', () => {
  const levels = 'abcdefghij'.split('');
  const bomb = levels
    .map(
      (name, index) =>
        `${name}: &${name} [${Array<string>(10)
          .fill(index === 0 ? 'x' : `*${levels[index - 1]}`)
          .join()}]`,
    )
    .join('\n');
  const begin = Date.now();
  expect(read(`${bomb}\n`)).toEqual({
    objects: [],
    problems: [expect.stringMatching(/^a\.yaml:1: its aliases multiply/)],
  });
  expect(Date.now() - begin).toBeLessThan(2_000);
});

test('a few aliases are fine', () => {
  const text = `${SERVICE}a: &a { b: c }\nd: *a\ne: { <<: *a, f: g }\n`;
  const [only] = parseManifests('a.yaml', text).objects;
  expect(only?.object).toMatchObject({ d: { b: 'c' }, e: { b: 'c', f: 'g' } });
});
