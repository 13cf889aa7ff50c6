import { schemaOfField } from '../defaults';
import { isList, isObject, present } from '../objects';
import { field, item, type SchemaProblem } from '../problem';
import type { CelRule, Schema } from '../schema';
import { resolve } from '../store';
import { compileRule } from './compile';
import { toCel } from './values';

/** What the CEL rules of a CRD refuse, at every level of an object that has passed the rest of its schema. */
export function celProblems(unresolved: Schema, value: unknown, path = ''): readonly SchemaProblem[] {
  if (value === null || value === undefined) return [];
  const schema = resolve(unresolved);
  return [...ownProblems(schema, value, path), ...nestedProblems(schema, value, path)];
}

function ownProblems(schema: Schema, value: unknown, path: string): readonly SchemaProblem[] {
  const rules = schema['x-kubernetes-validations'] ?? [];
  if (rules.length === 0) return [];
  const self = toCel(schema, value);
  return rules.flatMap((rule): readonly SchemaProblem[] => {
    const message = refusal(rule, self);
    return message === undefined
      ? []
      : [{ check: 'cel', path: `${path}${rule.fieldPath ?? ''}`, message, rule: rule.rule }];
  });
}

function refusal(rule: CelRule, self: unknown): string | undefined {
  try {
    const compiled = compileRule(rule);
    return compiled.isTransition ? undefined : compiled.refusal(self);
  } catch (error) {
    return `the rule cannot be compiled: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function nestedProblems(schema: Schema, value: unknown, path: string): readonly SchemaProblem[] {
  if (isList(value)) {
    const { items } = schema;
    return items === undefined ? [] : value.flatMap((entry, index) => celProblems(items, entry, item(path, index)));
  }
  if (!isObject(value)) return [];
  return present(value).flatMap(([name, entry]) => {
    const child = schemaOfField(schema, name);
    return child === undefined ? [] : celProblems(child, entry, field(path, name));
  });
}
