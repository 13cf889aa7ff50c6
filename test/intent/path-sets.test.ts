import { PathMatch } from '../../lib/intent/path-match';
import { byNarrowPath, coversPath, intersectPaths } from '../../lib/intent/path-sets';

const [exact, prefix, template, regex] = [
  (path: string) => PathMatch.exact(path),
  (path: string) => PathMatch.prefix(path),
  (path: string) => PathMatch.template(path),
  (path: string) => PathMatch.regex(path),
];

test.each<[string, PathMatch, PathMatch, readonly PathMatch[] | undefined]>([
  ['a path below a prefix', exact('/a/b'), prefix('/a'), [exact('/a/b')]],
  ['the path of a prefix itself', exact('/a'), prefix('/a'), [exact('/a')]],
  ['a path that only begins with the letters of a prefix', exact('/ab'), prefix('/a'), []],
  ['a prefix inside a prefix', prefix('/a/b'), prefix('/a'), [prefix('/a/b')]],
  ['a prefix beside a prefix', prefix('/ab'), prefix('/a'), []],
  ['everything and a template', prefix('/'), template('/a/{*}'), [template('/a/{*}')]],
  ['everything and an expression', prefix('/'), regex('/v[12]'), [regex('/v[12]')]],
  ['a template and itself', template('/a/{*}'), template('/a/{*}'), [template('/a/{*}')]],
  ['two paths', exact('/a'), exact('/b'), []],
  ['a template and a path of it', template('/a/{*}'), exact('/a/b'), [exact('/a/b')]],
  ['a template and another path', template('/a/{*}'), exact('/a/b/c'), []],
  ['an expression and a path of it', regex('/v[12]/.*'), exact('/v1/x'), [exact('/v1/x')]],
  ['an expression and another path', regex('/v[12]/.*'), exact('/v3/x'), []],
  ['a template below a prefix', template('/a/{*}'), prefix('/a'), [template('/a/{*}')]],
  ['a template beside a prefix', template('/b/{*}'), prefix('/a'), []],
  ['a template that begins with the letters of a prefix', template('/ab/{*}'), prefix('/a'), []],
  ['an expression beside a prefix', regex('/v[12]'), prefix('/api'), []],
  ['an expression beside a template', regex('/v\\d'), template('/a/{*}'), []],
  [
    'a template with one segment and with any number',
    template('/a/{*}/{*}'),
    template('/a/{**}'),
    [template('/a/{*}/{*}')],
  ],
  ['templates with other words', template('/a/{*}/b'), template('/a/{*}/c'), undefined],
  ['a template and a prefix inside of it, which only a proxy can compare', template('/{*}/b'), prefix('/a'), undefined],
  ['expressions, which only a proxy can compare', regex('/v[12]'), regex('/v[23]'), undefined],
  ['an expression that may begin anyhow', regex('(/a|/b)/.*'), prefix('/a'), undefined],
  ['an expression whose last letter may be missing', regex('/ab?c'), prefix('/a'), undefined],
])('what %s have in common', (_, a, b, common) => {
  expect(intersectPaths(a, b)).toEqual(common);
  expect(intersectPaths(b, a)).toEqual(common);
});

test.each<[PathMatch, PathMatch]>([
  [regex('/a.*'), prefix('/a')],
  [regex('/a.*'), prefix('/ab')],
  [regex('/a(/.*)?'), prefix('/a')],
  [regex('/a(?:/.*)?$'), prefix('/a/b')],
  [regex('/a\\.b.*'), exact('/a.bc')],
  [regex('.*'), prefix('/')],
  [prefix('/'), regex('.*')],
  [template('/{**}'), prefix('/a')],
  [template('/a/{**}'), prefix('/a/b')],
  [template('/a/{**}'), template('/a/{*}/{**}')],
  [template('/{*}/{**}'), template('/a/{*}/b/{**}')],
  [template('/{*}/{*}'), template('/a/{*}')],
  [prefix('/a'), regex('/a/v[12]')],
])('%j takes all of %j', (wide, narrow) => {
  expect(coversPath(wide, narrow)).toBe(true);
  expect(intersectPaths(wide, narrow)).toHaveLength(1);
});

test.each<[PathMatch, PathMatch]>([
  [template('/a/{**}'), prefix('/a')],
  [template('/a/{*}'), template('/a/{**}')],
  [template('/a/{*}/{*}'), template('/a/{*}/{**}')],
  [template('/a/{*}'), template('/{*}/b')],
  [regex('/a(/.*)?'), prefix('/ab')],
  [regex('/ab?.*'), prefix('/ab')],
  [prefix('/a'), regex('/a.*')],
  [prefix('/a'), regex('/ab?/x')],
  [prefix('/a'), regex('/a/x|/b')],
  [exact('/a'), prefix('/a')],
])('%j does not take all of %j', (wide, narrow) => {
  expect(coversPath(wide, narrow)).toBe(false);
});

test('what takes all of another never comes before it', () => {
  const paths = [
    ...['/', '/a', '/a/b', '/ab'].map(prefix),
    ...['/a', '/a/b', '/a/b/c', '/'].map(exact),
    ...['/{**}', '/{*}', '/a/{*}', '/a/{**}', '/a/{*}/{**}', '/a/{*}/b', '/{*}/{*}', '/{*}/b/{**}'].map(template),
    ...['.*', '/.*', '/a.*', '/a(/.*)?', '/a/b.*', '/[ab]', '/a/[bc]', '/a/b(/v1)?'].map(regex),
  ];
  for (const wide of paths) {
    for (const narrow of paths.filter((path) => coversPath(wide, path) && !coversPath(path, wide))) {
      expect([wide, narrow, byNarrowPath(wide, narrow)]).toEqual([wide, narrow, expect.any(Number)]);
      expect(byNarrowPath(wide, narrow)).toBeGreaterThan(0);
    }
  }
});
