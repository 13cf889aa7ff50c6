import { Construct } from 'constructs';
import { requireServiceName } from '../intent/names';
import type { CallerRef } from '../intent/peer';
import type { Port } from '../intent/port';
import type { RestrictionKind, Restrictions } from '../intent/restriction';
import { NO_RESTRICTIONS } from '../intent/restriction';
import { givenMade, givenOptions } from '../intent/given';
import { saysEndpoints } from '../intent/scope';
import { serviceKey } from '../intent/service';
import { serviceSpec } from '../kubernetes/service';
import type { ConnectionRouteOptions } from '../options/connection-route';
import type { ExplainResilienceOptions, ResilienceSource } from '../options/explain-resilience';
import type { RouteOptions } from '../options/route';
import type { TelemetryOptions } from '../options/telemetry';
import type { ScopedResilienceOptions } from '../options/scoped-resilience';
import { Access } from './access';
import type { AllowOptions, ICallee } from './allow';
import type { IPeer } from '../intent/peer';
import { emit } from './emit';
import { addLevel, sourcesOf } from './levels';
import { Mesh } from './mesh';
import { tell } from './mesh-telemetry';
import type { MeshedServiceRefProps } from './meshed-service-ref';
import { MeshedServiceRef } from './meshed-service-ref';
import { addConnectionRoute, addRoute } from './routes';
import type { ServiceEntry } from '../synthesis/registry';
import type { MeshedServiceProps } from './service-declaration';
import { chartNamespace } from './chart-namespace';
import { declareService, levelsOfService, requireAccount } from './service-declaration';

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
  private divided = false;
  private limited = false;

  constructor(scope: Construct, id: string, props: MeshedServiceProps) {
    super(scope, id);
    const mesh = Mesh.of(this);
    const namespace = givenOptions('a service', props).namespace ?? chartNamespace(this, mesh);
    givenMade('`namespace` of a service', namespace, '_resilience', 'a `ZeroTrustNamespace` or `MeshedNamespace`');
    this.serviceName = requireServiceName('service', props.name);
    this.namespaceName = namespace.namespaceName;
    const declaration = declareService(mesh, namespace, props);
    this._entry = {
      construct: this,
      declaration,
      placeholders: [],
      routes: [],
      connections: [],
      scoped: [],
      levels: levelsOfService(mesh, namespace, props),
      restrictions: NO_RESTRICTIONS,
      ...(props.workload === undefined ? {} : { workload: props.workload._source }),
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
      restrict: (kind, restriction) => this.restrict(mesh, kind, restriction),
    });
    this.emitObjects(mesh, props);
  }

  /**
   * Treats some of its requests in a way of their own. Routes may be added from several places and in any order: more
   * specific ones are tried first, and requests that none matches go to the service. At an ingress they hold, too.
   */
  addRoute(options: RouteOptions): void {
    addRoute(Mesh.of(this), this._entry, options);
  }

  /**
   * Leads some of the connections to its ports of TCP, TLS and HTTPS elsewhere, by who calls and by the server name that
   * clients ask for. Routes may be added from several places and in any order, as with `addRoute`. At an ingress that passes
   * connections through they hold, too.
   */
  addConnectionRoute(options: ConnectionRouteOptions): void {
    const mesh = Mesh.of(this);
    addConnectionRoute(mesh, this._entry, options);
    this._emitReleaseObjects(mesh);
  }

  /**
   * Protects some of its calls in a way of their own: those to some ports, to one version of its release, or from some
   * callers. What is said for callers wins over what is said for a version, that over a port, that over the service, that
   * over its namespace, and that over the mesh, setting by setting; `timeout` and `retries` of a route win over all.
   * Levels may be added from several places and in any order. At an ingress, what is said for ports and versions holds.
   */
  addResilience(options: ScopedResilienceOptions): void {
    const mesh = Mesh.of(this);
    const { ending, scope, said } = addLevel(mesh, this._entry, options);
    if (ending === true) {
      return;
    }
    if (scope.callers.length > 0 && saysEndpoints({ said })) {
      this._emitReleaseObjects(mesh);
    }
    const limits = [said.rateLimit ?? 'off', said.streamIdleTimeout ?? 'off'];
    if (limits.some((limit) => limit !== 'off') && !this.limited) {
      this.limited = true;
      mesh._provider.limitObjects(this._entry.declaration).forEach((plan) => emit(this, mesh, plan));
    }
  }

  /** Every protection of some calls, or of all that have none of their own, and the level that it comes from. */
  explainResilience(options: ExplainResilienceOptions = {}): ResilienceSource[] {
    return [...sourcesOf(this._entry, options)];
  }

  /**
   * What its proxies tell about calls, both those that it gets and those that it makes. What is left out stays as its
   * namespace or the mesh has it. It can be said once.
   */
  observe(options: TelemetryOptions): void {
    const { ref } = this._entry.declaration;
    const key = serviceKey(ref);
    tell(this, { kind: 'service', service: ref }, `telemetry of service \`${key}\``, key, options);
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

  /**
   * Adds the objects that versions and callers with settings of their own need, once.
   * @internal
   */
  _emitReleaseObjects(mesh: Mesh): void {
    if (!this.divided) {
      this.divided = true;
      mesh._provider.releaseObjects(this._entry.declaration).forEach((plan) => emit(this, mesh, plan));
    }
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
    const { workload } = this._entry;
    if (workload?.kind === 'external' && workload.machines !== undefined) {
      mesh._provider.machineObjects(ref.namespace, workload.machines).forEach((plan) => emit(this, mesh, plan));
    }
  }

  private restrict<K extends RestrictionKind>(mesh: Mesh, kind: K, restriction: Restrictions[K][number]): void {
    const { declaration } = this._entry;
    if (this._entry.restrictions[kind].length === 0) {
      mesh._provider.restrictionObjects(declaration, kind).forEach((plan) => emit(this, mesh, plan));
    }
    mesh._registry.restrict(this._entry, kind, restriction);
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
