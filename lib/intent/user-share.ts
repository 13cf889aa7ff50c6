import { HeaderMatch } from './header-match';
import type { CandidateIntent } from './release';

/** How the ids of users end. */
export enum IdDigits {
  /** With at least two decimal digits: numbers that are counted up, or drawn. */
  DECIMAL = 'decimal',
  /** With at least two hexadecimal digits: UUIDs of version 4 and 7, and hashes. Capitals and small letters are one. */
  HEXADECIMAL = 'hexadecimal',
}

/** Where the id of a user stands in a request. */
export interface UserKeyIntent {
  readonly kind: 'header' | 'cookie';
  readonly name: string;
  readonly digits: IdDigits;
}

const BASES: Readonly<Record<IdDigits, 10 | 16>> = { [IdDigits.DECIMAL]: 10, [IdDigits.HEXADECIMAL]: 16 };

/** The users of a candidate, as a condition on their requests. */
export interface UserShare {
  readonly version: string;
  readonly users: HeaderMatch;
}

/**
 * Whom each candidate gets. The candidate's range grows from the lowest ids upward, those of further candidates lie at the
 * other end, so that nobody changes the version while one share grows.
 */
export function userShares(key: UserKeyIntent, candidates: readonly CandidateIntent[]): readonly UserShare[] {
  let [bottom, top] = [0, 100];
  return candidates.flatMap(({ version, weightPercent, further }) => {
    const from = further === true ? (top -= weightPercent) : bottom;
    bottom += further === true ? 0 : weightPercent;
    const users = usersBetween(key, from, from + weightPercent);
    return users === undefined ? [] : [{ version, users }];
  });
}

/** The users whose last two digits lie between two percentages of all that there are; undefined is nobody. */
function usersBetween({ kind, name, digits }: UserKeyIntent, from: number, to: number): HeaderMatch | undefined {
  const base = BASES[digits];
  // Borders are rounded, not shares: ranges then meet without a gap and without users in common.
  const border = (percent: number) => Math.round((percent * base * base) / 100);
  if (border(from) === border(to)) {
    return undefined;
  }
  const range = digitRange(base, border(from), border(to));
  return kind === 'header' ? HeaderMatch.regex(name, `.*${range}`) : HeaderMatch._ofCookie(name, `"?[^;"]*${range}"?`);
}

/** A regular expression for two digits that are together at least `from` and less than `to`. */
function digitRange(base: number, from: number, to: number): string {
  const rows: { first: number; last: number; readonly low: number; readonly high: number }[] = [];
  for (let digit = Math.floor(from / base); digit * base < to; digit++) {
    const low = Math.max(from - digit * base, 0);
    const high = Math.min(to - digit * base, base) - 1;
    const above = rows.at(-1);
    if (above?.low === low && above.high === high) {
      above.last = digit;
    } else {
      rows.push({ first: digit, last: digit, low, high });
    }
  }
  const texts = rows.map(({ first, last, low, high }) => digitClass(first, last) + digitClass(low, high));
  return texts.length > 1 ? `(${texts.join('|')})` : texts.join('');
}

function digitClass(low: number, high: number): string {
  const span = (digits: string) =>
    digits.length > 2 ? `${digits.charAt(0)}-${digits.charAt(digits.length - 1)}` : digits;
  const letters = 'abcdef'.slice(Math.max(low - 10, 0), Math.max(high - 9, 0));
  const all = span('0123456789'.slice(low, high + 1)) + span(letters) + span(letters.toUpperCase());
  return all.length === 1 ? all : `[${all}]`;
}
