import type { Schema } from '../../lib/schemas/schema';

type Raw = Readonly<Record<string, unknown>>;

/** Keywords that say nothing to a validator. */
const dropped = new Set(['description', 'title', 'example', 'externalDocs', 'x-kubernetes-group-version-kind',
  'x-kubernetes-patch-merge-key', 'x-kubernetes-patch-strategy', 'x-kubernetes-selectable-fields', 'x-kubernetes-unions']);

const scalars = new Set(['$ref', 'type', 'format', 'nullable', 'default', 'enum', 'pattern', 'minLength', 'maxLength',
  'minimum', 'exclusiveMinimum', 'maximum', 'exclusiveMaximum', 'multipleOf', 'minItems', 'maxItems',
  'minProperties', 'maxProperties', 'required', 'x-kubernetes-int-or-string',
  'x-kubernetes-list-map-keys', 'x-kubernetes-list-type', 'x-kubernetes-map-type',
  'x-kubernetes-preserve-unknown-fields', 'x-kubernetes-validations']);

/** Formats that Kubernetes does not know and therefore does not check. */
const uncheckedFormats = new Set<unknown>(['string', 'url']);

/** The schema without prose. A keyword that the validator does not know is an error, never a silent loss. */
export function reduceSchema(raw: unknown, where: string): Schema {
  const reduced: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(raw as Raw)) {
    if (dropped.has(keyword) || (keyword === 'format' && uncheckedFormats.has(value))) continue;
    reduced[keyword] = scalars.has(keyword) ? value : reduceNested(keyword, value, where);
  }
  return reduced;
}

function reduceNested(keyword: string, value: unknown, where: string): unknown {
  const at = `${where}.${keyword}`;
  switch (keyword) {
    case 'properties':
      return Object.fromEntries(Object.entries(value as Raw).map(([name, schema]) => [name, reduceSchema(schema, `${at}.${name}`)]));
    case 'allOf':
    case 'anyOf':
    case 'oneOf':
      return (value as readonly unknown[]).map((schema) => reduceSchema(schema, at));
    case 'additionalProperties':
      return typeof value === 'boolean' ? value : reduceSchema(value, at);
    case 'items':
    case 'not':
      return reduceSchema(value, at);
    default:
      throw new Error(`unknown schema keyword \`${keyword}\` at \`${where}\``);
  }
}
