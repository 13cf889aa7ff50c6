import type { KubeObject } from '../../manifests/objects';

const ANNOTATION = 'argocd.argoproj.io/sync-wave';

/**
 * The object with its wave, unless it has one already. Argo CD puts objects in order by wave, kind and name, never by their place
 * in a file: https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/
 */
export function withSyncWave(object: KubeObject, wave: number): KubeObject {
  const annotations = object.metadata?.annotations ?? {};
  if (wave === 0 || ANNOTATION in annotations) return object;
  const metadata = { ...object.metadata, annotations: sorted({ ...annotations, [ANNOTATION]: String(wave) }) };
  return { ...object, metadata: sorted(metadata) };
}

function sorted<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))) as T;
}
