import { isDeepStrictEqual } from 'node:util';
import { Code, MeshError } from '../errors';
import { isRecord } from '../manifests/objects';
import { PlainDataReader, UnfitValue, fieldPath } from '../outputs/plain-data';
import type { Values } from './helm-release';

/** Keys that belong to the charts alone. */
const FORBIDDEN = ['_internal_defaults_do_not_set', '__proto__'];

/** What options say, and beside it the values of the user, who gives them at a place; refuses those that say something else. */
export function mergeValues(place: string, options: Values, own: Values): Values {
  return merge(place, options, plainValues(place, own));
}

/** Values as every tool reads them: what is undefined is not given, and what no text holds is refused. */
function plainValues(place: string, own: Values): Values {
  const reader = new PlainDataReader({ anywhere: false, replace: (value) => value }, 'keep null');
  try {
    return (reader.field(place, own) ?? {}) as Values;
  } catch (error) {
    if (!(error instanceof UnfitValue)) throw error;
    throw new MeshError(Code.INSTALL, `\`${fieldPath(error.path)}\` is ${error.what}, which no chart takes`, error.fix);
  }
}

function merge(place: string, options: Values, own: Values): Values {
  const result: Record<string, unknown> = { ...options };
  for (const [key, value] of Object.entries(own)) {
    const at = `${place}.${key}`;
    if (FORBIDDEN.includes(key)) {
      throw new MeshError(Code.INSTALL, `\`${at}\` is the charts' own`, 'set the field without this prefix');
    }
    const said = Object.hasOwn(options, key) ? options[key] : undefined;
    if (said === undefined) {
      result[key] = value;
    } else if (isRecord(said) && isRecord(value)) {
      result[key] = merge(at, said, value);
    } else if (!isDeepStrictEqual(said, value)) {
      throw new MeshError(
        Code.INSTALL,
        `\`${at}\` is \`${JSON.stringify(value)}\`, and an option of the install says \`${JSON.stringify(said)}\``,
        'leave it out of `values`, or change the option',
      );
    }
  }
  return result;
}

/** Refuses values that a chart reads at a second place, where an option says something else: the chart takes the option's. */
export function requireAlias(chart: string, options: Values, key: string, own: Values): void {
  const said = options[key];
  if (!isRecord(said)) return;
  const above = Object.fromEntries(Object.entries(own).filter(([name]) => Object.hasOwn(said, name)));
  mergeValues(`values.${chart}`, said, above);
}

/** Refuses values for which there is an option, since what is said there alone is known to nobody else. */
export function refuseValues(chart: string, own: Values, instead: Readonly<Record<string, string>>): void {
  for (const [path, fix] of Object.entries(instead)) {
    const found = path
      .split('.')
      .reduce<unknown>((inner, key) => (isRecord(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined), own);
    if (found !== undefined) {
      throw new MeshError(
        Code.INSTALL,
        `\`values.${chart}.${path}\` is \`${JSON.stringify(found)}\`, which the rest of the app would not know`,
        fix,
      );
    }
  }
}
