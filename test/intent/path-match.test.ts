import { PathMatch } from '../../lib/intent/path-match';

test('a prefix with and without a slash at its end is the same', () => {
  expect(PathMatch.prefix('/api/')).toEqual(PathMatch.prefix('/api'));
  expect(PathMatch.prefix('/').value).toBe('/');
});

test.each(['/store/{**}', '/{*}', '/a/{*}/b/{**}', '/store/{**}/cart'])('%s is a template', (template) => {
  expect(PathMatch.template(template).value).toBe(template);
});
