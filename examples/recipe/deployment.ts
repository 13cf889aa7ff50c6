import type { Construct } from 'constructs';
import { ApiObject } from 'cdk8s';
import { Workload } from 'cdk8s-mesh';

/** A Deployment of the sample HTTP server, whose pods carry these labels. */
export function httpDeployment(
  scope: Construct,
  name: string,
  labels: Readonly<Record<string, string>>,
  replicas: number,
): Workload {
  return Workload.of(
    new ApiObject(scope, `${name}-deployment`, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            containers: [
              { name: 'server', image: 'docker.io/mccutchen/go-httpbin:v2.15.0', ports: [{ containerPort: 8080 }] },
            ],
          },
        },
      },
    }),
  );
}
