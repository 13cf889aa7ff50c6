import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { Code, MeshError, quoted } from '../errors';
import { didYouMean, requireDnsLabel, requireServiceName } from '../intent/names';
import type { Operation } from '../intent/operation';
import type { CallerRef, ServiceRef } from '../intent/peer';
import type { Port } from '../intent/port';
import { distinctPorts } from '../intent/port';
import { mergeResilience, requireConsistent } from '../intent/resilience';
import type { ServiceDeclaration } from '../intent/service';
import { serviceKey } from '../intent/service';
import { serviceSpec } from '../kubernetes/service';
import type { ProxyOptions } from '../options/proxy';
import { proxySettings } from '../options/proxy';
import type { ResilienceOptions } from '../options/resilience';
import { resilienceLevel } from '../options/resilience';
import type { AllowOptions } from './access';
import { Access } from './access';
import { emit } from './emit';
import { Mesh } from './mesh';
import type { MeshedServiceRefProps } from './meshed-service-ref';
import { MeshedServiceRef } from './meshed-service-ref';
import type { IMeshNamespace } from './namespace';
import type { ICallee, IPeer } from './peer';
import type { ServiceEntry } from './registry';
import type { Workload } from './workload';

/** A service of the mesh. */
export interface MeshedServiceProps extends ResilienceOptions {
  /** Name of the Kubernetes Service, by which callers reach it. */
  readonly name: string;
  /**
   * Its namespace.
   * @default - the declared namespace that has the name of the chart's `namespace`
   */
  readonly namespace?: IMeshNamespace;
  /**
   * The pods behind it.
   * @default - a `CanaryRelease` brings one workload for each version
   */
  readonly workload?: Workload;
  /**
   * Ports on which it can be called.
   * @default - none: a workload that only calls
   */
  readonly ports?: Port[];
  /**
   * Requests that may stay open although their port is not `streaming`: they get no timeout.
   * @default - none
   */
  readonly streamingOperations?: Operation[];
  /**
   * Service account that its pods run under.
   * @default - the one that the workload names; where it names none, one with the name of the service is made
   */
  readonly serviceAccount?: string;
  /**
   * Whether other services may run under the same service account. A grant to one of them then opens the others, and
   * what one may call the others may call, too.
   * @default false
   */
  readonly sharedIdentity?: boolean;
  /**
   * Whether the Kubernetes Service is delivered by somebody else. A Service in the same app is adopted by itself.
   * @default false
   */
  readonly existingService?: boolean;
  /**
   * Whether a NetworkPolicy is made for the pods in a zero-trust namespace. Without it, the namespace's default deny
   * cuts them off until a policy of yours opens what they need.
   * @default true
   */
  readonly networkPolicy?: boolean;
  /**
   * Resources and start of the proxy beside each pod.
   * @default - the mesh's
   */
  readonly proxy?: ProxyOptions;
  /**
   * Names of further providers of the mesh (external authorization) that its proxy calls.
   * @default - the tracing and access log providers of the mesh
   */
  readonly providers?: string[];
}

/** A host that a service's proxy knows. */
export interface VisibleHost {
  /** The host, with the namespace where it is declared. */
  readonly host: string;
  /** Who asked for it: a grant, or a provider of the mesh. */
  readonly source: string;
}

/**
 * A service with an identity of its own, protections written out, and access by grants.
 *
 * @example
 * import { App, Chart } from 'cdk8s';
 * import { IstioMesh, Mesh, MeshedService, Port, Workload, ZeroTrustNamespace } from 'cdk8s-mesh';
 * const app = new App();
 * Mesh.use(app, new IstioMesh({ version: '1.30.3' }));
 * const chart = new Chart(app, 'shop', { namespace: 'shop' });
 * const shop = new ZeroTrustNamespace(chart, 'Namespace', { name: 'shop' });
 * const cart = new MeshedService(chart, 'Cart', {
 *   name: 'cart',
 *   namespace: shop,
 *   workload: Workload.external({
 *     kind: 'Deployment', name: 'cart', labels: { app: 'cart' }, serviceAccount: 'cart', containerPorts: [8080],
 *   }),
 *   ports: [Port.http(80, { containerPort: 8080 })],
 * });
 */
export class MeshedService extends Construct implements IPeer, ICallee {
  /** A service that another app owns: it can call and be called, and nothing is emitted in its namespace. */
  static fromRef(scope: Construct, id: string, props: MeshedServiceRefProps): MeshedServiceRef {
    return new MeshedServiceRef(scope, id, props);
  }

  /** Name of the Kubernetes Service. */
  readonly serviceName: string;
  /** Name of its namespace. */
  readonly namespaceName: string;
  /** Whom it may call, and who may call it. */
  readonly access: Access;
  /**
   * @internal
   */
  readonly _entry: ServiceEntry;
  private readonly openPorts = new Set<Port>();

