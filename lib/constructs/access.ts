import type { Construct } from 'constructs';
import { Code, MeshError, describeProblem } from '../errors';
import type { Grant } from '../intent/access';
import { openedPorts } from '../intent/access';
import type { CalleeRef, CallerRef } from '../intent/peer';
import { describeRef } from '../intent/peer';
import type { Port } from '../intent/port';
import { serviceKey } from '../intent/service';
import type { AllowOptions, ICallee } from './allow';
import type { IPeer } from '../intent/peer';
import { Mesh } from './mesh';

/** A callee as its access sees it. */
export interface Callee {
  readonly construct: Construct;
  readonly ref: CalleeRef;
  readonly name: string;
  readonly ports: readonly Port[];
  /** Whether undeclared calls are refused, by the mesh and by NetworkPolicies. */
  readonly locked: boolean;
  /** Called when the Kubernetes API may call these ports. */
  readonly openToKubernetesApi: (ports: readonly Port[]) => void;
}

/**
 * Who may call something. Everybody else is refused.
 *
 * @example
 * import { App, Chart } from 'cdk8s';
 * import { ExternalHost, IstioMesh, Mesh, MeshedService, Port } from 'cdk8s-mesh';
 * const app = new App();
 * Mesh.use(app, new IstioMesh({ version: '1.30.3' }));
 * const chart = new Chart(app, 'shop', { namespace: 'shop' });
 * const payment = MeshedService.fromRef(chart, 'Payment', {
 *   name: 'payment', namespace: 'bank', serviceAccount: 'payment', ports: [Port.grpc(50051)], podLabels: { app: 'payment' },
 * });
 * const stripe = new ExternalHost(chart, 'Stripe', { host: 'api.stripe.com', ports: [Port.https(443)] });
 * stripe.access.allowFrom(payment);
 */
export class InboundAccess {
  private readonly callee: Callee;

  /**
   * @internal
   */
  static _of(callee: Callee): InboundAccess {
    return new InboundAccess(callee);
  }

  private constructor(callee: Callee) {
    this.callee = callee;
  }

  /** Allows a peer to call. Saying it twice, or from the caller's side too, changes nothing. */
  allowFrom(peer: IPeer, options: AllowOptions = {}): void {
    const mesh = Mesh.of(this.callee.construct);
    mesh._registry.grants.push(this.checked(mesh, peer, options));
  }

  /**
   * Refuses what `allowFrom` would refuse, and allows nothing yet.
   * @internal
   */
  _check(peer: IPeer, options: AllowOptions): void {
    this.checked(Mesh.of(this.callee.construct), peer, options);
  }

  private checked(mesh: Mesh, peer: IPeer, options: AllowOptions): Grant {
    const { callee } = this;
    const caller = peer._caller();
    const grant = {
      caller,
      callee: callee.ref,
      ...(options.ports === undefined ? {} : { ports: options.ports }),
      operations: options.operations ?? [],
    };
    requirePeer(mesh, caller, callee);
    const opened = openedPorts(callee.name, callee.ports, grant);
    mesh._require({ kind: 'grant', grant });
    if (caller.kind === 'kubernetesApi') {
      requirePortsOnly(callee, options);
      callee.openToKubernetesApi(opened.ports);
    }
    if (caller.kind === 'serviceAccount' && caller.podLabels === undefined && callee.locked) {
      mesh._registry.warnings.add(wideNetworkWarning(caller.namespace, caller.serviceAccount, callee.name));
    }
    return grant;
  }
}

/**
 * Whom a service may call, and who may call it. Everything else is refused.
 *
 * @example
 * import { App, Chart } from 'cdk8s';
 * import { IstioMesh, Mesh, MeshedService, Operation, Peer, Port, ZeroTrustNamespace } from 'cdk8s-mesh';
 * const app = new App();
 * Mesh.use(app, new IstioMesh({ version: '1.30.3' }));
 * const chart = new Chart(app, 'shop', { namespace: 'shop' });
 * const shop = new ZeroTrustNamespace(chart, 'Namespace', { name: 'shop' });
 * const payment = new MeshedService(chart, 'Payment', { name: 'payment', namespace: shop, ports: [Port.grpc(50051)] });
 * const checkout = new MeshedService(chart, 'Checkout', { name: 'checkout', namespace: shop });
 * payment.access.allowFrom(checkout, { operations: [Operation.grpc('hipstershop.PaymentService', 'Charge')] });
 * payment.access.allowFrom(Peer.serviceAccount('ops', 'runbook', { podLabels: { app: 'runbook' } }));
 */
