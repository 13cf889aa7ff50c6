import { Construct } from 'constructs';
import { Code, MeshError } from '../errors';
import { givenShape } from '../intent/given';
import { requireDnsLabel, requireIdentity, requireLabels, requireServiceName } from '../intent/names';
import type { CallerRef, ServiceRef } from '../intent/peer';
import type { Port } from '../intent/port';
import { distinctPorts } from '../intent/port';
import { NO_RESTRICTIONS } from '../intent/restriction';
import { DEFAULT_RESILIENCE } from '../intent/resilience';
import type { ServiceDeclaration } from '../intent/service';
import { serviceKey } from '../intent/service';
import { Access } from './access';
import type { AllowOptions, ICallee } from './allow';
import type { IPeer } from '../intent/peer';
import { Mesh } from './mesh';
import { ownerObjects } from './owner-objects';

/** A service that another app owns. */
export interface MeshedServiceRefProps {
  /** Name of its Kubernetes Service. */
  readonly name: string;
  /** Its namespace. */
  readonly namespace: string;
  /** Service account that its pods run under. */
  readonly serviceAccount: string;
  /**
   * Ports on which it can be called.
   * @default - none: a workload that only calls
   */
  readonly ports?: Port[];
  /** Labels that select its pods. */
  readonly podLabels: { readonly [key: string]: string };
  /**
   * Whether other services run under the same service account. A grant to one of them then opens the others.
   * @default false
   */
  readonly sharedIdentity?: boolean;
}

/**
 * A service that another app owns, from `MeshedService.fromRef`: it can call and be called, and nothing is emitted in its
 * namespace. What its owner has to add there, `requiredFromOwner` says.
 *
 * @example
 * import { App, Chart } from 'cdk8s';
 * import { IstioMesh, Mesh, MeshedService, Port } from 'cdk8s-mesh';
 * const app = new App();
 * Mesh.use(app, new IstioMesh({ version: '1.30.3' }));
 * const chart = new Chart(app, 'shop', { namespace: 'shop' });
 * const ledger = MeshedService.fromRef(chart, 'Ledger', {
 *   name: 'ledger', namespace: 'bank', serviceAccount: 'ledger', ports: [Port.grpc(9000)], podLabels: { app: 'ledger' },
 * });
 */
export class MeshedServiceRef extends Construct implements IPeer, ICallee {
  /** Name of its Kubernetes Service. */
  readonly serviceName: string;
  /** Name of its namespace. */
  readonly namespaceName: string;
  /** Whom it may call, and who may call it. */
  readonly access: Access;
  private readonly ref: ServiceRef;

  constructor(scope: Construct, id: string, props: MeshedServiceRefProps) {
    super(scope, id);
    const mesh = Mesh.of(this);
    givenShape('a service of another app', props, {
      name: 'text',
      namespace: 'text',
      serviceAccount: 'text',
      ports: 'made:protocol[]?',
      podLabels: 'object',
      sharedIdentity: 'flag?',
    });
    this.serviceName = requireServiceName('service', props.name);
    this.namespaceName = requireDnsLabel('namespace', props.namespace);
    this.ref = { kind: 'service', namespace: this.namespaceName, name: this.serviceName };
    const declaration: ServiceDeclaration = {
      ref: this.ref,
      owned: false,
      locked: true,
      ports: distinctPorts(serviceKey(this.ref), props.ports ?? []),
      streamingOperations: [],
      resilience: DEFAULT_RESILIENCE,
      providers: [],
      proxy: mesh._provider.proxy,
      networkPolicy: true,
      sharedIdentity: props.sharedIdentity ?? false,
    };
    mesh._registry.addService({
      construct: this,
      declaration,
      placeholders: [],
      routes: [],
      connections: [],
      scoped: [],
      levels: [],
      restrictions: NO_RESTRICTIONS,
      foreign: {
        serviceAccount: requireIdentity(`serviceAccount of \`${serviceKey(this.ref)}\``, props.serviceAccount),
        podLabels: requireLabels('podLabels', props.podLabels),
      },
    });
    this.access = Access._of(this, {
      construct: this,
      ref: this.ref,
      name: serviceKey(this.ref),
      ports: declaration.ports,
      locked: true,
      openToKubernetesApi: () => {
        throw new MeshError(
          Code.GRANT,
          `\`${serviceKey(this.ref)}\` belongs to another app, and only its owner can open it to the Kubernetes API`,
          'grant it in the app that owns the service',
        );
      },
      restrict: () => {
        throw new MeshError(
          Code.GRANT,
          `\`${serviceKey(this.ref)}\` belongs to another app, and only its owner can limit calls to it`,
          'say it in the app that owns the service',
        );
      },
    });
  }

  /**
   * The YAML that its owner has to add so that the grants of this app take effect; empty where there is nothing to add.
   */
  requiredFromOwner(): string {
    const mesh = Mesh.of(this);
    return ownerObjects(mesh._provider, mesh._currentIntent(), this.ref);
  }

  /**
   * @internal
   */
  _caller(): CallerRef {
    return this.ref;
  }

  /**
   * @internal
   */
  _allowFrom(caller: IPeer, _scope: Construct, options: AllowOptions): void {
    this.access.allowFrom(caller, options);
  }
}
