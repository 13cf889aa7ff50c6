import { problemsOf } from './objects';

function object(kind: string, metadata: unknown): unknown {
  return { apiVersion: 'v1', kind, metadata };
}

test('wants a name', () => {
  expect(problemsOf(object('ConfigMap', undefined))).toEqual(['metadata metadata: is required']);
  expect(problemsOf(object('ConfigMap', { namespace: 'shop' }))).toEqual(['metadata metadata.name: is required']);
  expect(problemsOf(object('ConfigMap', { generateName: 'a-', namespace: 'shop' }))).toEqual([]);
});

test('lets most names have dots, but not those that become one DNS label', () => {
  expect(problemsOf(object('ConfigMap', { name: '1.a', namespace: 'shop' }))).toEqual([]);
  expect(problemsOf(object('Namespace', { name: '1a' }))).toEqual([]);
  expect(problemsOf(object('Namespace', { name: 'a.b' }))).toEqual([
    'metadata metadata.name: `a.b` is not a DNS-1123 label',
  ]);
  expect(problemsOf(object('Service', { name: '1a', namespace: 'shop' }))).toEqual([
    'metadata metadata.name: `1a` is not a RFC 1035 label',
  ]);
});

test('knows how long names may be', () => {
  expect(problemsOf(object('ConfigMap', { name: 'a'.repeat(253), namespace: 'shop' }))).toEqual([]);
  expect(problemsOf(object('ConfigMap', { name: 'a'.repeat(254), namespace: 'shop' }))).toHaveLength(1);
  expect(problemsOf(object('Service', { name: 'a'.repeat(64), namespace: 'shop' }))).toHaveLength(1);
});

test('wants a namespace exactly where the kind has one', () => {
  expect(problemsOf(object('ConfigMap', { name: 'a' }))).toEqual([
    'metadata metadata.namespace: is missing: the `ConfigMap` would land in whatever namespace is current',
  ]);
  expect(problemsOf(object('Namespace', { name: 'a', namespace: 'b' }))).toEqual([
    'metadata metadata.namespace: `Namespace` has no namespace, got `b`',
  ]);
});

test('checks keys and values of labels', () => {
  const labels = (map: unknown): readonly string[] => problemsOf(object('Namespace', { name: 'a', labels: map }));
  expect(labels({ 'app.kubernetes.io/name': 'Cart_1.0', app: '' })).toEqual([]);
  expect(labels({ app: 'a b' })).toEqual(['metadata metadata.labels.app: `a b` is not a label value']);
  expect(labels({ app: 'a'.repeat(64) })).toEqual([
    'metadata metadata.labels.app: must have at most `63` characters, has `64`',
  ]);
  expect(labels({ 'a/b/c': 'd' })).toEqual([
    'metadata metadata.labels["a/b/c"]: `b/c` is not a key of a label or annotation',
  ]);
  expect(labels({ '-a/b': 'd' })).toEqual([
    'metadata metadata.labels["-a/b"]: `-a` is not a DNS-1123 subdomain before the `/`',
  ]);
  expect(labels({ app: true })).toEqual(['schema metadata.labels.app: must be of type `string`, got `true`']);
});

test('lets annotations hold any text up to the size that the API server stores', () => {
  const annotations = (value: string): readonly string[] =>
    problemsOf(object('Namespace', { name: 'a', annotations: { note: value } }));
  expect(annotations('any "text" at all')).toEqual([]);
  expect(annotations('ä'.repeat(128 * 1024))).toHaveLength(1);
});

test('refuses an unknown field of metadata, also of custom resources', () => {
  const metadata = { name: 'a', namespace: 'b', lables: {} };
  expect(problemsOf({ apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', metadata })).toEqual([
    'unknown field metadata.lables: unknown field `lables`',
  ]);
});

test('refuses what is not an object, or says not what it is', () => {
  expect(problemsOf('text')).toEqual(['schema : must be an object, got `text`']);
  expect(problemsOf({ kind: 'Service' })).toEqual(['schema apiVersion: is required']);
  expect(problemsOf({ apiVersion: 'v1' })).toEqual(['schema kind: is required']);
});

test('reads no file but a schema, whatever a manifest calls its kind', () => {
  expect(problemsOf({ apiVersion: '../v1', kind: 'Service', metadata: { name: 'a' } })[0]).toContain('no schema');
  expect(problemsOf({ apiVersion: 'v1', kind: '../v1/Service', metadata: { name: 'a' } })[0]).toContain('no schema');
  expect(problemsOf({ apiVersion: 'v1', kind: 'service', metadata: { name: 'a' } })[0]).toContain('no schema');
});