  constructor(scope: Construct, id: string, props: MeshedServiceProps) {
    super(scope, id);
    const mesh = Mesh.of(this);
    const namespace = props.namespace ?? chartNamespace(this, mesh);
    this.serviceName = requireServiceName('service', props.name);
    this.namespaceName = namespace.namespaceName;
    const declaration = declare(mesh, namespace, props);
    this._entry = {
      construct: this,
      declaration,
      placeholders: [],
      ...(props.workload === undefined ? {} : { workload: props.workload }),
      ...(props.serviceAccount === undefined
        ? {}
        : { serviceAccount: requireAccount(serviceKey(declaration.ref), props.serviceAccount) }),
    };
    mesh._registry.addService(this._entry);
    mesh._require({ kind: 'service', service: declaration });
    this.access = Access._of(this, {
      construct: this,
      ref: declaration.ref,
      name: serviceKey(declaration.ref),
      ports: declaration.ports,
      locked: declaration.locked,
      openToKubernetesApi: (ports) => this.openToPlaintext(mesh, ports),
    });
    this.emitObjects(mesh, props);
  }

  /** Every host that its proxy knows, and why. Empty in a `MeshedNamespace`, where proxies know everything. */
  visibleHosts(): VisibleHost[] {
    const mesh = Mesh.of(this);
    const intent = mesh._currentIntent();
    const { ref, locked } = this._entry.declaration;
    return locked ? mesh._provider.imports(intent.service(ref), intent).map((entry) => ({ ...entry })) : [];
  }

  /**
   * @internal
   */
  _caller(): CallerRef {
    return this._entry.declaration.ref;
  }

  /**
   * @internal
   */
  _allowFrom(caller: IPeer, _scope: Construct, options: AllowOptions): void {
    this.access.allowFrom(caller, options);
  }

  private emitObjects(mesh: Mesh, props: MeshedServiceProps): void {
    const { declaration, placeholders } = this._entry;
    const { ref, ports } = declaration;
    const object = { name: ref.name, namespace: ref.namespace, apiVersion: 'v1' };
    placeholders.push(
      emit(this, mesh, {
        ...object,
        id: 'ServiceAccount',
        kind: 'ServiceAccount',
        name: this._entry.serviceAccount ?? ref.name,
      }),
    );
    if (ports.length > 0 && !(props.existingService ?? false)) {
      placeholders.push(
        emit(this, mesh, {
          ...object,
          id: 'Service',
          kind: 'Service',
          spec: (intent) => serviceSpec(intent.service(ref)),
        }),
      );
    }
    mesh._provider.serviceObjects(declaration).forEach((plan) => emit(this, mesh, plan));
  }

  private openToPlaintext(mesh: Mesh, ports: readonly Port[]): void {
    const { ref, locked } = this._entry.declaration;
    const first = this.openPorts.size === 0;
    ports.forEach((port) => this.openPorts.add(port));
    if (first && locked) {
      mesh._provider.plaintextObjects(ref, () => [...this.openPorts]).forEach((plan) => emit(this, mesh, plan));
    }
  }
}

function declare(mesh: Mesh, namespace: IMeshNamespace, props: MeshedServiceProps): ServiceDeclaration {
  const ref: ServiceRef = { kind: 'service', namespace: namespace.namespaceName, name: props.name };
  const { always, optional } = mesh._provider.providers;
  for (const name of props.providers ?? []) {
    if (![...always, ...optional].includes(name)) {
      throw new MeshError(
        Code.PROVIDER_UNKNOWN,
        `unknown provider \`${name}\` on \`${serviceKey(ref)}\`, the mesh has ${quoted([...always, ...optional]) || 'none'}${didYouMean(name, [...always, ...optional])}`,
        'add it to `providers` of the mesh',
      );
    }
  }
  const resilience = mergeResilience(mesh._provider.resilience, resilienceLevel(props));
  requireConsistent(serviceKey(ref), resilience);
  return {
    ref,
    owned: true,
    locked: namespace._locked,
    ports: distinctPorts(serviceKey(ref), props.ports ?? []),
    streamingOperations: props.streamingOperations ?? [],
    resilience,
    providers: [...new Set([...always, ...(props.providers ?? [])])],
    proxy: proxySettings(mesh._provider.proxy, props.proxy),
    networkPolicy: props.networkPolicy ?? true,
    sharedIdentity: props.sharedIdentity ?? false,
  };
}

function requireAccount(service: string, name: string): string {
  if (name === 'default') {
    throw new MeshError(
      Code.SERVICE_ACCOUNT_DEFAULT,
      `\`${service}\` shall run under service account \`default\`, which every pod without an account of its own has`,
      'leave `serviceAccount` out to get one of its own',
    );
  }
  return requireDnsLabel('serviceAccount', name);
}

function chartNamespace(scope: Construct, mesh: Mesh): IMeshNamespace {
  const { namespace } = Chart.of(scope);
  const declared = namespace === undefined ? undefined : mesh._registry.namespaces.get(namespace);
  if (declared === undefined) {
    const known = [...mesh._registry.namespaces.keys()];
    throw new MeshError(
      Code.NAMESPACE_UNDECLARED,
      namespace === undefined
        ? `\`${scope.node.path}\` has no \`namespace\`, and neither has its chart`
        : `namespace \`${namespace}\` of \`${scope.node.path}\` was never declared, declared are ${quoted(known) || 'none'}`,
      'declare it before with `new ZeroTrustNamespace(…)`, and give it as `namespace`',
    );
  }
  return { namespaceName: declared.name, _locked: declared.locked };
}
