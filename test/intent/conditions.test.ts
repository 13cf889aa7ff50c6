import type { Conditions } from '../../lib/intent/conditions';
import { ANYTHING, coversConditions, intersect } from '../../lib/intent/conditions';
import { HeaderMatch } from '../../lib/intent/header-match';
import { HttpMatch } from '../../lib/intent/http-match';
import { PathMatch } from '../../lib/intent/path-match';
import type { CallerRef } from '../../lib/intent/peer';
import { QueryMatch } from '../../lib/intent/query-match';
import { bySpecificity } from '../../lib/intent/specificity';
import { shopRef } from '../support/istio-intent';

const { exact, prefix, regex, cookie } = HeaderMatch;
const SHOP: CallerRef = { kind: 'namespace', namespace: 'shop' };
const WEB = shopRef('web');
const robot = (podLabels?: Record<string, string>): CallerRef => ({
  kind: 'serviceAccount',
  namespace: 'shop',
  serviceAccount: 'robot',
  ...(podLabels === undefined ? {} : { podLabels }),
});

function only(part: Partial<Conditions>): Conditions {
  return { ...ANYTHING, ...part };
}

test.each<[string, Partial<Conditions>, Partial<Conditions>, Partial<Conditions> | 'none' | undefined]>([
  ['everything and a method', {}, { methods: ['GET'] }, { methods: ['GET'] }],
  ['methods that overlap', { methods: ['GET', 'PUT'] }, { methods: ['PUT', 'POST'] }, { methods: ['PUT'] }],
  ['other methods', { methods: ['GET'] }, { methods: ['POST'] }, 'none'],
  [
    'a header and another',
    { headers: [exact('a', '1')] },
    { headers: [exact('b', '2')] },
    { headers: [exact('a', '1'), exact('b', '2')] },
  ],
  [
    'a value and its prefix',
    { headers: [prefix('a', 'x')] },
    { headers: [exact('a', 'xy')] },
    { headers: [exact('a', 'xy')] },
  ],
  [
    'prefixes of which one is longer',
    { headers: [prefix('a', 'x')] },
    { headers: [prefix('a', 'xy')] },
    { headers: [prefix('a', 'xy')] },
  ],
  ['prefixes that part', { headers: [prefix('a', 'xa')] }, { headers: [prefix('a', 'xy')] }, 'none'],
  ['a value and another prefix', { headers: [prefix('a', 'y')] }, { headers: [exact('a', 'xy')] }, 'none'],
  [
    'a value that an expression matches',
    { headers: [regex('a', 'x.')] },
    { headers: [exact('a', 'xy')] },
    { headers: [exact('a', 'xy')] },
  ],
  [
    'a value that an expression does not match',
    { headers: [regex('a', 'x')] },
    { headers: [exact('a', 'xy')] },
    'none',
  ],
  [
    'an expression and a prefix, which only a proxy can compare',
    { headers: [regex('a', 'x.')] },
    { headers: [prefix('a', 'x')] },
    undefined,
  ],
  [
    'two cookies, which are expressions on one header',
    { headers: [cookie('a', '1')] },
    { headers: [cookie('b', '1')] },
    { headers: HttpMatch.allOf({ headers: [cookie('a', '1'), cookie('b', '1')] })._conditions.headers },
  ],
  [
    'one cookie with two values, which only a proxy can compare',
    { headers: [cookie('a', '1')] },
    { headers: [cookie('a', '2')] },
    undefined,
  ],
  [
    'other methods, whatever else only a proxy could tell',
    { methods: ['GET'], headers: [regex('a', 'x')] },
    { methods: ['PUT'], headers: [prefix('a', 'x')] },
    'none',
  ],
  ['other query parameters', { query: [QueryMatch.exact('q', '1')] }, { query: [QueryMatch.exact('q', '2')] }, 'none'],
  [
    'a path and a header',
    { path: PathMatch.exact('/a') },
    { headers: [exact('a', '1')] },
    { path: PathMatch.exact('/a'), headers: [exact('a', '1')] },
  ],
  ['other paths', { path: PathMatch.exact('/a') }, { path: PathMatch.exact('/b') }, 'none'],
  ['a namespace and a service in it', { callers: [SHOP] }, { callers: [WEB] }, { callers: [WEB] }],
  [
    'a namespace and an account in it',
    { callers: [SHOP] },
    { callers: [robot({ a: '1' })] },
    { callers: [robot({ a: '1' })] },
  ],
  ['a namespace and the gateway', { callers: [SHOP] }, { callers: [{ kind: 'ingressGateway' }] }, 'none'],
  ['other namespaces', { callers: [SHOP] }, { callers: [{ kind: 'namespace', namespace: 'ops' }] }, 'none'],
  ['other services', { callers: [WEB] }, { callers: [shopRef('cart')] }, 'none'],
  [
    'an account with few and more labels',
    { callers: [robot({ a: '1' })] },
    { callers: [robot({ a: '1', b: '2' })] },
    { callers: [robot({ a: '1', b: '2' })] },
  ],
  ['accounts whose labels part', { callers: [robot({ a: '1' })] }, { callers: [robot({ a: '2' })] }, 'none'],
  [
    'a service and an account, whose pods may be the same',
    { callers: [WEB] },
    { callers: [robot({ a: '1' })] },
    undefined,
  ],
])('what %s have in common', (_, a, b, common) => {
  const expected = common === undefined ? undefined : common === 'none' ? [] : [only(common)];
  const sorted = (found: readonly Conditions[] | undefined) =>
    found?.map((part) => ({ ...part, headers: [...part.headers].sort((x, y) => x.name.localeCompare(y.name)) }));
  expect(sorted(intersect(only(a), only(b)))).toEqual(expected);
  expect(sorted(intersect(only(b), only(a)))).toEqual(expected);
});

