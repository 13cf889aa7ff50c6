import { isObject, own, present, type JsonObject } from './objects';
import { field, shown, type SchemaProblem } from './problem';
import type { KindSchema } from './schema';

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const DNS_LABEL = new RegExp(`^${LABEL}$`);
const DNS_1035_LABEL = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const DNS_SUBDOMAIN = new RegExp(`^${LABEL}(\\.${LABEL})*$`);
const QUALIFIED = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)$/;
const ANNOTATIONS_BYTES = 256 * 1024;

/** What an API server refuses of names, labels and annotations, which no schema says. */
export function metadataProblems(object: JsonObject, kind: KindSchema | undefined): readonly SchemaProblem[] {
  const metadata = object['metadata'];
  if (!isObject(metadata)) return [problem('metadata', 'is required')];
  return [
    ...nameProblems(metadata, kind),
    ...(kind === undefined ? [] : namespaceProblems(metadata, kind)),
    ...labelProblems(metadata),
    ...annotationProblems(metadata),
  ];
}

function nameProblems(metadata: JsonObject, kind: KindSchema | undefined): readonly SchemaProblem[] {
  const name = own(metadata, 'name');
  const path = 'metadata.name';
  if (name === undefined || name === '') return own(metadata, 'generateName') ? [] : [problem(path, 'is required')];
  if (typeof name !== 'string') return [];
  const isCore = kind?.group === '';
  if (isCore && kind.kind === 'Service') return refuse(DNS_1035_LABEL, 63, name, path, 'RFC 1035 label');
  if (isCore && kind.kind === 'Namespace') return refuse(DNS_LABEL, 63, name, path, 'DNS-1123 label');
  return refuse(DNS_SUBDOMAIN, 253, name, path, 'DNS-1123 subdomain');
}

function namespaceProblems(metadata: JsonObject, { kind, scope }: KindSchema): readonly SchemaProblem[] {
  const namespace = own(metadata, 'namespace') ?? '';
  const path = 'metadata.namespace';
  if (typeof namespace !== 'string') return [];
  if (scope === 'Cluster')
    return namespace === '' ? [] : [problem(path, `\`${kind}\` has no namespace, got ${shown(namespace)}`)];
  if (namespace === '')
    return [problem(path, `is missing: the \`${kind}\` would land in whatever namespace is current`)];
  return refuse(DNS_LABEL, 63, namespace, path, 'DNS-1123 label');
}

function labelProblems(metadata: JsonObject): readonly SchemaProblem[] {
  return entries(metadata, 'labels').flatMap(([key, value]) => {
    const path = field('metadata.labels', key);
    return [...keyProblems(key, path), ...(value === '' ? [] : refuse(QUALIFIED, 63, value, path, 'label value'))];
  });
}

function annotationProblems(metadata: JsonObject): readonly SchemaProblem[] {
  const annotations = entries(metadata, 'annotations');
  const bytes = annotations.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
  return [
    ...annotations.flatMap(([key]) => keyProblems(key, field('metadata.annotations', key))),
    ...(bytes > ANNOTATIONS_BYTES
      ? [problem('metadata.annotations', `must have at most \`${ANNOTATIONS_BYTES}\` bytes in all, has \`${bytes}\``)]
      : []),
  ];
}

function keyProblems(key: string, path: string): readonly SchemaProblem[] {
  const slash = key.indexOf('/');
  const prefix = slash < 0 ? undefined : key.slice(0, slash);
  return [
    ...(prefix === undefined
      ? []
      : refuse(DNS_SUBDOMAIN, 253, prefix.toLowerCase(), path, 'DNS-1123 subdomain before the `/`')),
    ...refuse(QUALIFIED, 63, key.slice(slash + 1), path, 'key of a label or annotation'),
  ];
}

/** Values of another type are the schema's affair. */
function entries(metadata: JsonObject, name: string): readonly (readonly [string, string])[] {
  const map = own(metadata, name);
  return isObject(map) ? present(map).filter((entry): entry is [string, string] => typeof entry[1] === 'string') : [];
}

function refuse(syntax: RegExp, length: number, text: string, path: string, what: string): readonly SchemaProblem[] {
  if (text.length > length)
    return [problem(path, `must have at most \`${length}\` characters, has \`${text.length}\``)];
  return syntax.test(text) ? [] : [problem(path, `${shown(text)} is not a ${what}`)];
}

function problem(path: string, message: string): SchemaProblem {
  return { check: 'metadata', path, message };
}
