import { PathMatch, intersectPaths } from '../../lib/intent/path-match';

test('a prefix with and without a slash at its end is the same', () => {
  expect(PathMatch.prefix('/api/')).toEqual(PathMatch.prefix('/api'));
  expect(PathMatch.prefix('/').value).toBe('/');
});

test.each(['/store/{**}', '/{*}', '/a/{*}/b/{**}', '/store/{**}/cart'])('%s is a template', (template) => {
  expect(PathMatch.template(template).value).toBe(template);
});

const [exact, prefix, template] = [
  (path: string) => PathMatch.exact(path),
  (path: string) => PathMatch.prefix(path),
  (path: string) => PathMatch.template(path),
];

test.each<[string, PathMatch, PathMatch, readonly PathMatch[] | undefined]>([
  ['a path below a prefix', exact('/a/b'), prefix('/a'), [exact('/a/b')]],
  ['the path of a prefix itself', exact('/a'), prefix('/a'), [exact('/a')]],
  ['a path that only begins with the letters of a prefix', exact('/ab'), prefix('/a'), []],
  ['a prefix inside a prefix', prefix('/a/b'), prefix('/a'), [prefix('/a/b')]],
  ['a prefix beside a prefix', prefix('/ab'), prefix('/a'), []],
  ['everything and a template', prefix('/'), template('/a/{*}'), [template('/a/{*}')]],
  ['a template and itself', template('/a/{*}'), template('/a/{*}'), [template('/a/{*}')]],
  ['two paths', exact('/a'), exact('/b'), []],
  ['a template and a path, which only a proxy can compare', template('/a/{*}'), exact('/a/b'), undefined],
  ['a template and a prefix, which only a proxy can compare', template('/a/{*}'), prefix('/a'), undefined],
])('what %s have in common', (_, a, b, common) => {
  expect(intersectPaths(a, b)).toEqual(common);
  expect(intersectPaths(b, a)).toEqual(common);
});
