import { Code, MeshError, quoted } from '../errors';
import { givenList, givenMade, givenOptions, givenPeer } from './given';
import type { Conditions } from './conditions';
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
    return new HttpMatch(givenOptions('a match', props));
  }

  /**
   * @internal
   */
  readonly _conditions: Conditions;

  private constructor({ path, methods = [], headers = [], query = [], callers = [] }: HttpMatchProps) {
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
    if (path === undefined && [methods, headers, query, callers].every((list) => list.length === 0)) {
      throw new MeshError(
        Code.MATCH,
        'a match without conditions would match every request',
        'give a `path`, `methods`, `headers`, `query` or `callers`',
      );
    }
    const compared = joinedCookies(headers);
    requireOnce('header', compared);
    requireOnce('query parameter', query);
    this._conditions = {
      ...(path === undefined ? {} : { path }),
      methods: requireMethods(methods),
      headers: compared,
      query,
      callers: peers.map((caller) => requireCaller('a match', givenPeer('a caller of a match', caller))),
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
