import type { Construct } from 'constructs';
import { ApiObject } from 'cdk8s';
import { Workload } from 'cdk8s-mesh';

/** A Deployment of two pods, one for each version of a service. */
export function deployment(scope: Construct, service: string, version: string): Workload {
  const name = `${service}-${version}`;
  const labels = { app: service, version };
  return Workload.of(
    new ApiObject(scope, `${name}-deployment`, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name },
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            containers: [
              {
                name: 'server',
                image: `registry.example/${name}:1.0.0`,
                ports: [{ containerPort: 8080 }, { containerPort: 8443 }],
              },
            ],
          },
        },
      },
    }),
  );
}
