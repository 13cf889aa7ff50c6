import { formatJson } from '../../../scripts/imports/json';

test('writes what fits on one line, and breaks the rest so that it diffs', () => {
  const long = 'x'.repeat(60);
  const value = { short: { a: [1, 2] }, long: [long, long] };
  expect(formatJson(value)).toBe(`{\n "short": {"a":[1,2]},\n "long": [\n  "${long}",\n  "${long}"\n ]\n}\n`);
  expect(JSON.parse(formatJson(value))).toEqual(value);
});
