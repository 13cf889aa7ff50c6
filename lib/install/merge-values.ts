import { Code, MeshError } from '../errors';
import { isRecord } from '../manifests/objects';
import type { Values } from './helm-release';

/** Keys that belong to the charts alone. */
const FORBIDDEN = ['_internal_defaults_do_not_set', '__proto__'];

/** What options say, and beside it the values of the user; refuses those that say something else at the same place. */
export function mergeValues(chart: string, options: Values, own: Values): Values {
  return merge(`values.${chart}`, options, own);
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
    } else if (JSON.stringify(said) !== JSON.stringify(value)) {
      throw new MeshError(
        Code.INSTALL,
        `\`${at}\` is \`${JSON.stringify(value)}\`, and an option of the install says \`${JSON.stringify(said)}\``,
        'leave it out of `values`, or change the option',
      );
    }
  }
  return result;
}