const CHAINS: readonly (readonly [string, readonly Partial<Conditions>[]])[] = [
  ['methods', [{ methods: ['GET'] }, { methods: ['GET', 'PUT'] }, {}]],
  [
    'headers',
    [
      { headers: [exact('a', 'xy'), exact('b', '1')] },
      { headers: [exact('a', 'xy')] },
      { headers: [prefix('a', 'xy')] },
      { headers: [prefix('a', 'x')] },
      {},
    ],
  ],
  ['expressions', [{ headers: [exact('a', 'xy')] }, { headers: [regex('a', 'x.')] }, {}]],
  ['queries', [{ query: [QueryMatch.exact('a', 'x')] }, { query: [QueryMatch.regex('a', '.*')] }, {}]],
  ['callers', [{ callers: [WEB] }, { callers: [WEB, shopRef('cart')] }, { callers: [SHOP] }, {}]],
  ['accounts', [{ callers: [robot({ a: '1', b: '2' })] }, { callers: [robot({ a: '1' })] }, { callers: [SHOP] }]],
  [
    'paths before all else',
    [
      { path: PathMatch.exact('/a/b'), methods: ['GET'] },
      { path: PathMatch.exact('/a/b') },
      { path: PathMatch.prefix('/a') },
      {},
    ],
  ],
];

test.each(CHAINS)('specific before general: %s', (_, chain) => {
  const parts = chain.map(only);
  expect([...parts].reverse().sort(bySpecificity)).toEqual(parts);
  parts.forEach((narrow, index) => {
    for (const [at, wide] of parts.entries()) {
      expect([index, at, coversConditions(wide, narrow)]).toEqual([index, at, at >= index]);
    }
  });
});

test.each([PathMatch.prefix('/'), PathMatch.regex('.*'), PathMatch.template('/{**}')])(
  'a condition that every path meets is none: %j',
  (path) => {
    expect(coversConditions(only({ path }), only({ methods: ['GET'] }))).toBe(true);
    expect(coversConditions(only({ path: PathMatch.prefix('/a') }), only({ methods: ['GET'] }))).toBe(false);
  },
);
