import { timestampFromMs } from '@bufbuild/protobuf/wkt';

import { schemaOfField } from '../defaults';
import { isList, isObject, own, present } from '../objects';
import type { Schema } from '../schema';
import { resolve } from '../store';

/** CEL's reserved words, which a rule writes as `__word__` where they are field names. */
const reserved = new Set([
  'true',
  'false',
  'null',
  'in',
  'as',
  'break',
  'const',
  'continue',
  'else',
  'for',
  'function',
  'if',
  'import',
  'let',
  'loop',
  'package',
  'namespace',
  'return',
  'var',
  'void',
  'while',
]);

const escapes: Readonly<Record<string, string>> = {
  __: '__underscores__',
  '.': '__dot__',
  '-': '__dash__',
  '/': '__slash__',
};

/** A value as CEL sees it through its schema: declared fields only, integers apart from doubles. */
export function toCel(unresolved: Schema, value: unknown): unknown {
  const schema = resolve(unresolved);
  if (isList(value)) return value.map((entry) => toCel(schema.items ?? {}, entry));
  if (isObject(value)) return objectToCel(schema, value);
  if (typeof value === 'number') return schema.type !== 'number' && Number.isInteger(value) ? BigInt(value) : value;
  if (typeof value === 'string') return stringToCel(schema, value);
  return value;
}

function objectToCel(schema: Schema, value: Readonly<Record<string, unknown>>): ReadonlyMap<string, unknown> {
  const isFree = schema.properties === undefined && schema.additionalProperties === undefined;
  return new Map(
    present(value).flatMap(([name, entry]): [string, unknown][] => {
      const child = isFree ? {} : schemaOfField(schema, name);
      if (child === undefined) return [];
      // Keys of a map are data and stay as they are.
      return [[own(schema.properties, name) === undefined ? name : escaped(name), toCel(child, entry)]];
    }),
  );
}

function stringToCel(schema: Schema, value: string): unknown {
  if (schema.format === 'date-time') return timestampFromMs(Date.parse(value));
  if (schema.format === 'byte') return new Uint8Array(Buffer.from(value, 'base64'));
  return value;
}

function escaped(name: string): string {
  return reserved.has(name) ? `__${name}__` : name.replace(/__|[.\-/]/g, (part) => escapes[part] ?? part);
}
