import { reduceSchema } from '../../../scripts/imports/reduce-schema';

test('takes prose away, but not a field that is called like it', () => {
  const raw = { type: 'object', description: 'prose', properties: { description: { type: 'string', description: 'prose' } } };
  expect(reduceSchema(raw, 'Foo')).toEqual({ type: 'object', properties: { description: { type: 'string' } } });
});

test('reaches every nested schema', () => {
  const prose = { description: 'prose' };
  const raw = { items: prose, additionalProperties: prose, not: prose, allOf: [prose], anyOf: [prose], oneOf: [prose] };
  expect(reduceSchema(raw, 'Foo')).toEqual({ items: {}, additionalProperties: {}, not: {}, allOf: [{}], anyOf: [{}], oneOf: [{}] });
});

test('refuses a keyword that the validator does not know', () => {
  expect(() => reduceSchema({ properties: { a: { uniqueItems: true } } }, 'Foo')).toThrow(
    'unknown schema keyword `uniqueItems` at `Foo.properties.a`',
  );
});
