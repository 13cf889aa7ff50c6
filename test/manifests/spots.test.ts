import { parseFieldPath } from '../../lib/manifests/field-path';
import { parseManifests } from '../../lib/manifests/located';

const TEXT = `---
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Service
    metadata:
      name: cart
      labels: { "a.b/c": d }
    spec:
      ports:
        - port: 80
          name: http
        - { port: 81 }
`;

/** The text to which a field of the object points, and its line. */
function pointed(field: string, text = TEXT): string {
  const [only] = parseManifests('a.yaml', text).objects;
  const spot = only?.spotOf?.(parseFieldPath(field));
  if (spot === undefined) throw new Error('there is no such place');
  return `${spot.line}: ${(text.split('\n')[spot.line - 1] ?? '').slice(spot.column - 1, spot.endColumn - 1)}`;
}

test.each([
  ['spec.ports[0].port', '12: port: 80'],
  ['spec.ports[1].port', '14: port: 81'],
  ['spec.ports[1]', '14: { port: 81 }'],
  ['spec.ports', '11: ports'],
  ['metadata.labels["a.b/c"]', '9: "a.b/c": d'],
  ['metadata.namespace', '7: metadata'],
  ['spec.ports[7].port', '11: ports'],
  ['', '5: apiVersion: v1'],
])('the field `%s` stands at `%s`', (field, expected) => {
  expect(pointed(field)).toBe(expected);
});

test('lines are counted through documents, and through line ends of Windows', () => {
  const text = `a: b\n---\n# cart\napiVersion: v1\nkind: Service\nspec: {}\n`.replaceAll('\n', '\r\n');
  expect(pointed('spec', text.slice(text.indexOf('---')))).toBe('5: spec');
});

test.each([
  ['spec.servers[0].port', ['spec', 'servers', 0, 'port']],
  ['metadata.annotations["a\\"b"].c', ['metadata', 'annotations', 'a"b', 'c']],
  ['', []],
  ['spec..x', ['spec']],
])('the field `%s` is read', (text, steps) => {
  expect(parseFieldPath(text)).toEqual(steps);
});
