import type { Duration } from 'cdk8s';
import { Code, MeshError } from '../errors';
import { givenMade } from '../intent/given';

/** The largest count that every mesh stores. */
export const MAX_COUNT = 2 ** 31 - 1;

/** The milliseconds of a duration; refuses zero, which means "never" to some proxies and "at once" to others. */
export function positiveMillis(field: string, duration: Duration): number {
  const millis = givenMade(field, duration, 'toMilliseconds', 'a `Duration`').toMilliseconds();
  if (millis > 0) {
    return millis;
  }
  throw new MeshError(
    Code.DURATION,
    `${field} is \`${millis}\` milliseconds`,
    'give a longer duration, or turn the feature off by name with its `off()`',
  );
}

/** A whole number that is at least `min` and at most `max`. */
export function wholeNumber(field: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) {
    return value;
  }
  throw new MeshError(Code.RESILIENCE, `${field} is \`${value}\``, `use a whole number from ${min} to ${max}`);
}

/** The fields of an object that are set. */
export function defined<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
