import { Code, MeshError } from '../errors';
import type { TokenDemand } from '../intent/edge-tokens';
import { givenShape } from '../intent/given';
import type { PathMatch } from '../intent/path-match';
import type { TokenIssuer } from '../intent/token-issuer';

/** Which requests at a gateway need a token, and whose. */
export interface RequiredTokensOptions {
  /** Who may have issued it, any of whom. */
  readonly issuers: TokenIssuer[];
  /**
   * Paths that need it, as clients ask for them. Those of all other paths then do not.
   * @default - every path
   */
  readonly paths?: PathMatch[];
  /**
   * Paths that do not need it, for example that of a login.
   * @default - none
   */
  readonly exceptPaths?: PathMatch[];
  /**
   * Whether preflight requests (OPTIONS with `Access-Control-Request-Method`) do not need it. Browsers send them without.
   * @default false
   */
  readonly exceptPreflight?: boolean;
}

/** Whose tokens a gateway takes of requests that may come without. */
export interface OptionalTokensOptions {
  /** Who may have issued it, any of whom. */
  readonly issuers: TokenIssuer[];
}

/**
 * What a gateway does about the tokens of requests: it checks them before anything reaches a service.
 *
 * @example
 * import { IngressTokens, PathMatch, TokenIssuer, TokenKeys } from 'cdk8s-mesh';
 * const login = new TokenIssuer({
 *   issuer: 'https://login.example.com',
 *   keys: TokenKeys.url('https://login.example.com/.well-known/jwks.json'),
 *   audiences: ['shop'],
 * });
 * const account = IngressTokens.required({ issuers: [login], paths: [PathMatch.prefix('/account')] });
 * const known = IngressTokens.optional({ issuers: [login] });
 */
export class IngressTokens {
  /** Requests without a token of one of these issuers are refused by 403, and those with a wrong one by 401. */
  static required(options: RequiredTokensOptions): IngressTokens {
    const { issuers, paths, exceptPaths, exceptPreflight } = givenShape('tokens of an ingress', options, {
      issuers: 'made:issuer[]',
      paths: 'made:kind[]?',
      exceptPaths: 'made:kind[]?',
      exceptPreflight: 'flag?',
    });
    if (paths?.length === 0) {
      throw new MeshError(Code.TOKEN, 'tokens of an ingress have empty `paths`', 'leave `paths` out for every path');
    }
    return new IngressTokens({
      issuers: requireIssuers(issuers),
      required: true,
      paths: paths ?? [],
      exceptPaths: exceptPaths ?? [],
      exceptPreflight: exceptPreflight ?? false,
    });
  }

  /**
   * Requests may come without a token. Wrong ones are refused by 401 and those of other issuers by 403, so that routes can go by
   * the claims of those that get in.
   */
  static optional(options: OptionalTokensOptions): IngressTokens {
    const { issuers } = givenShape('tokens of an ingress', options, { issuers: 'made:issuer[]' });
    return new IngressTokens({
      issuers: requireIssuers(issuers),
      required: false,
      paths: [],
      exceptPaths: [],
      exceptPreflight: false,
    });
  }

  /**
   * The same as data.
   * @internal
   */
  readonly _demand: TokenDemand;

  private constructor(demand: TokenDemand) {
    this._demand = demand;
  }
}

function requireIssuers(issuers: readonly TokenIssuer[]): readonly TokenIssuer[] {
  if (issuers.length === 0) {
    throw new MeshError(Code.TOKEN, 'tokens of an ingress name no issuer', 'give the `issuers` whose tokens are taken');
  }
  return issuers;
}
