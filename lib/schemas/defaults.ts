import { isList, isObject, own, present } from './objects';
import type { Schema } from './schema';
import { resolve } from './store';

/**
 * The object as the API server holds it before it validates: a null where none is allowed counts as absent, and
 * defaults are filled in, from the outside in.
 */
export function withDefaults(unresolved: Schema, value: unknown): unknown {
  const schema = resolve(unresolved);
  if (isList(value)) return schema.items ? value.map((entry) => withDefaults(schema.items ?? {}, entry)) : value;
  if (!isObject(value)) return value;
  const filled: Record<string, unknown> = {};
  for (const [name, entry] of present(value)) {
    const child = schemaOfField(schema, name);
    if (entry === null && child !== undefined && child.nullable !== true) continue;
    set(filled, name, entry);
  }
  for (const [name, child] of Object.entries(schema.properties ?? {})) {
    if (child.default !== undefined && own(filled, name) === undefined) filled[name] = child.default;
  }
  for (const [name, entry] of Object.entries(filled)) {
    const child = schemaOfField(schema, name);
    if (child !== undefined) set(filled, name, withDefaults(child, entry));
  }
  return filled;
}

export function schemaOfField(schema: Schema, name: string): Schema | undefined {
  const child = own(schema.properties, name);
  if (child !== undefined) return resolve(child);
  return typeof schema.additionalProperties === 'object' ? resolve(schema.additionalProperties) : undefined;
}

/** Assignment would call the setter of `__proto__`. */
function set(target: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}
