import { ApiObject } from 'cdk8s';
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
    for (const { id, ...object } of objects(what)) new ApiObject(scope, id, object);
  };
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
