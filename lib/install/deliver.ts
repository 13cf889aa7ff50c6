import type { ApiObjectProps } from 'cdk8s';
import { ApiObject, JsonPatch } from 'cdk8s';
import type { Construct } from 'constructs';
import type { HelmInstall } from './helm-release';

/** Has something installed: makes, below a construct, what tells its tool to. */
export type Deliver = (scope: Construct, install: HelmInstall) => void;

/** An object by which something is told what to install. */
export interface DeliveredObject {
  readonly id: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: object;
}

/** A delivery of objects for the cluster in which its tool runs. */
export function delivering<T>(objects: (what: T) => readonly DeliveredObject[]): (scope: Construct, what: T) => void {
  return (scope, what) => {
    for (const { id, ...object } of objects(what)) addObject(scope, id, object);
  };
}

/** Adds an object; it belongs to the cluster where it names no namespace. */
export function addObject(scope: Construct, id: string, object: ApiObjectProps): void {
  const made = new ApiObject(scope, id, object);
  if (object.metadata?.namespace === undefined && made.metadata.namespace !== undefined) {
    // cdk8s gives every object its chart's namespace, which the API server refuses on objects that have none.
    made.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
  }
}

/** The namespaces of an install, for tools that make none. */
export function namespaceObjects({ releases }: HelmInstall): readonly DeliveredObject[] {
  return [...new Set(releases.map(({ namespace }) => namespace))].map((name) => ({
    id: `Namespace-${name}`,
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name },
  }));
}
