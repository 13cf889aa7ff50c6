import { Code, MeshError, quoted } from '../errors';
import { givenShape } from './given';

/** A header that carries a token. */
export interface TokenHeader {
  /** Name of the header. */
  readonly name: string;
  /**
   * What stands before the token.
   * @default - nothing
   */
  readonly prefix?: string;
}

/** Somebody who issues tokens, and where requests carry them. */
export interface TokenIssuerProps {
  /** Who issued a token, exactly as its claim `iss` says it. */
  readonly issuer: string;
  /** The keys with which its tokens are checked. */
  readonly keys: TokenKeys;
  /**
   * For whom a token must be issued, any of which (claim `aud`). Excludes `anyAudience`, and one of both is needed: whoever
   * gets a token for another application of the same issuer could use it here otherwise.
   * @default - none
   */
  readonly audiences?: string[];
  /**
   * Whether tokens for any audience are taken.
   * @default false
   */
  readonly anyAudience?: boolean;
  /**
   * Headers that carry a token.
   * @default - `Authorization` with prefix `Bearer `, or the query parameter `access_token`, unless another place is named
   */
  readonly fromHeaders?: TokenHeader[];
  /**
   * Names of cookies that carry a token.
   * @default - none
   */
  readonly fromCookies?: string[];
  /**
   * Names of query parameters that carry a token. Addresses end up in logs, and the token with them.
   * @default - none
   */
  readonly fromParams?: string[];
  /**
   * Whether the application gets the token, too.
   * @default false
   */
  readonly forward?: boolean;
}

/**
 * The public keys of an issuer.
 *
 * @example
 * import { TokenKeys } from 'cdk8s-mesh';
 * const keys = TokenKeys.url('https://login.example.com/.well-known/jwks.json');
 */
export class TokenKeys {
  /** Keys that the control plane fetches from here, by HTTPS. */
  static url(url: string): TokenKeys {
    if (!/^https:\/\/[^\s/?#]+(\/\S*)?$/.test(url)) {
      throw new MeshError(
        Code.TOKEN,
        `\`${url}\` is no HTTPS address of keys`,
        'give one that begins with `https://`, or the keys themselves with `TokenKeys.inline`',
      );
    }
    return new TokenKeys(url, undefined);
  }

  /** These keys: a JSON Web Key Set with public keys. */
  static inline(jwks: string): TokenKeys {
    return new TokenKeys(undefined, requirePublicKeys(jwks));
  }

  /** Keys that the control plane finds by the issuer, which must be an HTTPS address with OpenID discovery. */
  static discovered(): TokenKeys {
    return new TokenKeys(undefined, undefined);
  }

  /** Where the keys are fetched from. */
  readonly location: string | undefined;
  /** The keys themselves. */
  readonly jwks: string | undefined;

  private constructor(location: string | undefined, jwks: string | undefined) {
    this.location = location;
    this.jwks = jwks;
  }
}

/**
 * Somebody who issues tokens (JSON Web Tokens).
 *
 * @example
 * import { TokenIssuer, TokenKeys } from 'cdk8s-mesh';
 * const login = new TokenIssuer({
 *   issuer: 'https://login.example.com',
 *   keys: TokenKeys.url('https://login.example.com/.well-known/jwks.json'),
 *   audiences: ['shop'],
 * });
 */
export class TokenIssuer {
  /** Who issued a token, exactly as its claim `iss` says it. */
  readonly issuer: string;
  /** The keys with which its tokens are checked. */
  readonly keys: TokenKeys;
  /** For whom a token must be issued, any of which; none means anybody. */
  readonly audiences: string[];
  /** Headers that carry a token. */
  readonly fromHeaders: TokenHeader[];
  /** Names of cookies that carry a token. */
  readonly fromCookies: string[];
  /** Names of query parameters that carry a token. */
  readonly fromParams: string[];
  /** Whether the application gets the token, too. */
  readonly forward: boolean;

