import type { ApiObject } from 'cdk8s';
import { MeshError } from '../errors';
import { identityOf, twinProblem } from '../manifests/objects';
import { namespaceOf } from './cluster-kinds';
import type { Resolved } from './order/object-order';

/** Refuses two objects that a cluster takes for one. */
export function requireDistinct(objects: readonly Resolved[]): void {
  const known = new Map<string, ApiObject>();
  for (const { apiObject, manifest } of objects) {
    const name = manifest.metadata?.name;
    // What has no name, such as an object with `generateName`, is a new one every time.
    if (name === undefined) continue;
    const namespace = namespaceOf(manifest);
    const identity = identityOf(manifest.apiVersion, manifest.kind, namespace, name);
    const twin = known.get(identity);
    if (twin !== undefined) {
      const { code, message, fix } = twinProblem(
        { kind: manifest.kind, namespace, name },
        twin.node.path,
        apiObject.node.path,
      );
      throw new MeshError(code, message, fix);
    }
    known.set(identity, apiObject);
  }
}
