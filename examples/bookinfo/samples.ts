import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { MeshedService, Port, Workload } from 'cdk8s-mesh';
import type { MeshedServiceProps } from 'cdk8s-mesh';

const BOOKINFO = 'docker.io/istio/examples-bookinfo';

/** One version of a sample of Istio's, as a Deployment that listens on a port, or on several. */
export function version(
  scope: Construct,
  app: string,
  name: string,
  image: string,
  ports: number | readonly number[],
  { replicas = 1, ...checks }: { replicas?: number; readinessProbe?: object } = {},
): Workload {
  const labels = { app, version: name };
  const listening = [ports].flat().map((containerPort) => ({ containerPort }));
  return Workload.of(
    new ApiObject(scope, `${app}-${name}-deployment`, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: `${app}-${name}` },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { containers: [{ name: app, image, ports: listening, ...checks }] },
        },
      },
    }),
  );
}

/** One version of a service of Bookinfo. */
export function bookinfoVersion(scope: Construct, app: string, name: string): Workload {
  return version(scope, app, name, `${BOOKINFO}-${app}-${name}:1.20.3`, 9080);
}

/** A service of Bookinfo at version v1. */
export function bookinfo(scope: Construct, app: string, options: Partial<MeshedServiceProps> = {}): MeshedService {
  return new MeshedService(scope, app, {
    name: app,
    workload: bookinfoVersion(scope, app, 'v1'),
    ports: [Port.http(9080)],
    ...options,
  });
}

/** One version of the HTTP server that shows what it was sent. */
export function httpbinVersion(scope: Construct, name: string): Workload {
  return version(scope, 'httpbin', name, 'docker.io/mccutchen/go-httpbin:v2.15.0', 8080, {
    readinessProbe: { httpGet: { path: '/status/200', port: 8080 } },
  });
}

/** A service that only calls. */
export function client(scope: Construct, app: string): MeshedService {
  return new MeshedService(scope, app, {
    name: app,
    workload: version(scope, app, 'v1', 'docker.io/curlimages/curl:8.16.0', 8080),
  });
}