  constructor(props: TokenIssuerProps) {
    givenShape('a token issuer', props, {
      issuer: 'text',
      keys: 'made:jwks',
      audiences: 'text[]?',
      anyAudience: 'flag?',
      fromHeaders: 'object[]?',
      fromCookies: 'text[]?',
      fromParams: 'text[]?',
      forward: 'flag?',
    });
    this.issuer = requireIssuer(props.issuer, props.keys);
    this.keys = props.keys;
    this.audiences = requireAudiences(props);
    this.fromHeaders = (props.fromHeaders ?? []).map((header) => requireHeader(header));
    this.fromCookies = (props.fromCookies ?? []).map((name) => requireToken('cookie', name));
    this.fromParams = (props.fromParams ?? []).map((name) => requireToken('query parameter', name));
    this.forward = props.forward ?? false;
  }
}

function requireIssuer(issuer: string, keys: TokenKeys): string {
  if (issuer === '' || /[\s*]/.test(issuer)) {
    throw new MeshError(
      Code.TOKEN,
      `issuer \`${issuer}\` is none`,
      'write it exactly as the claim `iss` of its tokens says it',
    );
  }
  if (keys.location === undefined && keys.jwks === undefined && !issuer.startsWith('https://')) {
    throw new MeshError(
      Code.TOKEN,
      `the keys of issuer \`${issuer}\` cannot be discovered, since it is no HTTPS address`,
      'say where they are with `TokenKeys.url`, or give them with `TokenKeys.inline`',
    );
  }
  return issuer;
}

function requireAudiences({ issuer, audiences = [], anyAudience = false }: TokenIssuerProps): string[] {
  if (audiences.length > 0 === anyAudience || audiences.includes('')) {
    throw new MeshError(
      Code.TOKEN,
      anyAudience
        ? `issuer \`${issuer}\` has both \`audiences\` and \`anyAudience\``
        : `issuer \`${issuer}\` names no \`audiences\`, so that tokens for other applications would do`,
      "give the `audiences` that this app's tokens are for, or say `anyAudience: true`",
    );
  }
  return [...new Set(audiences)];
}

function requireHeader(header: TokenHeader): TokenHeader {
  const { name, prefix } = givenShape('a header with a token', header, { name: 'text', prefix: 'text?' });
  return { name: requireToken('header', name), ...(prefix === undefined ? {} : { prefix }) };
}

/** Refuses what is no name of a header, cookie or parameter (an RFC 9110 token). */
function requireToken(kind: string, name: string): string {
  if (/^[-!#$%&'*+.^`|~\w]+$/.test(name)) {
    return name;
  }
  throw new MeshError(Code.TOKEN, `${kind} \`${name}\` is not a name`, `give the name of the ${kind} with the token`);
}

/** Members of a key that nobody but its owner may know (RFC 7518). */
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

function requirePublicKeys(jwks: string): string {
  const keys = parseKeys(jwks);
  if (keys === undefined) {
    throw new MeshError(
      Code.TOKEN,
      'inline keys are no JSON Web Key Set: `keys` with at least one key that has a `kty` is missing',
      'give the JSON text of the set, for example from the `jwks_uri` of the issuer',
    );
  }
  const secret = keys.flatMap((key) => PRIVATE.filter((member) => member in key));
  if (secret.length > 0) {
    throw new MeshError(
      Code.TOKEN,
      `inline keys have ${quoted(new Set(secret))}, which is private: whoever reads the manifests could issue tokens`,
      'give the public keys only, and replace the key that was written down',
    );
  }
  return JSON.stringify({ keys });
}

function parseKeys(jwks: string): readonly object[] | undefined {
  try {
    const { keys } = JSON.parse(jwks) as { readonly keys?: unknown };
    const isKey = (key: unknown): key is object =>
      typeof key === 'object' && key !== null && 'kty' in key && typeof key.kty === 'string';
    return Array.isArray(keys) && keys.length > 0 && keys.every(isKey) ? keys : undefined;
  } catch {
    return undefined;
  }
}
