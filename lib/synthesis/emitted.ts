import type { ApiObject } from 'cdk8s';

const emitted = new WeakSet<ApiObject>();

/** Remembers an object as one that this library created. */
export function markEmitted(apiObject: ApiObject): ApiObject {
  emitted.add(apiObject);
  return apiObject;
}

/** Whether this library created an object. */
export function isEmitted(apiObject: ApiObject): boolean {
  return emitted.has(apiObject);
}
