import { Code, MeshError } from '../errors';
import { givenText } from './given';
import { requireRegex } from './value-match';

/** How the value of a path match is read. */
export enum PathMatchKind {
  EXACT = 'exact',
  PREFIX = 'prefix',
  TEMPLATE = 'template',
  REGEX = 'regex',
}

/**
 * A condition on the path of a request, without its query string.
 *
 * @example
 * import { PathMatch } from 'cdk8s-mesh';
 * const paths = [PathMatch.exact('/healthz'), PathMatch.prefix('/api'), PathMatch.template('/users/{*}/orders')];
 */
export class PathMatch {
  /** Exactly this path. */
  static exact(path: string): PathMatch {
    return new PathMatch(PathMatchKind.EXACT, requirePlainPath('exact path', path));
  }

  /** This path and everything below it: `/api` matches `/api` and `/api/v1`, not `/apix`. */
  static prefix(path: string): PathMatch {
    const plain = requirePlainPath('prefix path', path);
    return new PathMatch(PathMatchKind.PREFIX, plain === '/' ? plain : plain.replace(/\/$/, ''));
  }

  /** A path with operators: `{*}` is one segment, `{**}` any number of segments and comes last of the operators. */
  static template(template: string): PathMatch {
    return new PathMatch(PathMatchKind.TEMPLATE, requireTemplate(template));
  }

  /** A regular expression in RE2 syntax that the whole path must match. */
  static regex(regex: string): PathMatch {
    if (givenText('path regex', regex) === '') {
      throw new MeshError(Code.PATH, 'path regex is empty', 'give an expression, or use `PathMatch.prefix`');
    }
    return new PathMatch(PathMatchKind.REGEX, requireRegex('path regex', regex));
  }

  /** How `value` is read. */
  readonly kind: PathMatchKind;
  /** The path, template or expression. */
  readonly value: string;

  private constructor(kind: PathMatchKind, value: string) {
    this.kind = kind;
    this.value = value;
  }
}

/** A template as a regular expression that matches the whole path. */
export function templateRegex(template: string): string {
  return template
    .split(/(\{\*\*?\})/)
    .map((part) => (part === '{*}' ? '[^/]+' : part === '{**}' ? '.*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')))
    .join('');
}

/** Refuses a path that is none, or that a mesh would read as a pattern. */
export function requirePlainPath(kind: string, path: string): string {
  const why = !givenText(kind, path).startsWith('/')
    ? 'does not start with `/`'
    : /[*{}]/.test(path)
      ? 'has `*`, `{` or `}`, which a mesh reads as an operator'
      : /[?#\s]/.test(path)
        ? 'has `?`, `#` or white space, which are no part of a path'
        : /[^\x21-\x7e]/.test(path)
          ? 'has a character that clients send percent-encoded'
          : /\/\.{1,2}(\/|$)/.test(path)
            ? 'has a segment `.` or `..`, which is resolved before paths are compared'
            : path.includes('//')
              ? 'has `//`, which may be made `/` before paths are compared'
              : undefined;
  if (why === undefined) {
    return path;
  }
  throw new MeshError(
    Code.PATH,
    `${kind} \`${path}\` ${why}`,
    'give a plain path such as `/api`, or use `PathMatch.template`',
  );
}

function requireTemplate(template: string): string {
  givenText('path template', template);
  const operators = template.match(/\{\*\*?\}/g) ?? [];
  const literal = template.replace(/\{\*\*?\}/g, '');
  const segments = template.split('/').slice(1);
  const why = !template.startsWith('/')
    ? 'does not start with `/`'
    : /[*{}?#\s]/.test(literal)
      ? 'has a character outside `{*}` and `{**}` that no path template may have'
      : segments.some((segment) => /\{/.test(segment) && !/^\{\*\*?\}$/.test(segment))
        ? 'has an operator that is not a whole segment'
        : operators.slice(0, -1).includes('{**}')
          ? 'has `{**}` before another operator'
          : operators.length === 0
            ? 'has no operator'
            : undefined;
  if (why === undefined) {
    return template;
  }
  throw new MeshError(
    Code.PATH,
    `path template \`${template}\` ${why}`,
    'write whole segments `{*}` or `{**}`, with `{**}` as the last operator, or use `PathMatch.exact`',
  );
}
