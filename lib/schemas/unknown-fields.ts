import { isList, isObject, own, present } from './objects';
import { field, item, type SchemaProblem } from './problem';
import type { Schema } from './schema';
import { resolve } from './store';

/** Fields that the API server would prune or, asked to be strict, refuse. */
export function unknownFields(unresolved: Schema, value: unknown, path = ''): readonly SchemaProblem[] {
  const schema = resolve(unresolved);
  if (isList(value)) {
    const { items } = schema;
    return items === undefined ? [] : value.flatMap((entry, index) => unknownFields(items, entry, item(path, index)));
  }
  if (!isObject(value)) return [];
  return present(value).flatMap(([name, entry]) => {
    const at = field(path, name);
    const child = own(schema.properties, name);
    if (child !== undefined) return unknownFields(child, entry, at);
    if (typeof schema.additionalProperties === 'object') return unknownFields(schema.additionalProperties, entry, at);
    if (schema.additionalProperties === true || schema['x-kubernetes-preserve-unknown-fields'] === true) return [];
    return [{ check: 'unknown field', path: at, message: `unknown field \`${name}\`` }];
  });
}
