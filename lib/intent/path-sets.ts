import type { PathMatch } from './path-match';
import { PathMatchKind, templateRegex } from './path-match';
import { compileRegex } from './regex';

/** Every path that begins so; with a border, only whole segments count. */
interface Opening {
  readonly text: string;
  readonly border: boolean;
}

/** The paths that both match: one condition or none; undefined where only a proxy could tell. */
export function intersectPaths(a: PathMatch, b: PathMatch): readonly PathMatch[] | undefined {
  if (coversPath(a, b)) {
    return [b];
  }
  if (coversPath(b, a)) {
    return [a];
  }
  const decided = a.kind === PathMatchKind.EXACT || b.kind === PathMatchKind.EXACT;
  return decided || !mayMeet(a, b) || !mayMeet(b, a) ? [] : undefined;
}

/** Whether every path that `narrow` matches, `wide` surely matches, too. */
export function coversPath(wide: PathMatch, narrow: PathMatch): boolean {
  if (wide.kind === narrow.kind && wide.value === narrow.value) {
    return true;
  }
  const open = opening(wide);
  if (open !== undefined) {
    return takes(open, narrow);
  }
  if (narrow.kind === PathMatchKind.EXACT) {
    return matches(wide, narrow.value);
  }
  return (
    wide.kind === PathMatchKind.TEMPLATE &&
    narrow.kind === PathMatchKind.TEMPLATE &&
    samples(narrow.value).every((path) => matches(wide, path))
  );
}

/** Whether a condition on the path is none. */
export function isEveryPath(path: PathMatch): boolean {
  const open = opening(path);
  return open !== undefined && takesAll(open);
}

/** Negative where the first is surely no wider than the second: a path before patterns, the longest beginning first. */
export function byNarrowPath(a: PathMatch | undefined, b: PathMatch | undefined): number {
  const [left, right] = [pathRank(a), pathRank(b)];
  return left.map((rank, index) => rank - (right[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
}

const KINDS: readonly PathMatchKind[] = [
  PathMatchKind.EXACT,
  PathMatchKind.TEMPLATE,
  PathMatchKind.REGEX,
  PathMatchKind.PREFIX,
];

function pathRank(path: PathMatch | undefined): readonly number[] {
  if (path === undefined || isEveryPath(path)) {
    return [2];
  }
  const open = path.kind !== PathMatchKind.PREFIX && opening(path) !== undefined;
  return [
    path.kind === PathMatchKind.EXACT ? 0 : 1,
    -literalStart(path).length,
    open ? KINDS.length : KINDS.indexOf(path.kind),
    path.value.split('{**}').length,
    -path.value.replace(/\{\*\*?\}/g, '').length,
  ];
}

function takesAll({ text, border }: Opening): boolean {
  return text === '' || (text === '/' && !border);
}

function takes(open: Opening, narrow: PathMatch): boolean {
  if (takesAll(open)) {
    return true;
  }
  const { text, border } = open;
  const start = literalStart(narrow);
  const inner = opening(narrow);
  const same = start === text && (narrow.kind === PathMatchKind.EXACT || (inner?.border ?? false));
  return start.startsWith(border ? `${text}/` : text) || (border && same);
}

/** Whether paths that begin like the second can be ones of the first, as far as beginnings tell. */
function mayMeet(a: PathMatch, b: PathMatch): boolean {
  const [start, other] = [literalStart(a), literalStart(b)];
  return other.length <= start.length
    ? start.startsWith(other)
    : other.startsWith((opening(a)?.border ?? false) ? `${start}/` : start);
}

/** How every path of a pattern begins. */
function literalStart({ kind, value }: PathMatch): string {
  switch (kind) {
    case PathMatchKind.EXACT:
      return value;
    case PathMatchKind.PREFIX:
      return value === '/' ? '' : value;
    case PathMatchKind.TEMPLATE:
      return value.slice(0, value.indexOf('{'));
    case PathMatchKind.REGEX:
      return splitRegex(value).start;
  }
}

function opening(path: PathMatch): Opening | undefined {
  switch (path.kind) {
    case PathMatchKind.EXACT:
      return undefined;
    case PathMatchKind.PREFIX:
      return { text: literalStart(path), border: true };
    case PathMatchKind.TEMPLATE:
      return /^[^{]*\{\*\*\}$/.test(path.value) ? { text: literalStart(path), border: false } : undefined;
    case PathMatchKind.REGEX: {
      const { start, rest } = splitRegex(path.value);
      const border = /^\((\?:)?\/\.\*\)\?\$?$/.test(rest);
      return border || /^\.\*\$?$/.test(rest) ? { text: start, border } : undefined;
    }
  }
}

/** A regular expression as plain text and the rest; with alternatives, no beginning is sure. */
function splitRegex(regex: string): { readonly start: string; readonly rest: string } {
  const body = regex.replace(/^\^/, '');
  const literal = body.includes('|') ? '' : (/^(?:\\[^\w\s]|[^\\^$.*+?()[\]{}|])*/.exec(body)?.[0] ?? '');
  const sure = /^[*+?{]/.test(body.slice(literal.length)) ? literal.replace(/(\\.|.)$/, '') : literal;
  return { start: sure.replace(/\\(.)/g, '$1'), rest: body.slice(sure.length) };
}

function matches({ kind, value }: PathMatch, path: string): boolean {
  return compileRegex(kind === PathMatchKind.TEMPLATE ? templateRegex(value) : value).matches(path);
}

/** Paths of a template such that another one that matches them all matches every path of it. */
function samples(template: string): readonly string[] {
  // A segment that no template can name.
  const some = '\u0001';
  const one = template.replace(/\{\*\}/g, some);
  return one.includes('{**}') ? ['', some, `${some}/${some}`].map((rest) => one.replace('{**}', rest)) : [one];
}
