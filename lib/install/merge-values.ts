import { Code, MeshError } from '../errors';
import { isRecord } from '../manifests/objects';
import type { Values } from './helm-release';

/** Keys that belong to the charts alone. */
const FORBIDDEN = ['_internal_defaults_do_not_set', '__proto__'];

/** What options say, and beside it the values of the user, who gives them at a place; refuses those that say something else. */
export function mergeValues(place: string, options: Values, own: Values): Values {
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
      result[key] = mergeValues(at, said, value);
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
