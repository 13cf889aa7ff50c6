import { readBaseline } from '../check/baseline';
import type { BaselineEntry } from '../check/report';
import { readWaiverFile } from '../check/waiver-file';
import type { Waiver } from '../check/waivers';
import { Code, MeshError } from '../errors';
import { parseDocuments } from '../manifests/documents';
import { settingsIn } from '../manifests/mesh-settings';
import { fieldAt, isRecord } from '../manifests/objects';
import { describePlace } from '../manifests/place';
import { readTextFile } from '../manifests/text-file';

/** The waivers of a file. */
export function waiversOf(file: string): readonly Waiver[] {
  return readWaiverFile(file, textOf('--waivers', file));
}

/** The findings that a baseline knows. */
export function baselineOf(file: string): readonly BaselineEntry[] {
  return readBaseline(file, textOf('--baseline', file));
}

/** The configuration of the mesh in a file: as Istio reads it, or in the ConfigMap `istio`. */
export function settingsOf(option: '--mesh-config' | '--mesh-networks', file: string): unknown {
  const { documents, problems } = parseDocuments(file, textOf(option, file));
  const [problem] = problems;
  if (problem !== undefined) throw refusal(option, `${describePlace(problem)}: ${problem.message}`);
  const [document, second] = documents;
  if (document === undefined || second !== undefined) throw refusal(option, `\`${file}\` is not one document`);
  const key = option === '--mesh-config' ? 'mesh' : 'meshNetworks';
  const settings = fieldAt(document.value, 'kind') === 'ConfigMap' ? settingsIn(document.value, key) : document.value;
  if (!isRecord(settings)) throw refusal(option, `\`${file}\` has no \`${key}\``);
  return settings;
}

function textOf(option: string, file: string): string {
  const read = readTextFile(file, true);
  if ('text' in read) return read.text;
  throw refusal(option, `${describePlace(read.problem)}: ${read.problem.message}`);
}

function refusal(option: string, what: string): MeshError {
  return new MeshError(Code.CHECK_OPTION, `\`${option}\` cannot be read: ${what}`, 'name a file of that kind');
}
