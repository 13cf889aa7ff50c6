import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Definitions, KindSchema, Schema } from '../../lib/schemas/schema';
import { reduceSchema } from './reduce-schema';

type Raw = Readonly<Record<string, unknown>>;
interface Gvk { readonly group: string; readonly version: string; readonly kind: string }
interface OpenApi {
  readonly components: { readonly schemas: Readonly<Record<string, Raw>> };
  readonly paths: Readonly<Record<string, { readonly post?: { readonly 'x-kubernetes-group-version-kind'?: Gvk } }>>;
}

export interface BuiltIns {
  readonly kinds: readonly KindSchema[];
  readonly definitions: Definitions;
}

const REF = '#/components/schemas/';

/** The built-in kinds, and each definition that they reach once. */
export function readBuiltIns(folder: string, kindsByFile: Readonly<Record<string, readonly string[]>>, source: string): BuiltIns {
  const kinds: KindSchema[] = [];
  const definitions = new Map<string, Schema>();
  for (const [file, names] of Object.entries(kindsByFile)) {
    const api = JSON.parse(readFileSync(join(folder, file), 'utf8')) as OpenApi;
    for (const kind of names) {
      const [ref, gvk] = find(api, kind);
      collect(ref, api, definitions);
      kinds.push({ ...gvk, scope: scopeOf(api, kind), source, schema: { $ref: ref } });
    }
  }
  const sorted = [...definitions].sort(([a], [b]) => (a < b ? -1 : 1));
  return { kinds, definitions: Object.fromEntries(sorted) };
}

function find(api: OpenApi, kind: string): readonly [string, Gvk] {
  for (const [ref, raw] of Object.entries(api.components.schemas)) {
    const gvks = raw['x-kubernetes-group-version-kind'] as readonly Gvk[] | undefined;
    const gvk = gvks?.length === 1 ? gvks[0] : undefined;
    if (gvk?.kind === kind) return [ref, { group: gvk.group, version: gvk.version, kind }];
  }
  throw new Error(`no built-in kind \`${kind}\``);
}

function scopeOf(api: OpenApi, kind: string): KindSchema['scope'] {
  const namespaced = Object.entries(api.paths).some(([path, { post }]) =>
    path.includes('/namespaces/{namespace}/') && post?.['x-kubernetes-group-version-kind']?.kind === kind);
  return namespaced ? 'Namespaced' : 'Cluster';
}

function collect(ref: string, api: OpenApi, definitions: Map<string, Schema>): void {
  if (definitions.has(ref)) return;
  const raw = api.components.schemas[ref];
  if (raw === undefined) throw new Error(`no definition \`${ref}\``);
  // Reserved before its parts are visited: definitions may be recursive.
  definitions.set(ref, {});
  const schema = simplify(reduceSchema(special(ref, raw), ref), (next) => collect(next, api, definitions));
  definitions.set(ref, schema);
}

/** The two types that accept more than one JSON type, in the words that CRDs have for them. */
function special(ref: string, raw: Raw): Raw {
  if (ref.endsWith('.util.intstr.IntOrString')) return { 'x-kubernetes-int-or-string': true };
  if (ref.endsWith('.api.resource.Quantity')) return { 'x-kubernetes-int-or-string': true, format: 'quantity' };
  return raw;
}

/**
 * Built-in types are not checked by a structural schema in the cluster: their defaults and list types only describe
 * what the server's own code does, so they are left out rather than enforced.
 */
function simplify(schema: Schema, visit: (ref: string) => void): Schema {
  const { default: _default, allOf, $ref, 'x-kubernetes-list-type': _type, 'x-kubernetes-list-map-keys': _keys,
    'x-kubernetes-map-type': _map, properties, items, additionalProperties, ...rest } = schema;
  const wrapped = allOf?.length === 1 ? allOf[0]?.$ref : $ref;
  if (wrapped !== undefined) {
    const ref = wrapped.replace(REF, '');
    visit(ref);
    return { ...rest, $ref: ref };
  }
  if (allOf !== undefined) throw new Error('an `allOf` in a built-in type holds more than one reference');
  const free = schema.type === 'object' && properties === undefined && additionalProperties === undefined;
  return {
    ...rest,
    ...(free && { 'x-kubernetes-preserve-unknown-fields': true }),
    ...(properties && { properties: Object.fromEntries(Object.entries(properties).map(([name, s]) => [name, simplify(s, visit)])) }),
    ...(items && { items: simplify(items, visit) }),
    ...(typeof additionalProperties === 'object' && { additionalProperties: simplify(additionalProperties, visit) }),
  };
}
