import { Code, MeshError } from '../errors';
import { ValueMatchKind, requireRegex } from './value-match';

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
    if (value.includes(';')) {
      throw new MeshError(
        Code.MATCH,
        `value \`${value}\` of cookie \`${name}\` has \`;\`, which ends a cookie`,
        'give the value of one cookie',
      );
    }
    return HeaderMatch.regex('cookie', cookiePattern(name, literal(value)));
  }

  /** Name of the header, in lower case. */
  readonly name: string;
  /** How the value is compared. */
  readonly kind: ValueMatchKind;
  /** What the value is compared with. */
  readonly value: string;

  private constructor(name: string, kind: ValueMatchKind, value: string) {
    if (!/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) {
      throw new MeshError(
        Code.MATCH,
        `header name \`${name}\` is not one that proxies compare`,
        `write it in lower case without \`:\`, for example \`${name.toLowerCase().replace(/[^a-z0-9-]/g, '') || 'x-canary'}\``,
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
  }
}

/** A regular expression for the header that holds all cookies, from one for the value of this cookie. */
export function cookiePattern(name: string, value: string): string {
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) {
    throw new MeshError(Code.MATCH, `cookie name \`${name}\` is not one`, 'use letters, digits, `-` and `_`');
  }
  return `(.*;\\s*)?${literal(name)}=${value}(\\s*;.*)?`;
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
