import { celProblems } from '../../lib/schemas/cel/check';
import { withDefaults } from '../../lib/schemas/defaults';
import type { Schema } from '../../lib/schemas/schema';
import { structureProblems } from '../../lib/schemas/structure';
import { unknownFields } from '../../lib/schemas/unknown-fields';
import { line } from './objects';

function problems(schema: Schema, value: unknown): readonly string[] {
  return structureProblems(schema, value).map(line);
}

function isAccepted(schema: Schema, value: unknown): boolean {
  return structureProblems(schema, value).length === 0;
}

test.each<[Schema, unknown, unknown]>([
  [{ type: 'integer' }, 1, 1.5],
  [{ type: 'number' }, 1.5, '1.5'],
  [{ type: 'boolean' }, false, 'false'],
  [{ type: 'array' }, [], {}],
  [{ type: 'object' }, {}, []],
  [{ type: 'string', nullable: true }, null, 1],
  [{ type: 'string' }, '', null],
  [{ type: 'string', minLength: 2 }, 'ab', '😀'],
  [{ type: 'string', maxLength: 2 }, '😀😀', 'abc'],
  [{ type: 'string', pattern: '^(?i)a+$' }, 'AA', 'b'],
  [{ type: 'integer', minimum: 1 }, 1, 0],
  [{ type: 'integer', minimum: 1, exclusiveMinimum: true }, 2, 1],
  [{ type: 'integer', maximum: 3, exclusiveMaximum: true }, 2, 3],
  [{ type: 'integer', multipleOf: 5 }, 10, 12],
  [{ type: 'integer' }, 2 ** 53, 2 ** 63],
  [{ type: 'array', minItems: 1 }, [1], []],
  [{ type: 'array', maxItems: 1 }, [1], [1, 2]],
  [{ type: 'object', minProperties: 1 }, { a: 1 }, {}],
  [{ type: 'object', maxProperties: 1 }, { a: 1 }, { a: 1, b: 2 }],
  [{ type: 'array', items: { type: 'string' } }, ['a'], ['a', 1]],
  [{ type: 'object', additionalProperties: { type: 'string' } }, { a: 'b' }, { a: 1 }],
  [{ anyOf: [{ required: ['a'] }, { required: ['b'] }] }, { a: 1, b: 1 }, {}],
  [{ oneOf: [{ required: ['a'] }, { required: ['b'] }] }, { a: 1 }, { a: 1, b: 1 }],
  [{ allOf: [{ required: ['a'] }, { required: ['b'] }] }, { a: 1, b: 1 }, { a: 1 }],
  [{ not: { required: ['a'] } }, {}, { a: 1 }],
  [
    { type: 'array', 'x-kubernetes-list-type': 'set' },
    [{ a: 1, b: 2 }, { a: 1 }],
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
  ],
  [
    { type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['a', 'b'] },
    [{ a: 1, b: 1 }, { a: 1 }],
    [{ a: 1 }, { a: 1, c: 2 }],
  ],
  [{ type: 'string', format: 'date-time' }, '2026-01-31T00:00:00.5+01:00', '2026-13-01T00:00:00Z'],
  [{ type: 'string', format: 'ipv4' }, '192.0.2.1', '192.0.2.256'],
  [{ type: 'string', format: 'ipv6' }, '2001:db8::1', 'fe80::1%eth0'],
])('%j accepts %j and refuses %j', (schema, good, bad) => {
  expect(isAccepted(schema, good)).toBe(true);
  expect(isAccepted(schema, bad)).toBe(false);
});

test('names the fields of which one must be set', () => {
  const branches = [{ required: ['a'] }, { required: ['b'] }];
  expect(problems({ oneOf: branches }, {})).toEqual(['schema : exactly one of `a`, `b` must be set']);
  const none = { not: { anyOf: branches } };
  expect(problems({ oneOf: [none, ...branches] }, {})).toEqual([]);
  expect(problems({ oneOf: [none, ...branches] }, { a: 1, b: 1 })).toEqual([
    'schema : at most one of `a`, `b` must be set',
  ]);
});

test('quotes field names that are no identifiers', () => {
  expect(problems({ additionalProperties: { type: 'string' } }, { 'a.b/c': 1 })).toEqual([
    'schema ["a.b/c"]: must be of type `string`, got `1`',
  ]);
});

