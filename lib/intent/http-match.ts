import { Code, MeshError } from '../errors';

/** How the value of a header is compared. */
export enum HeaderMatchKind {
  EXACT = 'exact',
  PREFIX = 'prefix',
  REGEX = 'regex',
}

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
    return new HeaderMatch(name, HeaderMatchKind.EXACT, value);
  }

  /** The header's value starts so. */
  static prefix(name: string, value: string): HeaderMatch {
    return new HeaderMatch(name, HeaderMatchKind.PREFIX, value);
  }

  /** The whole value of the header matches a regular expression in RE2 syntax. */
  static regex(name: string, value: string): HeaderMatch {
    return new HeaderMatch(name, HeaderMatchKind.REGEX, value);
  }

  /** Name of the header, in lower case. */
  readonly name: string;
  /** How the value is compared. */
  readonly kind: HeaderMatchKind;
  /** What the value is compared with. */
  readonly value: string;

  private constructor(name: string, kind: HeaderMatchKind, value: string) {
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
    this.name = name;
    this.kind = kind;
    this.value = value;
  }
}

/** Conditions of a match, all of which must hold. */
export interface HttpMatchProps {
  /** Conditions on headers, one per header. */
  readonly headers: HeaderMatch[];
}

/**
 * A condition on a request: all of its parts must hold. Lists of matches mean that any of them suffices.
 *
 * @example
 * import { HeaderMatch, HttpMatch } from 'cdk8s-mesh';
 * const canary = HttpMatch.allOf({ headers: [HeaderMatch.exact('x-canary', 'true')] });
 */
export class HttpMatch {
  /** All of these conditions hold. */
  static allOf(props: HttpMatchProps): HttpMatch {
    return new HttpMatch(props);
  }

  /** Conditions on headers. */
  readonly headers: HeaderMatch[];

  private constructor(props: HttpMatchProps) {
    if (props.headers.length === 0) {
      throw new MeshError(Code.MATCH, 'a match without conditions would match every request', 'give `headers`');
    }
    const names = props.headers.map((header) => header.name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) {
      throw new MeshError(
        Code.MATCH,
        `header \`${twice}\` stands twice in one match, where only one condition per header can hold`,
        'join the conditions in one `HeaderMatch.regex`',
      );
    }
    this.headers = props.headers;
  }
}
