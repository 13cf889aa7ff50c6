import { ApiObject, JsonPatch, Lazy } from 'cdk8s';
import type { Construct } from 'constructs';
import type { ObjectPlan } from '../providers/provider';
import { markEmitted } from '../synthesis/emitted';
import type { Mesh } from './mesh';

/** Creates an object whose spec is filled at synth, when everything was declared. */
export function emit(scope: Construct, mesh: Mesh, plan: ObjectPlan): ApiObject {
  const { id, apiVersion, kind, name, namespace, labels, annotations, spec, data } = plan;
  const apiObject = new ApiObject(scope, id, {
    apiVersion,
    kind,
    metadata: { name, namespace, labels, annotations },
    ...(spec === undefined ? {} : { spec: Lazy.any({ produce: () => spec(mesh._intent()) }) as unknown }),
    ...(data === undefined ? {} : { data: Lazy.any({ produce: () => data(mesh._intent()) }) as unknown }),
  });
  if (namespace === undefined && apiObject.metadata.namespace !== undefined) {
    // cdk8s gives every object its chart's namespace, which the API server refuses on objects that have none.
    apiObject.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
  }
  return markEmitted(apiObject);
}
