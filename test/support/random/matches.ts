import type { ClaimCondition, HttpMatchProps, HttpOperationOptions, IPeer } from '../../../lib';
import { Claim, HeaderMatch, HttpMatch, Operation, PathMatch, QueryMatch } from '../../../lib';
import {
  always,
  become,
  both,
  factories,
  listOf,
  named,
  ofWorld,
  often,
  oneOf,
  part,
  seldom,
  struct,
  values,
} from './some';
import type { Any } from './world';

const LETTERS = [...'abcdefghijkl'];
const plain = values(
  ['/', '/api/v1', '/shop/a.b', ...LETTERS.flatMap((letter) => [`/${letter}`, `/${letter}/${letter}`])],
  ['api', '/a b', '/a*'],
);
const template = values(['/api/{*}', '/shop/{**}', '/{*}/v1', '/t/{*}/{**}'], ['/{**}/{*}']);
const regex = values(['/v[12]', '/api/.*', '/shop(/.*)?', '/r/[a-z]+'], ['(?!a)', '']);
const exactPath = become(plain, 'PathMatch.exact', (text) => PathMatch.exact(text));
const prefixPath = become(plain, 'PathMatch.prefix', (text) => PathMatch.prefix(text));

/** A path, in each way that there is. */
export const path: Any<PathMatch> = factories<typeof PathMatch>('PathMatch')({
  exact: exactPath,
  prefix: prefixPath,
  template: become(template, 'PathMatch.template', (text) => PathMatch.template(text)),
  regex: become(regex, 'PathMatch.regex', (text) => PathMatch.regex(text)),
});

/** A path that policies can compare. */
export const grantedPath = oneOf(named('PathMatch.exact', exactPath), named('PathMatch.prefix', prefixPath));

const methods = listOf(values(['GET', 'POST', 'PUT', 'OPTIONS', 'DELETE'], ['get']), 1, 2);
const headerName = values(['x-a', 'x-b', 'x-c', 'x-d'], ['X-A', ':path']);
const text = values(['1', 'beta-', 'a.b'], ['']);
const pattern = values(['.+', '[a-z]+', '\\d+|x'], ['(a)\\1', '(?!a)']);

/** A condition on a header. */
export const header: Any<HeaderMatch> = factories<typeof HeaderMatch>('HeaderMatch')({
  exact: both(headerName, text, (name, value) => HeaderMatch.exact(name, value)),
  prefix: both(headerName, text, (name, value) => HeaderMatch.prefix(name, value)),
  regex: both(headerName, pattern, (name, value) => HeaderMatch.regex(name, value)),
  cookie: both(values(['group', 'uid'], ['a b']), values(['a.b', 'testers']), (name, value) =>
    HeaderMatch.cookie(name, value),
  ),
});

const queryName = values(['a', 'b', 'c'], ['']);
const query: Any<QueryMatch> = factories<typeof QueryMatch>('QueryMatch')({
  // `?a=` has a value, an empty one.
  exact: both(queryName, values(['1', 'a.b', '']), (name, value) => QueryMatch.exact(name, value)),
  prefix: both(queryName, text, (name, value) => QueryMatch.prefix(name, value)),
  regex: both(queryName, pattern, (name, value) => QueryMatch.regex(name, value)),
});

/** One who calls. */
export const caller: Any<IPeer> = oneOf(
  ofWorld('web', (world) => world.web),
  ofWorld('ops', (world) => world.ops),
  ofWorld('robot', (world) => world.robot),
);

const claim: Any<ClaimCondition> = become(
  values([['groups'], ['realm', 'roles'], ['tier']], [['a b']]),
  'Claim.path',
  (names) => Claim.path(...names).isOneOf('a.b', 'beta'),
);
/** A match of those whose token says so, which gateways make. */
export const claimMatch: Any<HttpMatch> = become(
  part<HttpMatchProps>('HttpMatchProps')({
    claims: always(listOf(claim, 1, 1)),
    path: seldom(grantedPath),
    query: { some: listOf(query, 1, 1), percent: 10 },
  }),
  'HttpMatch.allOf',
  (made) => HttpMatch.allOf(made),
);

const conditions = {
  methods: seldom(methods),
  headers: seldom(listOf(header, 1, 1)),
  query: { some: listOf(query, 1, 1), percent: 25 },
  callers: seldom(listOf(caller, 1, 2)),
};
const matching = (props: Any<HttpMatchProps>) =>
  factories<typeof HttpMatch>('HttpMatch')({
    allOf: become(props, 'HttpMatch.allOf', (made) => HttpMatch.allOf(made)),
  });

/** Any match. */
export const match: Any<HttpMatch> = matching(
  struct<HttpMatchProps>('HttpMatchProps')({
    ...conditions,
    path: { some: path, percent: 97 },
    // Proxies of the mesh see none.
    claims: { some: listOf(claim, 1, 1), percent: 1 },
  }),
);
/** A match that a preflight request of a browser matches, too. */
export const preflightMatch: Any<HttpMatch> = matching(
  part<HttpMatchProps>('HttpMatchProps')({ path: always(path), query: seldom(listOf(query, 1, 1)) }),
);
/** A match whose path can be replaced. */
export const rewritableMatch: Any<HttpMatch> = matching(
  part<HttpMatchProps>('HttpMatchProps')({ ...conditions, path: always(grantedPath) }),
);
/** A match of testers only. */
export const testersMatch: Any<HttpMatch> = matching(
  oneOf(
    part<HttpMatchProps>('HttpMatchProps')({ path: always(path), headers: always(listOf(header, 1, 1)) }),
    part<HttpMatchProps>('HttpMatchProps')({ path: always(path), callers: always(listOf(caller, 1, 1)) }),
  ),
);
/** A match that controllers of releases can make. */
export const headerMatch: Any<HttpMatch> = matching(
  part<HttpMatchProps>('HttpMatchProps')({ headers: always(listOf(header, 1, 1)) }),
);

const paths = listOf(grantedPath, 1, 2);
const httpOperation: Any<HttpOperationOptions> = oneOf(
  struct<HttpOperationOptions>('HttpOperationOptions')({ methods: always(methods), paths: often(paths) }),
  struct<HttpOperationOptions>('HttpOperationOptions')({ methods: often(methods), paths: always(paths) }),
);

const http = become(httpOperation, 'Operation.http', (options) => Operation.http(options));
const grpc = become(values(['shop.Cart', 'a.B'], ['', '/a.B']), 'Operation.grpc', (name) => Operation.grpc(name, 'C'));
/** An operation of HTTP, now and then of gRPC. */
export const operation: Any<Operation> = factories<typeof Operation>('Operation', { http: 5 })({ http, grpc });
/** A way to call the port of HTTP. */
export const httpCall: Any<Operation> = named('Operation.http', http);
/** Calls that may change something. */
export const unsafeHttpCall: Any<Operation> = named(
  'Operation.http',
  become(
    part<HttpOperationOptions>('HttpOperationOptions')({
      methods: always(values([['PUT'], ['POST', 'DELETE']], [['GET']])),
      paths: seldom(paths),
    }),
    'Operation.http',
    (options) => Operation.http(options),
  ),
);
/** A way to call the port of gRPC. */
export const grpcCall: Any<Operation> = named('Operation.grpc', grpc);
