import { didYouMean, isDnsName, requireDnsLabel, requireLabels, requireServiceName } from '../../lib/intent/names';

test.each(['a', 'a-b', '1a', 'a'.repeat(63)])('%s is a name of a namespace', (name) => {
  expect(requireDnsLabel('namespace', name)).toBe(name);
});

test.each(['', '-a', 'a-', 'A', 'a.b', 'a_b', 'a'.repeat(64), 'a\n'])('%j is no name of a namespace', (name) => {
  expect(() => requireDnsLabel('namespace', name)).toThrow('MESH-API-011');
});

test('a Service begins with a letter, unlike a namespace', () => {
  expect(requireServiceName('service', 'a1')).toBe('a1');
  expect(() => requireServiceName('service', '1a')).toThrow('`1a`');
});

test.each<Record<string, string>>([{ app: 'a' }, { 'app.kubernetes.io/name': 'A_b.c' }, { a: '' }])(
  '%j are labels',
  (labels) => {
    expect(requireLabels('labels', labels)).toBe(labels);
  },
);

test.each<Record<string, string>>([{ 'a/b/c': 'x' }, { '-a': 'x' }, { 'X_y/a': 'x' }, { '': 'x' }])(
  '%j are no labels',
  (labels) => {
    expect(() => requireLabels('labels', labels)).toThrow('MESH-API-046');
  },
);

test('a value that no label can have is refused with its key', () => {
  expect(() => requireLabels('labels', { app: 'a b' })).toThrow('`a b`');
});

test.each([
  ['a.example.com', true],
  ['localhost', true],
  ['a..b', false],
  ['a.', false],
  ['A.b', false],
  [`${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(61)}`, true],
  [`${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(62)}`, false],
])('%s is a DNS name: %s', (name, is) => {
  expect(isDnsName(name)).toBe(is);
});

test('the nearest name is offered where one is near', () => {
  expect(didYouMean('http2', ['grpc', 'http'])).toBe('; did you mean `http`?');
  expect(didYouMean('http', ['metrics'])).toBe('');
  expect(didYouMean('http', [])).toBe('');
});