test('does not take what every JavaScript object has for a field', () => {
  const schema: Schema = { type: 'object', required: ['constructor'], properties: { a: { type: 'string' } } };
  expect(problems(schema, {})).toEqual(['schema constructor: is required']);
  expect(unknownFields(schema, { constructor: 1, ...(JSON.parse('{"__proto__": 1}') as object) })).toHaveLength(2);
  expect(withDefaults(schema, JSON.parse('{"__proto__": {"a": 1}}'))).not.toHaveProperty('a');
});

describe('unknown fields', () => {
  test('pass only where the schema is free', () => {
    const inner: Schema = {
      type: 'object',
      'x-kubernetes-preserve-unknown-fields': true,
      properties: { known: { type: 'object' } },
    };
    expect(unknownFields(inner, { any: { thing: 1 } })).toEqual([]);
    expect(unknownFields({ type: 'object', additionalProperties: true }, { any: { thing: 1 } })).toEqual([]);
    expect(unknownFields(inner, { known: { other: 1 } }).map(line)).toEqual([
      'unknown field known.other: unknown field `other`',
    ]);
    expect(unknownFields({ type: 'object' }, { any: 1 })).toHaveLength(1);
  });

  test('are not excused by a condition that mentions them', () => {
    const schema: Schema = { type: 'object', anyOf: [{ properties: { a: { type: 'string' } } }] };
    expect(unknownFields(schema, { a: 'b' })).toHaveLength(1);
  });
});

describe('defaults', () => {
  const schema: Schema = {
    type: 'object',
    properties: {
      outer: { type: 'object', default: {}, properties: { inner: { type: 'string', default: 'x' } } },
      list: { type: 'array', items: { type: 'object', properties: { kind: { type: 'string', default: 'y' } } } },
      may: { type: 'string', nullable: true, default: 'z' },
    },
  };

  test('are filled in from the outside in', () => {
    expect(withDefaults(schema, { list: [{}] })).toEqual({ outer: { inner: 'x' }, list: [{ kind: 'y' }], may: 'z' });
  });

  test('replace a null only where none is allowed', () => {
    expect(withDefaults(schema, { outer: null, may: null })).toEqual({ outer: { inner: 'x' }, may: null });
  });

  test('leave the object and the schema alone', () => {
    const object = Object.freeze({});
    const filled = withDefaults(schema, object) as { outer: { inner: string } };
    filled.outer.inner = 'changed';
    expect(withDefaults(schema, object)).toEqual({ outer: { inner: 'x' }, may: 'z' });
  });
});

describe('rules', () => {
  const rule = (text: string): Schema => ({ 'x-kubernetes-validations': [{ rule: text }] });

  test('see fields by their escaped names, and keys of maps as they are', () => {
    const properties: Schema['properties'] = { 'a-b': { type: 'string' }, namespace: { type: 'string' } };
    const ofFields = {
      type: 'object',
      properties,
      ...rule('self.a__dash__b == "1" && self.__namespace__ == "2"'),
    } as const;
    expect(celProblems(ofFields, { 'a-b': '1', namespace: '2' })).toEqual([]);
    const ofMap = { type: 'object', additionalProperties: { type: 'string' }, ...rule('"a-b" in self') } as const;
    expect(celProblems(ofMap, { 'a-b': '1' })).toEqual([]);
  });

  test('do not see fields that the API server prunes', () => {
    const schema: Schema = { type: 'object', properties: { a: { type: 'string' } }, ...rule('self.size() == 1') };
    expect(celProblems(schema, { a: '1', unknown: '2' })).toEqual([]);
  });

  test('run at every level', () => {
    const leaf: Schema = { type: 'string', ...rule('self == "ok"') };
    const schema: Schema = {
      type: 'object',
      properties: {
        list: { type: 'array', items: leaf },
        map: { type: 'object', additionalProperties: leaf },
        field: { ...leaf, nullable: true },
      },
    };
    expect(celProblems(schema, { list: ['ok', 'a'], map: { k: 'b' }, field: 'c' }).map(({ path }) => path)).toEqual([
      'list[1]',
      'map.k',
      'field',
    ]);
    expect(celProblems(schema, { field: null })).toEqual([]);
  });
});
