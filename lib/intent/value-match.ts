import { Code, MeshError } from '../errors';
import { compileRegex } from './regex';

/** How a value is compared. */
export enum ValueMatchKind {
  EXACT = 'exact',
  PREFIX = 'prefix',
  REGEX = 'regex',
}

/** A condition on a named value of a request. */
export interface ValueMatch {
  readonly name: string;
  readonly kind: ValueMatchKind;
  readonly value: string;
}

/** Refuses a regular expression that is not one to proxies (RE2: no look-around, no back-references). */
export function requireRegex(field: string, regex: string): string {
  try {
    compileRegex(regex);
    return regex;
  } catch (error) {
    throw new MeshError(
      Code.MATCH,
      `${field} \`${regex}\` is no regular expression in RE2 syntax: ${error instanceof Error ? error.message : String(error)}`,
      'write it as https://github.com/google/re2/wiki/Syntax says, without look-around and back-references',
    );
  }
}

/** The values that both conditions let through: one or none; undefined where only a proxy could tell. */
export function intersectValues<T extends ValueMatch>(a: T, b: T): readonly T[] | undefined {
  if (coversValue(a, b)) {
    return [b];
  }
  if (coversValue(b, a)) {
    return [a];
  }
  const exact = a.kind === ValueMatchKind.EXACT || b.kind === ValueMatchKind.EXACT;
  return exact || (a.kind === b.kind && a.kind === ValueMatchKind.PREFIX) ? [] : undefined;
}

/** Whether every value that `narrow` lets through, `wide` surely lets through, too. */
export function coversValue(wide: ValueMatch, narrow: ValueMatch): boolean {
  if (wide.kind === narrow.kind && wide.value === narrow.value) {
    return true;
  }
  switch (wide.kind) {
    case ValueMatchKind.EXACT:
      return false;
    case ValueMatchKind.PREFIX:
      return narrow.kind !== ValueMatchKind.REGEX && narrow.value.startsWith(wide.value);
    case ValueMatchKind.REGEX:
      return narrow.kind === ValueMatchKind.EXACT && compileRegex(wide.value).matches(narrow.value);
  }
}
