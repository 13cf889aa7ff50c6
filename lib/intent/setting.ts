import { byCodeUnits } from './names';
import { Operation, describeOperation } from './operation';
import type { ResilienceLevel } from './resilience';

/** One setting of a level, in the words of the API. */
export interface Setting {
  /** The option that it belongs to. */
  readonly key: string;
  /** The option, and the field of it: `connectionPool.maxConnections`. */
  readonly setting: string;
  readonly value: string;
}

/** What a level says, setting by setting in a fixed order. What is merged as a whole is one setting. */
export function settingsOf(level: ResilienceLevel): readonly Setting[] {
  return Object.entries(level)
    .flatMap(([key, said]): readonly Setting[] => {
      const options: unknown = said;
      return !isRecord(options) || 'kind' in options || 'millis' in options
        ? [{ key, setting: key, value: text(key, options) }]
        : Object.entries(options).map(([field, value]) => ({
            key,
            setting: `${key}.${optionName(field)}`,
            value: text(field, value),
          }));
    })
    .sort((a, b) => byCodeUnits(a.setting, b.setting));
}

function text(field: string, value: unknown): string {
  if (Array.isArray(value)) {
    return value.map((item) => text('', item)).join(', ') || 'none';
  }
  if (value instanceof Operation) {
    return describeOperation(value);
  }
  if (isRecord(value)) {
    const { kind, millis, ...rest } = value;
    return [
      ...(typeof kind === 'string' ? [kind] : []),
      ...(millis === undefined ? [] : [text('millis', millis)]),
      ...Object.entries(rest).map(([name, part]) => `${optionName(name)} ${text(name, part)}`),
    ].join(' ');
  }
  return typeof value === 'number' && /millis$/i.test(field) ? duration(value) : String(value);
}

/** Intent says milliseconds where the options say a duration. */
function optionName(field: string): string {
  return field.replace(/Millis$/, '');
}

function duration(millis: number): string {
  return millis % 1000 === 0 ? `${millis / 1000}s` : `${millis}ms`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
