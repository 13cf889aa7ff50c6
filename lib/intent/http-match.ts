import { Code, MeshError, quoted } from '../errors';
import type { ClaimCondition } from './claim';
import { givenList, givenMade, givenOptions, givenPeer } from './given';
import type { Conditions } from './conditions';
import { sameClaim } from './conditions';
import { HeaderMatch } from './header-match';
import { requireMethods } from './operation';
import type { PathMatch } from './path-match';
import type { CallerRef, IPeer } from './peer';
import type { QueryMatch } from './query-match';

/** Conditions of a match, all of which must hold. */
export interface HttpMatchProps {
  /**
   * A condition on the path.
   * @default - every path
   */
  readonly path?: PathMatch;
  /**
   * HTTP methods in capitals, any of which matches.
   * @default - every method
   */
  readonly methods?: string[];
  /**
   * Conditions on headers, one per header.
   * @default - none
   */
  readonly headers?: HeaderMatch[];
  /**
   * Conditions on query parameters, one per parameter.
   * @default - none
   */
  readonly query?: QueryMatch[];
  /**
   * Callers, any of which matches: services, namespaces, and service accounts with `podLabels`. At a gateway, where callers
   * are outside the mesh, a match with callers never holds.
   * @default - every caller
   */
  readonly callers?: IPeer[];
  /**
   * Claims of the request's token, all of which hold; at `routes` of an `IngressRoute` only, whose gateway checks tokens. Excludes `callers`.
   * @default - whatever the token says, or none
   */
  readonly claims?: ClaimCondition[];
}

/**
 * A condition on a request: all of its parts must hold. Lists of matches mean that any of them suffices.
 *
 * @example
 * import { HeaderMatch, HttpMatch, PathMatch } from 'cdk8s-mesh';
 * const canary = HttpMatch.allOf({ headers: [HeaderMatch.exact('x-canary', 'true')], path: PathMatch.prefix('/api') });
 */
export class HttpMatch {
  /** All of these conditions hold. */
  static allOf(props: HttpMatchProps): HttpMatch {
    const empty = Object.entries(givenOptions('a match', props)).find(
      ([, list]) => Array.isArray(list) && list.length === 0,
    );
    if (empty !== undefined && Object.values(props).some((value) => value !== undefined && value !== empty[1])) {
      throw new MeshError(
        Code.MATCH,
        `a match has empty \`${empty[0]}\`, which would match whatever it is`,
        `name some, or leave \`${empty[0]}\` out to mean that`,
      );
    }
    return new HttpMatch(props);
  }

  /**
   * @internal
   */
  readonly _conditions: Conditions;

  private constructor({ path, methods = [], headers = [], query = [], callers = [], claims = [] }: HttpMatchProps) {
    const peers = givenList('`callers` of a match', callers);
    if (path !== undefined) {
      givenMade('`path` of a match', path, 'kind', 'made by `PathMatch`');
    }
    givenList('`headers` of a match', headers).forEach((header) =>
      givenMade('a header of a match', header, 'kind', 'made by `HeaderMatch`'),
    );
    givenList('`query` of a match', query).forEach((each) =>
      givenMade('a query parameter of a match', each, 'kind', 'made by `QueryMatch`'),
    );
    givenList('`methods` of a match', methods);
    givenList('`claims` of a match', claims).forEach((claim) =>
      givenMade('a claim of a match', claim, 'names', 'made by `Claim`'),
    );
    if (path === undefined && [methods, headers, query, callers, claims].every((list) => list.length === 0)) {
      throw new MeshError(
        Code.MATCH,
        'a match without conditions would match every request',
        'give a `path`, `methods`, `headers`, `query`, `callers` or `claims`',
      );
    }
    const compared = joinedCookies(headers);
    requireOnce('header', compared);
    requireOnce('query parameter', query);
    requireDistinctClaims(claims);
    requireOutside(claims, callers);
    this._conditions = {
      ...(path === undefined ? {} : { path }),
      methods: requireMethods(methods),
      headers: compared,
      query,
      callers: peers.map((caller) => requireCaller('a match', givenPeer('a caller of a match', caller))),
      ...(claims.length === 0 ? {} : { claims }),
    };
  }
}

/** Two cookies stand in one header. */
function joinedCookies(headers: readonly HeaderMatch[]): readonly HeaderMatch[] {
  const cookies = headers.filter(({ name }) => name === 'cookie');
  const [one, other, ...more] = cookies;
  const both = one === undefined || other === undefined ? undefined : HeaderMatch._bothCookies(one, other);
  return both === undefined || more.length > 0
    ? headers
    : [...headers.filter((header) => !cookies.includes(header)), both];
}

function requireOnce(what: string, matches: readonly { readonly name: string }[]): void {
  const names = matches.map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  if (twice.length > 0) {
    throw new MeshError(
      Code.MATCH,
      `${what} ${quoted(twice)} stands twice in one match, where only one condition for each can hold`,
      twice.includes('cookie')
        ? 'give at most two conditions with `HeaderMatch.cookie`, on different cookies, or one with `HeaderMatch.regex`'
        : 'join the conditions in one `regex`',
    );
  }
}

function requireDistinctClaims(claims: readonly ClaimCondition[]): void {
  const twice = claims.find((claim, index) => claims.slice(0, index).some((other) => sameClaim(claim, other)));
  if (twice !== undefined) {
    throw new MeshError(
      Code.MATCH,
      `claim \`${twice.names.join('.')}\` stands twice in one match, where only one condition for each can hold`,
      'give one condition for each claim',
    );
  }
}

function requireOutside(claims: readonly ClaimCondition[], callers: readonly IPeer[]): void {
  if (claims.length > 0 && callers.length > 0) {
    throw new MeshError(
      Code.CLAIM_ROUTE,
      'a match has `claims`, which only a gateway sees, and `callers`, which it never sees',
      'give one of them',
    );
  }
}

/** Refuses claims where proxies of the mesh would compare them, which see none. */
export function requireNoClaims(where: string, matches: readonly HttpMatch[]): void {
  const claim = matches.flatMap(({ _conditions }) => _conditions.claims ?? [])[0];
  if (claim !== undefined) {
    throw new MeshError(
      Code.CLAIM_ROUTE,
      `${where} matches claim \`${claim.names.join('.')}\`, which proxies inside the mesh never match: only gateways go by claims`,
      'give the match to `routes` of the `IngressRoute`; what is allowed to whom is said with `claims` of a grant',
    );
  }
}

/** Refuses callers that a proxy does not know itself to be. */
export function requireCaller(where: string, caller: CallerRef): CallerRef {
  const known =
    caller.kind === 'service' ||
    caller.kind === 'namespace' ||
    (caller.kind === 'serviceAccount' && caller.podLabels !== undefined);
  if (!known) {
    throw new MeshError(
      Code.MATCH,
      `${where} names a caller of kind \`${caller.kind}\`, which proxies cannot tell from others when they route`,
      'name services, namespaces, or service accounts with `podLabels`',
    );
  }
  return caller;
}
