import { createHash } from 'node:crypto';
import type { KubeObject } from '../../manifests/objects';
import { apiGroup } from '../../manifests/objects';
import { namespaceOf } from '../cluster-kinds';

// File systems take 255 bytes; this leaves room for an extension and for the name of a temporary file.
const LONGEST = 200;
const HASH_LENGTH = 10;

/** The name of the file of one object, without extension: what tells it from every other object of a cluster. */
export function resourceFileName(object: KubeObject, name: string): string {
  const group = apiGroup(object.apiVersion);
  const kind = group === '' ? object.kind : `${object.kind}.${group}`;
  const namespace = namespaceOf(object);
  return shortened([...(namespace === undefined ? [] : [namespace]), kind, name].map(escaped).join('_'));
}

/** The name of the file of a namespace, without extension. */
export function namespaceFileName(object: KubeObject): string {
  const isNamespace = object.apiVersion === 'v1' && object.kind === 'Namespace';
  const namespace = isNamespace ? object.metadata?.name : namespaceOf(object);
  // No namespace begins with this sign.
  return namespace === undefined || namespace === '' ? '_cluster' : shortened(escaped(namespace));
}

function escaped(text: string): string {
  return text.replace(/[^A-Za-z0-9.-]/g, (sign) => encodeURIComponent(sign).replace('_', '%5F'));
}

function shortened(name: string): string {
  if (name.length <= LONGEST) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_LENGTH);
  return `${name.slice(0, LONGEST - HASH_LENGTH - 1)}-${hash}`;
}
