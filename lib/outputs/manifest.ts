import { ApiObject, JsonPatch } from 'cdk8s';
import { Code, MeshError } from '../errors';
import type { KubeObject } from '../manifests/objects';
import { requireNames } from './object-names';
import type { Emptiness, PlainData, PlainObject, Tokens } from './plain-data';
import { PlainDataReader, UnfitValue, fieldPath, isPlainObject, setField, sortedKeys } from './plain-data';

const FIRST_FIELDS = ['apiVersion', 'kind', 'metadata'];
const NO_TOKENS: Tokens = { anywhere: false, replace: (value) => value };

/**
 * What an object of the tree becomes: plain data, type and metadata first, then the other fields in order. Fails, naming the
 * construct and the field, where it holds what no manifest can.
 */
export function toManifest(apiObject: ApiObject, tokens: Tokens): KubeObject {
  try {
    // The classes that `cdk8s import` generates translate their props in an override, which ends in the original.
    const isOriginal = apiObject.toJson === ApiObject.prototype.toJson;
    const manifest = isOriginal ? patched(apiObject, unpatched(apiObject, tokens)) : asManifest(apiObject.toJson());
    requireNames(apiObject.node.path, manifest);
    return manifest;
  } catch (error) {
    if (error instanceof MeshError) throw error;
    throw error instanceof UnfitValue ? unfit(apiObject, error) : unreadable(apiObject, error);
  }
}

function unpatched(apiObject: ApiObject, tokens: Tokens): KubeObject {
  const props: unknown = apiObject['props'];
  const metadata = new PlainDataReader(tokens, 'drop all').field('metadata', metadataOf(apiObject));
  return ordered(isPlainObject(props) ? props : {}, tokens, 'drop null', metadata);
}

function metadataOf({ metadata }: ApiObject): object {
  const fields: Record<string, unknown> = {
    name: metadata.name,
    namespace: metadata.namespace,
    annotations: metadata['annotations'] as unknown,
    finalizers: metadata['finalizers'] as unknown,
    ownerReferences: metadata['ownerReferences'] as unknown,
    labels: metadata['labels'] as unknown,
  };
  // A map that had a key deleted, which engines are slow to copy.
  for (const [key, value] of Object.entries(metadata['_additionalAttributes'] as object)) {
    if (!Object.hasOwn(fields, key)) setField(fields, key, value as unknown);
  }
  return fields;
}

function patched(apiObject: ApiObject, manifest: KubeObject): KubeObject {
  const patches = apiObject['patches'] as readonly JsonPatch[];
  return patches.length === 0 ? manifest : asManifest(JsonPatch.apply(manifest, ...patches));
}

function asManifest(data: unknown): KubeObject {
  return ordered(isPlainObject(data) ? data : {}, NO_TOKENS, 'keep null');
}

function ordered(
  data: Readonly<Record<string, unknown>>,
  tokens: Tokens,
  emptiness: Emptiness,
  metadata?: PlainData,
): KubeObject {
  const reader = new PlainDataReader(tokens, emptiness);
  const result: PlainObject = {};
  for (const key of FIRST_FIELDS) {
    const value = key === 'metadata' && metadata !== undefined ? metadata : reader.field(key, data[key]);
    if (value !== undefined) result[key] = value;
  }
  for (const key of sortedKeys(data)) {
    const value = FIRST_FIELDS.includes(key) ? undefined : reader.field(key, data[key]);
    if (value !== undefined) setField(result, key, value);
  }
  return result as object as KubeObject;
}

function unfit({ node, kind, name }: ApiObject, { path, what, fix }: UnfitValue): MeshError {
  return new MeshError(
    Code.OUTPUT_VALUE,
    `\`${node.path}\` (\`${kind} ${name}\`) has ${what} at \`${fieldPath(path)}\`, which no manifest can hold`,
    fix,
  );
}

function unreadable({ node, kind, name }: ApiObject, error: unknown): MeshError {
  const cause = error instanceof Error ? error.message : String(error);
  return new MeshError(
    Code.OUTPUT_VALUE,
    `\`${node.path}\` (\`${kind} ${name}\`) cannot be written: ${cause}`,
    'correct its props, its tokens or its patches',
  );
}
