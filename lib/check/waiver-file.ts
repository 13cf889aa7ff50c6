import { Code, MeshError } from '../errors';
import { requireWaiver } from '../intent/waiver';
import { parseDocuments } from '../manifests/documents';
import { isRecord } from '../manifests/objects';
import { describePlace } from '../manifests/place';
import type { Waiver } from './waivers';
import { known } from './waivers';

const FIELDS: readonly string[] = ['code', 'resource', 'reason', 'until'];
const FORM = 'write `waivers:` with entries of `code`, `resource`, `reason` and `until`';

/** Reads a file of waivers. */
export function readWaiverFile(file: string, text: string): readonly Waiver[] {
  const { documents, problems } = parseDocuments(file, text);
  const [problem] = problems;
  if (problem !== undefined) throw refusal(`${describePlace(problem)}: ${problem.message}`);
  return documents.flatMap((document) => {
    const entries = isRecord(document.value) ? document.value['waivers'] : undefined;
    if (!Array.isArray(entries)) throw refusal(`${describePlace(document)}: there is no list \`waivers\``);
    return entries.map((entry: unknown, index) => {
      const place = describePlace({ file, line: document.spotOf(['waivers', index]).line });
      return readEntry(entry, place);
    });
  });
}

function readEntry(entry: unknown, place: string): Waiver {
  if (!isRecord(entry)) throw refusal(`${place}: it is no waiver`);
  const unknown = Object.keys(entry).find((key) => !FIELDS.includes(key));
  if (unknown !== undefined) throw refusal(`${place}: \`${unknown}\` is no field of a waiver`);
  const missing = FIELDS.find((key) => typeof entry[key] !== 'string');
  if (missing !== undefined) throw refusal(`${place}: \`${missing}\` is no text`);
  const [code, resource, reason, until] = FIELDS.map((key) => String(entry[key]));
  if (code === undefined || resource === undefined || reason === undefined || until === undefined) {
    throw refusal(`${place}: it is no waiver`);
  }
  if (!/^\S+ (\S+\/)?\S+$/.test(resource)) {
    throw refusal(`${place}: \`${resource}\` is no resource such as \`Service shop/cart\``);
  }
  return { ...known(requireWaiver({ code, reason, until })), resource, source: 'file', place };
}

function refusal(what: string): MeshError {
  return new MeshError(Code.WAIVER, `the file of waivers cannot be read: ${what}`, FORM);
}
