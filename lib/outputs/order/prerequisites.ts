import type { KubeObject } from '../../manifests/objects';
import { apiGroup, fieldAt } from '../../manifests/objects';
import { namespaceOf } from '../cluster-kinds';

/** Pairs of which a cluster refuses the second until the first exists: a namespace, the definition of a custom kind. */
export function prerequisites(objects: readonly KubeObject[]): readonly (readonly [number, number])[] {
  const namespaces = new Map<unknown, number>();
  const definitions = new Map<unknown, number>();
  objects.forEach((object, index) => {
    if (object.kind === 'Namespace' && object.apiVersion === 'v1') namespaces.set(object.metadata?.name, index);
    if (object.kind === 'CustomResourceDefinition') definitions.set(definedType(object), index);
  });
  if (namespaces.size + definitions.size === 0) return [];
  const pairs: (readonly [number, number])[] = [];
  objects.forEach((object, then) => {
    const needed = [
      namespaces.get(namespaceOf(object)),
      definitions.size === 0 ? undefined : definitions.get(`${apiGroup(object.apiVersion)}/${object.kind}`),
    ];
    for (const first of needed) if (first !== undefined && first !== then) pairs.push([first, then]);
  });
  return pairs;
}

function definedType(definition: KubeObject): string {
  return `${String(fieldAt(definition, 'spec', 'group'))}/${String(fieldAt(definition, 'spec', 'names', 'kind'))}`;
}
