import { definesSubsetsOf, needsSubsetsOf } from '../../manifests/mesh/subset-order';
import type { KubeObject } from '../../manifests/objects';
import { apiGroup, fieldAt } from '../../manifests/objects';
import { namespaceOf } from '../cluster-kinds';

/**
 * Pairs of which the second is nothing until the first exists: what is in a namespace, an object of a custom kind, a route to a
 * subset. A cluster refuses the first two, and answers requests on the third with 503.
 */
export function prerequisites(objects: readonly KubeObject[]): readonly (readonly [number, number])[] {
  const namespaces = new Map<unknown, number>();
  const definitions = new Map<unknown, number>();
  const rules = new Map<string, number>();
  objects.forEach((object, index) => {
    if (object.kind === 'Namespace' && object.apiVersion === 'v1') namespaces.set(object.metadata?.name, index);
    if (object.kind === 'CustomResourceDefinition') definitions.set(definedType(object), index);
    const host = definesSubsetsOf(object);
    if (host !== undefined) rules.set(host, index);
  });
  if (namespaces.size + definitions.size + rules.size === 0) return [];
  const pairs: (readonly [number, number])[] = [];
  objects.forEach((object, then) => {
    const needed = [
      namespaces.get(namespaceOf(object)),
      definitions.size === 0 ? undefined : definitions.get(`${apiGroup(object.apiVersion)}/${object.kind}`),
      ...(rules.size === 0 ? [] : [...needsSubsetsOf(object)].map((host) => rules.get(host))),
    ];
    for (const first of needed) if (first !== undefined && first !== then) pairs.push([first, then]);
  });
  return pairs;
}

function definedType(definition: KubeObject): string {
  return `${String(fieldAt(definition, 'spec', 'group'))}/${String(fieldAt(definition, 'spec', 'names', 'kind'))}`;
}
