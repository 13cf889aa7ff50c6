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
    const said = options[key];
    if (FORBIDDEN.includes(key)) {
      throw new MeshError(Code.INSTALL, `\`${at}\` is the charts' own`, 'set the field without this prefix');
    }
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
