import { duplicates } from './lists';
import { isList, isObject, own, present } from './objects';
import { field, item, shown, type SchemaProblem } from './problem';
import { matchesType, scalarProblems, typeName } from './scalars';
import type { Schema } from './schema';
import { resolve } from './store';

/** What the OpenAPI part of the schema refuses. */
export function structureProblems(unresolved: Schema, value: unknown, path = ''): readonly SchemaProblem[] {
  const schema = resolve(unresolved);
  if (value === null && schema.nullable === true) return [];
  if (!matchesType(schema, value)) {
    return [problem(path, `must be of type \`${typeName(schema)}\`, got ${value === null ? '`null`' : shown(value)}`)];
  }
  return [
    ...scalarProblems(schema, value).map((message) => problem(path, message)),
    ...(isObject(value) ? objectProblems(schema, value, path) : []),
    ...(isList(value) ? listProblems(schema, value, path) : []),
    ...logicProblems(schema, value, path),
  ];
}

function objectProblems(
  schema: Schema,
  value: Readonly<Record<string, unknown>>,
  path: string,
): readonly SchemaProblem[] {
  const fields = present(value);
  const { minProperties = 0, maxProperties = Infinity, additionalProperties } = schema;
  return [
    ...(fields.length < minProperties ? [problem(path, `must have at least \`${minProperties}\` entries`)] : []),
    ...(fields.length > maxProperties
      ? [problem(path, `must have at most \`${maxProperties}\` entries, has \`${fields.length}\``)]
      : []),
    ...(schema.required ?? [])
      .filter((name) => own(value, name) === undefined)
      .map((name) => problem(field(path, name), 'is required')),
    ...fields.flatMap(([name, entry]) => {
      const child =
        own(schema.properties, name) ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
      return child === undefined ? [] : structureProblems(child, entry, field(path, name));
    }),
  ];
}

function listProblems(schema: Schema, value: readonly unknown[], path: string): readonly SchemaProblem[] {
  const { minItems = 0, maxItems = Infinity, items } = schema;
  return [
    ...(value.length < minItems ? [problem(path, `must have at least \`${minItems}\` items`)] : []),
    ...(value.length > maxItems
      ? [problem(path, `must have at most \`${maxItems}\` items, has \`${value.length}\``)]
      : []),
    ...duplicates(schema, value).map(([index, message]) => problem(item(path, index), message)),
    ...(items === undefined ? [] : value.flatMap((entry, index) => structureProblems(items, entry, item(path, index)))),
  ];
}

function logicProblems(schema: Schema, value: unknown, path: string): readonly SchemaProblem[] {
  const holds = (branch: Schema): boolean => structureProblems(branch, value, path).length === 0;
  const { allOf = [], anyOf, oneOf, not } = schema;
  return [
    ...allOf.flatMap((branch) => structureProblems(branch, value, path)),
    ...(anyOf !== undefined && !anyOf.some(holds) ? [problem(path, `must match one of: ${choices(anyOf)}`)] : []),
    ...(oneOf !== undefined && oneOf.filter(holds).length !== 1 ? [problem(path, oneOfMessage(oneOf))] : []),
    ...(not !== undefined && holds(not) ? [problem(path, `must not match: ${choices([not])}`)] : []),
  ];
}

/** Protobuf's oneof is written as one branch per field, and one more for none of them. */
function oneOfMessage(branches: readonly Schema[]): string {
  const fields = [...new Set(branches.flatMap((branch) => branch.required ?? []))]
    .map((name) => `\`${name}\``)
    .join(', ');
  if (fields === '') return `must match exactly one of: ${choices(branches)}`;
  const mayBeNone = branches.some((branch) => branch.not !== undefined);
  return `${mayBeNone ? 'at most' : 'exactly'} one of ${fields} must be set`;
}

function choices(branches: readonly Schema[]): string {
  return branches.map((branch) => shown(JSON.stringify(branch))).join(', ');
}

function problem(path: string, message: string): SchemaProblem {
  return { check: 'schema', path, message };
}
