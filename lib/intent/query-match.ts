import { Code, MeshError } from '../errors';
import { ValueMatchKind, requireRegex } from './value-match';

/**
 * A condition on one query parameter.
 *
 * @example
 * import { QueryMatch } from 'cdk8s-mesh';
 * const preview = QueryMatch.exact('preview', 'true');
 */
export class QueryMatch {
  /** The parameter has exactly this value. */
  static exact(name: string, value: string): QueryMatch {
    return new QueryMatch(name, ValueMatchKind.EXACT, value);
  }

  /** The parameter's value starts so. */
  static prefix(name: string, value: string): QueryMatch {
    return new QueryMatch(name, ValueMatchKind.PREFIX, value);
  }

  /** The whole value of the parameter matches a regular expression in RE2 syntax. */
  static regex(name: string, value: string): QueryMatch {
    return new QueryMatch(name, ValueMatchKind.REGEX, value);
  }

  /** Name of the parameter. */
  readonly name: string;
  /** How the value is compared. */
  readonly kind: ValueMatchKind;
  /** What the value is compared with. */
  readonly value: string;

  private constructor(name: string, kind: ValueMatchKind, value: string) {
    if (name === '' || /[\s&=#?]/.test(name)) {
      throw new MeshError(
        Code.MATCH,
        `query parameter \`${name}\` is not a name`,
        'write the name alone, without `?`, `&` and `=`',
      );
    }
    if (value === '' && kind !== ValueMatchKind.EXACT) {
      throw new MeshError(
        Code.MATCH,
        `query parameter \`${name}\` is compared with nothing`,
        'give a value, or `QueryMatch.regex(name, ".*")` for any',
      );
    }
    if (kind === ValueMatchKind.REGEX) {
      requireRegex(`regex of query parameter \`${name}\``, value);
    }
    this.name = name;
    this.kind = kind;
    this.value = value;
  }
}
