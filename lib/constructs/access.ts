import type { Construct } from 'constructs';
import type { IPeer } from '../intent/peer';
import { describeRef } from '../intent/peer';
import type { AllowOptions, ICallee } from './allow';
import type { Callee } from './grant';
import { checkedGrant } from './grant';
import { Mesh } from './mesh';

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
    const grant = checkedGrant(mesh, this.callee, peer, options);
    mesh._registry.grants.push(grant);
    if (grant.until !== undefined) {
      mesh._registry.addDated({
        what: `the grant to ${describeRef(grant.caller)} to call \`${this.callee.name}\``,
        until: grant.until,
        fix: 'remove the grant, or give it a later `until`',
      });
    }
  }

  /**
   * Refuses what `allowFrom` would refuse, and allows nothing yet.
   * @internal
   */
  _check(peer: IPeer, options: AllowOptions): void {
    checkedGrant(Mesh.of(this.callee.construct), this.callee, peer, options);
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