export class Access {
  private readonly inbound: InboundAccess;
  private readonly self: IPeer;
  private readonly construct: Construct;

  /**
   * @internal
   */
  static _of(self: IPeer, callee: Callee): Access {
    return new Access(self, callee);
  }

  private constructor(self: IPeer, callee: Callee) {
    this.inbound = InboundAccess._of(callee);
    this.self = self;
    this.construct = callee.construct;
  }

  /** Allows a peer to call this service. Saying it twice, or from the caller's side too, changes nothing. */
  allowFrom(peer: IPeer, options: AllowOptions = {}): void {
    this.inbound.allowFrom(peer, options);
  }

  /**
   * Refuses what `allowFrom` would refuse, and allows nothing yet.
   * @internal
   */
  _check(peer: IPeer, options: AllowOptions): void {
    this.inbound._check(peer, options);
  }

  /** Allows this service to call something. Saying it twice, or from the callee's side too, changes nothing. */
  allowTo(callee: ICallee, options: AllowOptions = {}): void {
    callee._allowFrom(this.self, this.construct, options);
  }
}

function requirePeer(mesh: Mesh, caller: CallerRef, callee: Callee): void {
  requireKnown(mesh, `a grant to \`${callee.name}\``, [caller]);
  if (callee.ref.kind !== 'service' && caller.kind !== 'service') {
    throw new MeshError(
      Code.GRANT,
      `${describeRef(caller)} cannot be allowed to call \`${callee.name}\`, since only services have a proxy that this app configures`,
      'allow a `MeshedService`',
    );
  }
  if (caller.kind === 'ingressGateway' && !mesh._provider.ingressGatewayKnown) {
    throw new MeshError(
      Code.GATEWAY_UNKNOWN,
      `the ingress gateway, which shall call \`${callee.name}\`, has no known identity`,
      `give \`ingressGateway\` to \`${mesh._provider.name}\``,
    );
  }
  if (caller.kind === 'kubernetesApi') {
    requireKubernetesApi(mesh, callee.name);
  }
}

/** Refuses services that are declared under another mesh. */
export function requireKnown(mesh: Mesh, where: string, peers: readonly CallerRef[]): void {
  const stranger = peers.find((peer) => peer.kind === 'service' && !mesh._registry.services.has(serviceKey(peer)));
  if (stranger !== undefined) {
    throw new MeshError(
      Code.GRANT,
      `${describeRef(stranger)}, which ${where} names, is declared under another mesh`,
      'use `MeshedService.fromRef` for services of another mesh or app',
    );
  }
}

/** Refuses the Kubernetes API as a peer where its addresses are unknown. */
export function requireKubernetesApi(mesh: Mesh, other: string): void {
  if (!mesh._provider.kubernetesApiKnown) {
    throw new MeshError(
      Code.KUBERNETES_API_UNKNOWN,
      `the Kubernetes API is a peer of \`${other}\`, and its addresses are unknown`,
      `give \`kubernetesApi: { cidrs, port }\` to \`${mesh._provider.name}\``,
    );
  }
}

function requirePortsOnly(callee: Callee, options: AllowOptions): void {
  if (options.ports === undefined || options.operations !== undefined) {
    throw new MeshError(
      Code.GRANT,
      `the Kubernetes API has no identity, so a grant to it opens ports of \`${callee.name}\` to plain text, and needs them by name and nothing else`,
      "give `{ ports: ['…'] }` and no `operations`",
    );
  }
}

function wideNetworkWarning(namespace: string, serviceAccount: string, callee: string): string {
  return describeProblem({
    code: Code.NETWORK_WIDE,
    message: `the NetworkPolicy of \`${callee}\` admits every pod of namespace \`${namespace}\`, since the pods of service account \`${serviceAccount}\` are unknown; the mesh itself admits only the account`,
    fix: 'give `podLabels` to `Peer.serviceAccount`',
  });
}
