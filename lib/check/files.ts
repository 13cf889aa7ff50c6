import { readBaseline } from './baseline';
import type { BaselineEntry } from './report';
import { readWaiverFile } from './waiver-file';
import type { Waiver } from './waivers';
import { Code, MeshError } from '../errors';
import type { TextDocument } from '../manifests/documents';
import { parseDocuments } from '../manifests/documents';
import type { LocatedObject } from '../manifests/located';
import { settingsIn } from '../manifests/mesh-settings';
import type { KubeObject } from '../manifests/objects';
import { fieldAt, isRecord } from '../manifests/objects';
import { describePlace } from '../manifests/place';
import { readTextFile } from '../manifests/text-file';

/** The options that name a file with a configuration of the mesh. */
type SettingsOption = 'mesh-config' | 'mesh-networks';

/** The waivers of a file. */
export function waiversOf(file: string): readonly Waiver[] {
  return readWaiverFile(file, textOf('waivers', file));
}

/** The findings that a baseline knows. */
export function baselineOf(file: string): readonly BaselineEntry[] {
  return readBaseline(file, textOf('baseline', file));
}

/** The configuration of the mesh in a file: as Istio reads it, or in the ConfigMap `istio`. */
export function meshConfigOf(file: string): unknown {
  return settingsOf('mesh-config', file).settings;
}

/** The networks of the mesh in a file, and where they stand in it. */
export function meshNetworksOf(file: string): LocatedObject {
  const { document, settings } = settingsOf('mesh-networks', file);
  const { value, ...place } = document;
  const object = isConfigMap(value) ? (value as KubeObject) : { ...settings, ...MESH_NETWORKS };
  return { ...place, object };
}

interface Settings {
  readonly document: TextDocument;
  readonly settings: Readonly<Record<string, unknown>>;
}

function settingsOf(option: SettingsOption, file: string): Settings {
  const { documents, problems } = parseDocuments(file, textOf(option, file));
  const [problem] = problems;
  if (problem !== undefined) throw refusal(option, `${describePlace(problem)}: ${problem.message}`);
  const [document, second] = documents;
  if (document === undefined || second !== undefined) throw refusal(option, `\`${file}\` is not one document`);
  const key = option === 'mesh-config' ? 'mesh' : 'meshNetworks';
  const settings = isConfigMap(document.value) ? settingsIn(document.value, key) : document.value;
  if (!isRecord(settings)) throw refusal(option, `\`${file}\` has no \`${key}\``);
  return { document, settings };
}

function isConfigMap(value: unknown): boolean {
  return fieldAt(value, 'kind') === 'ConfigMap';
}

/** How reports name what is no object of a cluster. */
const MESH_NETWORKS: KubeObject = {
  apiVersion: 'mesh.istio.io/v1alpha1',
  kind: 'MeshNetworks',
  metadata: { name: 'istio' },
};

function textOf(option: string, file: string): string {
  const read = readTextFile(file, true);
  if ('text' in read) return read.text;
  throw refusal(option, `${describePlace(read.problem)}: ${read.problem.message}`);
}

function refusal(option: string, what: string): MeshError {
  return new MeshError(Code.CHECK_OPTION, `\`${option}\` cannot be read: ${what}`, 'name a file of that kind');
}
