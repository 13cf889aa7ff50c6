import { givenList, givenMade, givenPeer, givenShape } from '../intent/given';
import { Operation } from '../intent/operation';
import { PathMatch } from '../intent/path-match';
import type { IPeer } from '../intent/peer';
import { describeRef } from '../intent/peer';
import type { DeniedCallers } from '../intent/restriction';
import type { AllowOptions, ICallee, ScrapingOptions } from './allow';
import type { Callee } from './grant';
import { checkedGrant, scraper } from './grant';
import { Mesh } from './mesh';
import { checkedAudit, checkedCheck, checkedDenial, checkedTokens } from './restrict';
import type { DenyOptions, RequestOptions, RequireTokenOptions } from './restrict-options';

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
  private readonly callee: Callee;

  /**
   * @internal
   */
  static _of(self: IPeer, callee: Callee): Access {
    return new Access(self, callee);
  }

  private constructor(self: IPeer, callee: Callee) {
    this.inbound = InboundAccess._of(callee);
    this.self = self;
    this.callee = callee;
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

  /**
   * Allows whoever scrapes metrics (`scraper` of the mesh) to read those of the application itself. Metrics of proxies, and what
   * they merge, need no grant.
   */
  allowScraping(options: ScrapingOptions): void {
    givenShape('the scraping of metrics', options, { port: 'text', path: 'made:kind?' });
    const read = Operation.http({ methods: ['GET'], paths: [options.path ?? PathMatch.exact('/metrics')] });
    this.inbound.allowFrom(scraper(this.mesh, this.callee), { ports: [options.port], operations: [read] });
  }

  /**
   * Refuses calls of a peer, whatever is granted. The peer is an account or namespace: every pod that runs under it is meant.
   */
  denyFrom(peer: IPeer, options: DenyOptions = {}): void {
    this.deny({ kind: 'peer', peer: givenPeer(this.denied, peer) }, options);
  }

  /** Refuses calls of everybody, whatever is granted. */
  denyFromAll(options: DenyOptions): void {
    this.deny({ kind: 'everybody' }, options);
  }

  /**
   * Refuses calls of everybody but these, whatever is granted. Callers without an identity, in plain text, are refused, too.
   * Whoever is excepted still needs a grant.
   */
  denyFromAllBut(peers: IPeer[], options: DenyOptions = {}): void {
    const excepted = givenList(`callers whom a denial of \`${this.callee.name}\` excepts`, peers);
    this.deny({ kind: 'allBut', peers: excepted.map((peer) => givenPeer(this.denied, peer)) }, options);
  }

  /** Refuses requests without a token of one of these issuers, whatever is granted. A wrong token is refused everywhere. */
  requireToken(options: RequireTokenOptions): void {
    this.callee.restrict('tokens', checkedTokens(this.mesh, this.callee, options));
  }

  /**
   * Lets a provider of the mesh, for external authorization, decide about requests before anything else does. What it lets
   * through still needs a grant.
   */
  checkWith(provider: string, options: RequestOptions = {}): void {
    this.callee.restrict('checks', checkedCheck(this.mesh, this.callee, provider, options));
  }

  /** Marks requests for whoever keeps records of them; it allows and refuses nothing. */
  markForAudit(options: RequestOptions = {}): void {
    this.callee.restrict('audits', checkedAudit(this.mesh, this.callee, options));
  }

  /** Allows this service to call something. Saying it twice, or from the callee's side too, changes nothing. */
  allowTo(callee: ICallee, options: AllowOptions = {}): void {
    const there = givenMade(
      `what \`${this.callee.name}\` may call`,
      callee,
      '_allowFrom',
      'a service or something outside',
    );
    there._allowFrom(this.self, this.callee.construct, options);
  }

  private deny(callers: DeniedCallers, options: DenyOptions): void {
    this.callee.restrict('denials', checkedDenial(this.mesh, this.callee, callers, options));
  }

  private get denied(): string {
    return `a caller in a denial of \`${this.callee.name}\``;
  }

  private get mesh(): Mesh {
    return Mesh.of(this.callee.construct);
  }
}
