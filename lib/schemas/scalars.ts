import { isFormat } from './formats';
import { isList, isObject } from './objects';
import { matches } from './regex';
import { shown } from './problem';
import type { Schema } from './schema';

export function matchesType(schema: Schema, value: unknown): boolean {
  if (schema['x-kubernetes-int-or-string'] === true) {
    return (
      typeof value === 'string' || Number.isInteger(value) || (schema.format === 'quantity' && Number.isFinite(value))
    );
  }
  switch (schema.type) {
    case undefined:
      return true;
    case 'object':
      return isObject(value);
    case 'array':
      return isList(value);
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return Number.isFinite(value);
    default:
      return typeof value === schema.type;
  }
}

export function typeName(schema: Schema): string {
  if (schema['x-kubernetes-int-or-string'] === true)
    return schema.format === 'quantity' ? 'quantity' : 'integer or string';
  return schema.type ?? 'any';
}

/** What is wrong with a string or a number, and whether the value is one of those allowed. */
export function scalarProblems(schema: Schema, value: unknown): readonly string[] {
  return [
    ...enumProblems(schema, value),
    ...(typeof value === 'string' ? stringProblems(schema, value) : []),
    ...(typeof value === 'number' ? numberProblems(schema, value) : []),
  ];
}

function enumProblems(schema: Schema, value: unknown): readonly string[] {
  if (schema.enum === undefined || schema.enum.includes(value)) return [];
  return [`must be one of ${schema.enum.map(shown).join(', ')}, got ${shown(value)}`];
}

function stringProblems(schema: Schema, value: string): readonly string[] {
  const { minLength = 0, maxLength = Infinity, pattern, format } = schema;
  const length = [...value].length;
  return [
    ...(length < minLength ? [`must have at least \`${minLength}\` characters, got ${shown(value)}`] : []),
    ...(length > maxLength ? [`must have at most \`${maxLength}\` characters, has \`${length}\``] : []),
    ...(pattern !== undefined && !matches(pattern, value) ? [`${shown(value)} does not match \`${pattern}\``] : []),
    ...(format !== undefined && !isFormat(format, value) ? [`${shown(value)} is not of format \`${format}\``] : []),
  ];
}

function numberProblems(schema: Schema, value: number): readonly string[] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, format } = schema;
  // The API server checks `int32` of its own types only, but the control planes that read the others decode it too.
  const limit = schema.type !== 'integer' ? Infinity : 2 ** (format === 'int32' ? 31 : 63);
  return [
    ...(minimum !== undefined && value < minimum ? [`${shown(value)} is below the minimum \`${minimum}\``] : []),
    ...(maximum !== undefined && value > maximum ? [`${shown(value)} is above the maximum \`${maximum}\``] : []),
    ...(exclusiveMinimum === true && value === minimum ? [`${shown(value)} must be above \`${minimum}\``] : []),
    ...(exclusiveMaximum === true && value === maximum ? [`${shown(value)} must be below \`${maximum}\``] : []),
    ...(multipleOf !== undefined && value % multipleOf !== 0
      ? [`${shown(value)} is not a multiple of \`${multipleOf}\``]
      : []),
    ...(value < -limit || value >= limit ? [`${shown(value)} is not of format \`${format ?? 'int64'}\``] : []),
  ];
}
