import { Code, MeshError } from '../errors';
import { givenText } from './given';
import { byCodeUnits } from './names';
import type { ValueMatch } from './value-match';
import { ValueMatchKind, intersectValues, requireRegex } from './value-match';

/**
 * A condition on one request header (for gRPC: metadata).
 *
 * @example
 * import { HeaderMatch } from 'cdk8s-mesh';
 * const canary = HeaderMatch.exact('x-canary', 'true');
 */
export class HeaderMatch {
  /** The header has exactly this value. */
  static exact(name: string, value: string): HeaderMatch {
    return new HeaderMatch(name, ValueMatchKind.EXACT, value);
  }

  /** The header's value starts so. */
  static prefix(name: string, value: string): HeaderMatch {
    return new HeaderMatch(name, ValueMatchKind.PREFIX, value);
  }

  /** The whole value of the header matches a regular expression in RE2 syntax. */
  static regex(name: string, value: string): HeaderMatch {
    return new HeaderMatch(name, ValueMatchKind.REGEX, value);
  }

  /** The request has a cookie with exactly this value. */
  static cookie(name: string, value: string): HeaderMatch {
    givenText('the name of a cookie', name);
    givenText(`the value of cookie \`${name}\``, value);
    if (value.includes(';')) {
      throw new MeshError(
        Code.MATCH,
        `value \`${value}\` of cookie \`${name}\` has \`;\`, which ends a cookie`,
        'give the value of one cookie',
      );
    }
    return HeaderMatch._ofCookie(name, literal(value));
  }

  /**
   * The request has a cookie whose value matches an expression without `;`.
   * @internal
   */
  static _ofCookie(name: string, value: string): HeaderMatch {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) {
      throw new MeshError(Code.MATCH, `cookie name \`${name}\` is not one`, 'use letters, digits, `-` and `_`');
    }
    const cookie = { name, pair: `${literal(name)}=${value}` };
    return new HeaderMatch('cookie', ValueMatchKind.REGEX, amongCookies(cookie.pair), cookie);
  }

  /**
   * Both cookies, in either order; undefined where one of these is no condition on one cookie, or both are on the same.
   * @internal
   */
  static _bothCookies(one: HeaderMatch, other: HeaderMatch): HeaderMatch | undefined {
    const [a, b] = [one._cookie, other._cookie];
    if (a === undefined || b === undefined || a.name === b.name) {
      return undefined;
    }
    const [x, y] = [a.pair, b.pair].sort(byCodeUnits);
    const between = '\\s*;(.*;)?\\s*';
    return HeaderMatch.regex('cookie', amongCookies(`(${x}${between}${y}|${y}${between}${x})`));
  }

  /** Name of the header, in lower case. */
  readonly name: string;
  /** How the value is compared. */
  readonly kind: ValueMatchKind;
  /** What the value is compared with. */
  readonly value: string;
  /**
   * The cookie that it is a condition on, and the expression for that cookie alone.
   * @internal
   */
  readonly _cookie?: { readonly name: string; readonly pair: string };

  private constructor(name: string, kind: ValueMatchKind, value: string, cookie?: HeaderMatch['_cookie']) {
    givenText('the name of a header', name);
    givenText(`the value of header \`${name}\``, value);
    if (!/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) {
      throw new MeshError(
        Code.MATCH,
        `header name \`${name}\` is not one that proxies compare`,
        `write it in lower case without \`:\`, for example \`${name.toLowerCase().replace(/[^a-z0-9-]/g, '') || 'x-canary'}\``,
      );
    }
    if (['uri', 'scheme', 'method', 'authority'].includes(name)) {
      throw new MeshError(
        Code.MATCH,
        `header name \`${name}\` is none to a mesh, which takes it for another part of the request and ignores it`,
        'compare `path` or `methods` of the match instead, or the header `host`',
      );
    }
    if (value === '') {
      throw new MeshError(
        Code.MATCH,
        `header \`${name}\` is compared with nothing`,
        'give a value, or `HeaderMatch.regex(name, ".+")` for any',
      );
    }
    if (kind === ValueMatchKind.REGEX) {
      requireRegex(`regex of header \`${name}\``, value);
    }
    this.name = name;
    this.kind = kind;
    this.value = value;
    if (cookie !== undefined) {
      this._cookie = cookie;
    }
  }
}

/** The values that both conditions on a header let through: one or none; undefined where only a proxy could tell. */
export function intersectHeaders(a: ValueMatch, b: ValueMatch): readonly ValueMatch[] | undefined {
  const shared = intersectValues(a, b);
  const both =
    shared === undefined && a instanceof HeaderMatch && b instanceof HeaderMatch
      ? HeaderMatch._bothCookies(a, b)
      : undefined;
  return both === undefined ? shared : [both];
}

/** A regular expression for the header that holds all cookies, from one for what stands somewhere in it. */
function amongCookies(pattern: string): string {
  return `(.*;\\s*)?${pattern}(\\s*;.*)?`;
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** Refuses what is no name of a header, and names that proxies themselves use. */
export function requireHeaderName(owner: string, name: string): string {
  if (/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name) && name.toLowerCase() !== 'host') {
    return name;
  }
  throw new MeshError(
    Code.ROUTE,
    `\`${name}\` in ${owner} is not the name of a header`,
    'write the name alone; the host is changed with `rewriteHost`',
  );
}
