import type { Problem } from '../errors';
import { Code, MeshError, describeProblem } from '../errors';

/** Something that is allowed until a day, and that nobody shall forget. */
export interface Dated {
  /** What ends, as messages begin with it. */
  readonly what: string;
  /** The last day, in UTC, on which it holds: `YYYY-MM-DD`. */
  readonly until: string;
  /** What to do when it has ended, in the words of the API. */
  readonly fix: string;
}

/** How many days before an end somebody should have a look. */
const NEAR_DAYS = 14;
const DAY_MILLIS = 24 * 60 * 60 * 1000;

/** Refuses what is no day of the calendar, written as `YYYY-MM-DD`. */
export function requireDay(field: string, text: string): string {
  const millis = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  // Date.parse takes February 30 for a day in March.
  if (!Number.isNaN(millis) && new Date(millis).toISOString().startsWith(text)) {
    return text;
  }
  throw new MeshError(
    Code.END_DATE,
    `${field} \`${text}\` is not a day`,
    'write a day of the calendar as `YYYY-MM-DD`; it holds through that day in UTC',
  );
}

/** What has ended before `today`. */
export function endedProblems(dated: readonly Dated[], today: string): readonly Problem[] {
  return dated
    .filter(({ until }) => daysLeft(until, today) < 0)
    .map(({ what, until, fix }) => ({ code: Code.ENDED, message: `${what} ended with \`${until}\``, fix }));
}

/** What ends soon after `today`. */
export function endingWarnings(dated: readonly Dated[], today: string): readonly string[] {
  return dated
    .map((entry) => ({ ...entry, left: daysLeft(entry.until, today) }))
    .filter(({ left }) => left >= 0 && left < NEAR_DAYS)
    .map(({ what, until, fix, left }) =>
      describeProblem({
        code: Code.ENDING,
        message: `${what} ends with \`${until}\`, ${left === 0 ? 'today' : left === 1 ? 'tomorrow' : `in ${left} days`}`,
        fix,
      }),
    );
}

function daysLeft(until: string, today: string): number {
  return (Date.parse(`${until}T00:00:00Z`) - Date.parse(`${today}T00:00:00Z`)) / DAY_MILLIS;
}
