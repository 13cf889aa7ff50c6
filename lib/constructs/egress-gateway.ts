import { Construct } from 'constructs';
import { Code, MeshError } from '../errors';
import type { EgressGatewayIntent } from '../intent/egress';
import { givenShape } from '../intent/given';
import { requireDnsLabel, requireLabels, requireServiceName } from '../intent/names';
import { requirePortNumber } from '../intent/port';
import { serviceKey } from '../intent/service';
import { emit } from './emit';
import { Mesh } from './mesh';

/** A gateway through which calls leave the mesh, as it is installed. */
export interface EgressGatewayProps {
  /** Name of the objects that are about it. */
  readonly name: string;
  /** Namespace of its pods and its Service. Secrets with certificates for the hosts behind it are there, too. */
  readonly namespace: string;
  /** Labels of its pods. */
  readonly podLabels: { readonly [key: string]: string };
  /**
   * Name of its Service.
   * @default - `name`
   */
  readonly service?: string;
  /**
   * Port of its Service that takes calls of the mesh; calls for all hosts come there.
   * @default 443
   */
  readonly port?: number;
  /**
   * The port of its pods that the Service's port goes to.
   * @default - the same as `port`
   */
  readonly containerPort?: number;
  /**
   * Whether a NetworkPolicy is made for its pods: in from those that may call a host behind it, out to public addresses on the
   * ports of the hosts.
   * @default true
   */
  readonly networkPolicy?: boolean;
}

/**
 * A gateway through which calls of hosts outside leave the mesh. It knows the identity of each caller, and lets each call only the
 * hosts that it was allowed to. The NetworkPolicies of callers let them out to the gateway and to nothing behind it, so that a
 * process that evades its proxy gets nowhere.
 *
 * The pods of the gateway are installed by whoever installs the mesh. **Everything else at the same gateway is refused**, once a
 * host is called through it.
 *
 * @example
 * import { App, Chart } from 'cdk8s';
 * import { EgressGateway, ExternalHost, IstioMesh, Mesh, Port } from 'cdk8s-mesh';
 * const app = new App();
 * Mesh.use(app, new IstioMesh({ version: '1.30.3' }));
 * const chart = new Chart(app, 'shop', { namespace: 'shop' });
 * const egress = new EgressGateway(chart, 'Egress', {
 *   name: 'istio-egress', namespace: 'istio-egress', podLabels: { istio: 'egress' },
 * });
 * const stripe = new ExternalHost(chart, 'Stripe', {
 *   host: 'api.stripe.com', ports: [Port.https(443)], through: egress,
 * });
 */
export class EgressGateway extends Construct {
  /**
   * The same as data.
   * @internal
   */
  readonly _gateway: EgressGatewayIntent;
  private used = false;

  constructor(scope: Construct, id: string, props: EgressGatewayProps) {
    super(scope, id);
    const mesh = Mesh.of(this);
    givenShape('an egress gateway', props, {
      name: 'text',
      namespace: 'text',
      podLabels: 'object',
      service: 'text?',
      port: 'number?',
      containerPort: 'number?',
      networkPolicy: 'flag?',
    });
    const port = requirePortNumber('port', props.port ?? 443);
    this._gateway = {
      namespace: requireDnsLabel('namespace of the egress gateway', props.namespace),
      name: requireDnsLabel('name of the egress gateway', props.name),
      service: requireServiceName('service of the egress gateway', props.service ?? props.name),
      podLabels: requireLabels('podLabels', props.podLabels),
      port,
      containerPort: requirePortNumber('containerPort', props.containerPort ?? port),
      networkPolicy: props.networkPolicy ?? true,
    };
    this.requireAlone(mesh);
    mesh._registry.egressGateways.set(serviceKey(this._gateway), this);
  }

  /**
   * Leads the calls of a host through the gateway, whose objects there are none of before.
   * @internal
   */
  _lead(mesh: Mesh): EgressGatewayIntent {
    if (!this.used) {
      this.used = true;
      mesh._provider.egressGatewayObjects(this._gateway).forEach((plan) => emit(this, mesh, plan));
    }
    return this._gateway;
  }

  private requireAlone(mesh: Mesh): void {
    const { namespace, name } = this._gateway;
    const twin = mesh._registry.egressGateways.get(serviceKey({ namespace, name }));
    if (twin !== undefined) {
      throw new MeshError(
        Code.EGRESS_GATEWAY,
        `the egress gateway \`${namespace}/${name}\` is declared at \`${twin.node.path}\` and again at \`${this.node.path}\``,
        'declare it once, and lead every host `through` that',
      );
    }
  }
}
