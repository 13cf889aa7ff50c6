import { RE2JS } from 're2js';
import { Code, MeshError } from '../errors';

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
    RE2JS.compile(regex);
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
  if (a.kind === b.kind && a.value === b.value) {
    return [a];
  }
  if (a.kind === ValueMatchKind.REGEX || b.kind === ValueMatchKind.REGEX) {
    return undefined;
  }
  if (a.kind === ValueMatchKind.EXACT) {
    return b.kind === ValueMatchKind.PREFIX && a.value.startsWith(b.value) ? [a] : [];
  }
  if (b.kind === ValueMatchKind.EXACT) {
    return b.value.startsWith(a.value) ? [b] : [];
  }
  return a.value.startsWith(b.value) ? [a] : b.value.startsWith(a.value) ? [b] : [];
}

/** Whether every value that `narrow` lets through, `wide` lets through, too. */
export function coversValue(wide: ValueMatch, narrow: ValueMatch): boolean {
  const [both] = intersectValues(wide, narrow) ?? [];
  return both !== undefined && both.kind === narrow.kind && both.value === narrow.value;
}
