import { ApiObject } from 'cdk8s';
import { Workload } from 'cdk8s-mesh';
import type { Construct } from 'constructs';

/** What differs between the containers of the shop. */
export interface ContainerProps {
  readonly name?: string;
  readonly image: string;
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Answers both whether the container is ready and whether it is alive. */
  readonly probe?: Probe;
  readonly resources?: Resources;
  readonly command?: readonly string[];
  /** Path of a folder that the container may write to. */
  readonly scratch?: string;
}

/** How a probe asks, and when. */
export interface Probe {
  readonly grpc?: { readonly port: number };
  readonly httpGet?: { readonly port: number; readonly path: string };
  readonly tcpSocket?: { readonly port: number };
  readonly initialDelaySeconds?: number;
  readonly periodSeconds?: number;
}

/** What a container gets, and at most gets. */
export interface Resources {
  readonly requests: Quantities;
  readonly limits: Quantities;
}

interface Quantities {
  readonly cpu: string;
  readonly memory: string;
}

/** What a Deployment is for. */
export interface DeploymentProps {
  readonly app: string;
  /** One of several versions of the app. */
  readonly version?: string;
  readonly main: ContainerProps;
  readonly initContainers?: readonly ContainerProps[];
}

/** A Deployment as the shop has them: one container, without any privilege. */
export function deployment(scope: Construct, { app, version, main, initContainers = [] }: DeploymentProps): Workload {
  const name = version === undefined ? app : `${app}-${version}`;
  const labels = { app, ...(version === undefined ? {} : { version }) };
  return Workload.of(
    new ApiObject(scope, `${name}-deployment`, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, labels },
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            securityContext: { fsGroup: 1000, runAsGroup: 1000, runAsNonRoot: true, runAsUser: 1000 },
            ...(initContainers.length > 0 ? { initContainers: initContainers.map(container) } : {}),
            containers: [container(main)],
            ...(main.scratch === undefined ? {} : { volumes: [{ name: 'scratch', emptyDir: {} }] }),
          },
        },
      },
    }),
  );
}

function container({ name, image, port, env, probe, resources, command, scratch }: ContainerProps): object {
  return {
    name: name ?? 'server',
    image,
    ...(command === undefined ? {} : { command }),
    ...(env === undefined ? {} : { env: Object.entries(env).map(([key, value]) => ({ name: key, value })) }),
    ...(port === undefined ? {} : { ports: [{ containerPort: port }] }),
    ...(probe === undefined ? {} : { readinessProbe: probe, livenessProbe: probe }),
    ...(resources === undefined ? {} : { resources }),
    ...(scratch === undefined ? {} : { volumeMounts: [{ name: 'scratch', mountPath: scratch }] }),
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      privileged: false,
      readOnlyRootFilesystem: true,
    },
  };
}
