import type { KubeObject } from '../manifests/objects';

/** An object as reports name it: `Kind namespace/name`, or `Kind name` where it names no namespace. */
export function resourceOf({ kind, metadata }: KubeObject): string {
  const [namespace, name]: readonly unknown[] = [metadata?.namespace, metadata?.name];
  const text = typeof name === 'string' ? name : '';
  return `${kind} ${typeof namespace === 'string' && namespace !== '' ? `${namespace}/` : ''}${text}`;
}
