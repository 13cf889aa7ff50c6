import { ApiObject } from 'cdk8s';
import type { Code } from '../../../lib/errors';
import { Port, Workload } from '../../../lib';
import type { DeploymentOptions } from '../mesh-app';
import { MeshApp, deployment } from '../mesh-app';

/** Bad input, and what the library has to say about it. */
export interface Provocation {
  /** What is refused: the end of a sentence that begins with "refuses". */
  readonly input: string;
  readonly code: Code;
  /** A value that the message has in backticks. */
  readonly value: string;
  /** Throws, or returns the warning that was printed. */
  readonly provoke: () => unknown;
}

/** What somebody who writes JavaScript can pass where the types ask for something else. */
export function untyped<T>(value: unknown): T {
  return value as T;
}

/** Adds a Kubernetes object of the user's own to the chart. */
export function userObject(
  { chart }: MeshApp,
  kind: string,
  name: string,
  spec?: unknown,
  apiVersion = 'v1',
): ApiObject {
  return new ApiObject(chart, `user-${kind}-${name}`, {
    apiVersion,
    kind,
    metadata: { name },
    ...(spec === undefined ? {} : { spec }),
  });
}

/** A mesh with the service `cart`, whose Deployment is like this. */
export function cartOn(options: DeploymentOptions): MeshApp {
  const app = new MeshApp();
  app.service('cart', {
    ports: [Port.http(80, { containerPort: 8080 })],
    workload: Workload.of(deployment(app.chart, 'cart', options)),
  });
  return app;
}
