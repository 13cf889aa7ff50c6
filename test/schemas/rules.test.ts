import { celProblems } from '../../lib/schemas/cel/check';
import { compileRule } from '../../lib/schemas/cel/compile';
import { knownFormats } from '../../lib/schemas/formats';
import { compileRegex } from '../../lib/schemas/regex';
import type { CelRule } from '../../lib/schemas/schema';
import { shippedNodes } from './shipped';

const nodes = shippedNodes();
const rules = nodes.flatMap(({ at, schema }) =>
  (schema['x-kubernetes-validations'] ?? []).map((rule) => ({ at, rule })),
);
const distinct = new Map(rules.map(({ at, rule }) => [rule.rule, { at, rule }]));

test('ships the rules of Istio and of the Gateway API', () => {
  const kinds = new Set(rules.map(({ at }) => at.split(/[.[{?]/)[0]));
  expect([...kinds]).toEqual(
    expect.arrayContaining(['AuthorizationPolicy', 'HTTPRoute', 'PeerAuthentication', 'ServiceEntry']),
  );
  expect(distinct.size).toBeGreaterThan(100);
});

test.each([...distinct.values()].map(({ at, rule }) => [at, rule.rule, rule] as const))(
  '%s: compiles %s',
  (_at, _text, rule) => {
    expect(() => compileRule(rule)).not.toThrow();
  },
);

test('keeps rules only where the walk over fields and items finds them', () => {
  const hidden = nodes.filter(
    ({ schema, isStructural }) => schema['x-kubernetes-validations'] !== undefined && !isStructural,
  );
  expect(hidden).toEqual([]);
});

test('compiles every pattern', () => {
  const patterns = nodes.flatMap(({ schema }) => (schema.pattern === undefined ? [] : [schema.pattern]));
  expect(patterns.length).toBeGreaterThan(0);
  for (const pattern of patterns) expect(() => compileRegex(pattern)).not.toThrow();
});

test('knows every format', () => {
  const formats = new Set(nodes.flatMap(({ schema }) => (schema.format === undefined ? [] : [schema.format])));
  expect([...formats].filter((format) => !knownFormats.includes(format))).toEqual([]);
});

function refusals(value: unknown, rule: CelRule): readonly string[] {
  return celProblems(
    { type: typeof value === 'number' ? 'integer' : 'string', 'x-kubernetes-validations': [rule] },
    value,
  ).map(({ message }) => message);
}

describe('never skips a rule', () => {
  test.each([
    ['of a syntax that it cannot parse', 'self.?a', 'cannot be compiled'],
    ['with an unknown function, even behind a branch not taken', 'true || quux(self)', 'unknown CEL function `quux`'],
    ['with an unknown name', 'true || other == self', 'unknown CEL identifier `other`'],
    ['that fails while it runs', 'int(self) > 0', 'cannot be evaluated'],
    ['that answers something else than yes or no', 'self', 'instead of a boolean'],
  ])('%s', (_name, rule, message) => {
    expect(refusals('a', { rule })).toEqual([expect.stringContaining(message)]);
  });
});

test('leaves out rules about changes, which have no older object to compare with', () => {
  expect(refusals('a', { rule: 'self == oldSelf' })).toEqual([]);
  expect(refusals('a', { rule: 'self == oldSelf', optionalOldSelf: true })).toEqual([
    expect.stringContaining('a rule with an optional `oldSelf` is not supported'),
  ]);
});

test('says what the rule says: its message, the message that it computes, or the rule itself', () => {
  expect(refusals('a', { rule: 'self == "b"', message: 'must be b' })).toEqual(['must be b']);
  expect(refusals('a', { rule: 'self == "b"', messageExpression: '"not b but " + self' })).toEqual(['not b but a']);
  expect(refusals('a', { rule: 'self == "b"' })).toEqual(['failed rule: self == "b"']);
  expect(refusals('a', { rule: 'duration(self) > duration("1s")', message: 'must be long' })).toEqual([
    expect.stringMatching(/^must be long; the rule cannot be evaluated: /),
  ]);
});

test('tells integers from doubles', () => {
  expect(refusals(2, { rule: 'self / 4 == 0' })).toEqual([]);
});
