import { ApiObject, App, Chart, Testing } from 'cdk8s';
import type { Construct } from 'constructs';
import type { IstioMeshProps, MeshOptions, MeshedServiceProps } from '../../lib';
import { IstioMesh, IstioProviderKind, Mesh, MeshedService, Port, Workload, ZeroTrustNamespace } from '../../lib';
import { fieldAt } from '../../lib/manifests/objects';

/** An object as it is synthesized. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** Facts of a mesh that can do everything. */
export const FULL_MESH: IstioMeshProps = {
  version: '1.30.3',
  ingressGateway: { namespace: 'istio-ingress', serviceAccount: 'istio-ingress', podLabels: { istio: 'ingress' } },
  kubernetesApi: { cidrs: ['10.0.0.1/32', '10.0.0.2/32'], port: 6443 },
  monitoringNamespace: 'monitoring',
};

/** A tracing, an access log and an authorization provider. */
export const PROVIDERS: IstioMeshProps['providers'] = [
  {
    name: 'otel',
    kind: IstioProviderKind.TRACING,
    service: 'collector',
    namespace: 'observability',
    port: 4317,
    podLabels: { app: 'collector' },
  },
  {
    name: 'als',
    kind: IstioProviderKind.ACCESS_LOG,
    service: 'logs',
    namespace: 'observability',
    port: 80,
    containerPort: 8080,
  },
  { name: 'opa', kind: IstioProviderKind.EXT_AUTHZ, service: 'opa', namespace: 'policy', port: 9191 },
];

/** An app with a mesh and, in its chart, a namespace `shop`. */
export class MeshApp {
  readonly app = new App();
  readonly chart: Chart;
  readonly mesh: Mesh;
  private locked: ZeroTrustNamespace | undefined;

  constructor(props: Partial<IstioMeshProps> = {}, options: MeshOptions = {}) {
    this.mesh = Mesh.use(this.app, new IstioMesh({ ...FULL_MESH, ...props }), options);
    this.chart = new Chart(this.app, 'shop', { namespace: 'shop' });
  }

  /** The zero-trust namespace `shop`, declared when it is first asked for. */
  get shop(): ZeroTrustNamespace {
    this.locked ??= new ZeroTrustNamespace(this.chart, 'Namespace', { name: 'shop' });
    return this.locked;
  }

  /** A service with a Deployment of its name and an HTTP port 80 on container port 8080. */
  service(name: string, props: Partial<MeshedServiceProps> = {}): MeshedService {
    return new MeshedService(this.chart, `${name}-service`, {
      name,
      ...('namespace' in props ? {} : { namespace: this.shop }),
      ports: [Port.http(80, { containerPort: 8080 })],
      ...('workload' in props ? {} : { workload: Workload.of(deployment(this.chart, name)) }),
      ...props,
    });
  }

  /** Everything in the chart. */
  objects(): Manifest[] {
    return objects(this.chart);
  }

  /** The object of that kind and name in the chart. */
  find(kind: string, name: string): Manifest {
    return find(this.objects(), kind, name);
  }
}

/** What a plain Deployment in a test says. */
export interface DeploymentOptions {
  readonly labels?: Readonly<Record<string, string>>;
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ports?: readonly number[];
  readonly replicas?: number;
  readonly namespace?: string;
  readonly serviceAccountName?: string;
  readonly podSpec?: Readonly<Record<string, unknown>>;
}

/** The manifest of a Deployment whose pods carry `app: <name>` and listen on 8080. */
export function deploymentManifest(name: string, options: DeploymentOptions = {}) {
  const labels = options.labels ?? { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, ...(options.namespace === undefined ? {} : { namespace: options.namespace }) },
    spec: {
      ...(options.replicas === undefined ? {} : { replicas: options.replicas }),
      selector: { matchLabels: { ...(options.matchLabels ?? labels) } },
      template: {
        metadata: {
          labels: { ...labels },
          ...(options.annotations === undefined ? {} : { annotations: options.annotations }),
        },
        spec: {
          ...(options.serviceAccountName === undefined ? {} : { serviceAccountName: options.serviceAccountName }),
          containers: [
            {
              name: 'server',
              image: `registry.example/${name}:1`,
              ports: (options.ports ?? [8080]).map((containerPort) => ({ containerPort })),
            },
          ],
          ...options.podSpec,
        },
      },
    },
  };
}

/** A Deployment whose pods carry `app: <name>` and listen on 8080. */
export function deployment(scope: Construct, name: string, options: DeploymentOptions = {}): ApiObject {
  return new ApiObject(scope, `${name}-deployment`, deploymentManifest(name, options));
}

/** Everything in a chart, as tests of users see it. */
export function objects(chart: Chart): Manifest[] {
  return Testing.synth(chart) as Manifest[];
}

/** The one object of a kind and name. */
export function find(among: readonly Manifest[], kind: string, name: string): Manifest {
  const found = among.filter((object) => object.kind === kind && object.metadata.name === name);
  const [only] = found;
  if (only === undefined || found.length > 1) {
    const there = among.map((object) => `${object.kind} ${object.metadata.name}`).join(', ');
    throw new Error(`${found.length} objects ${kind} ${name} among ${there}`);
  }
  return only;
}

/** `kind name` of each object. */
export function names(among: readonly Manifest[]): string[] {
  return among.map((object) => `${object.kind} ${object.metadata.name}`);
}

/** A nested field. */
export function at(object: unknown, ...path: readonly string[]): unknown {
  return fieldAt(object, ...path);
}

/** The message of the error that a function throws. */
export function thrown(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error('nothing was thrown');
}

/** What is written to stderr while a function runs. */
export function printed(run: () => unknown): string {
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    run();
    return write.mock.calls.map(([text]) => String(text)).join('');
  } finally {
    write.mockRestore();
  }
}
