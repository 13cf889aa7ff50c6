import type { HttpMatchProps, RedirectOptions } from '../../lib';
import { HeaderMatch, HttpMatch, PathMatch, RouteAction, Timeout } from '../../lib';
import { MeshApp, thrown } from '../support/mesh-app';

const TESTER = HeaderMatch.exact('x-group', 'old');

function redirecting(match: HttpMatchProps, redirect: RedirectOptions, routeFor?: string): () => unknown {
  const app = new MeshApp();
  const cart = app.service('cart');
  cart.addRoute({ name: 'moved', matches: [HttpMatch.allOf(match)], action: RouteAction.redirect(redirect) });
  if (routeFor !== undefined) {
    cart.addRoute({
      name: 'target',
      matches: [HttpMatch.allOf({ path: PathMatch.exact(routeFor) })],
      timeout: Timeout.off(),
    });
  }
  return () => app.objects();
}

test.each<[string, HttpMatchProps, RedirectOptions]>([
  ['the path itself', { path: PathMatch.exact('/a') }, { path: '/a' }],
  ['a path below', { path: PathMatch.prefix('/a') }, { path: '/a/b' }],
  ['a path where only a header is asked for', { headers: [TESTER] }, { path: '/old' }],
])('a redirect to %s would lead to itself again', (_, match, redirect) => {
  expect(thrown(redirecting(match, redirect))).toMatch(
    /MESH-API-064: route `moved` of port `http` of `shop\/cart` redirects to `\/.*`, which it matches again, .*; fix: narrow/,
  );
});

test('a redirect that ends is kept', () => {
  expect(redirecting({ path: PathMatch.prefix('/a') }, { path: '/b' })).not.toThrow();
  expect(redirecting({ path: PathMatch.exact('/a') }, { path: '/a', host: 'www.example.com' })).not.toThrow();
  expect(redirecting({ path: PathMatch.exact('/a'), methods: ['POST'] }, { path: '/a', status: 303 })).not.toThrow();
  expect(redirecting({ headers: [TESTER] }, { path: '/old' }, '/old')).not.toThrow();
});
