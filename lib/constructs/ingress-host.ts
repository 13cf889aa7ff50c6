import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { Code, MeshError } from '../errors';
import type { EntranceIntent, IngressApi } from '../intent/entrance';
import { gatewayOf } from '../intent/entrance';
import { givenShape } from '../intent/given';
import type { CallerRef, IPeer } from '../intent/peer';
import type { IngressTls } from '../options/ingress-tls';
import type { IngressTokens } from '../options/ingress-tokens';
import { demandTokens } from './edge-tokens';
import { openHosts } from './entrance';
import { Mesh } from './mesh';

/** Hosts that several routes share. */
export interface IngressHostProps {
  /** Name of the Gateway. */
  readonly name: string;
  /** DNS names by which clients reach them, under one certificate. */
  readonly hosts: string[];
  /** How clients reach them. */
  readonly tls: IngressTls;
  /**
   * Says that a `*` in `hosts` is meant: any name below the domain, or `*` for any name at all.
   * @default false
   */
  readonly wildcard?: boolean;
  /**
   * Port of the gateway that clients reach. The Service of the gateway has to have it.
   * @default - 443, and 80 with `IngressTls.plaintext`
   */
  readonly gatewayPort?: number;
  /**
   * The kinds of objects that open the hosts. With `IngressApi.STANDARD`, the mesh deploys a gateway for them in `namespace`.
   * @default - the mesh's `ingressApi`, by default `IngressApi.MESH`
   */
  readonly api?: IngressApi;
  /**
   * Namespace of the Gateway.
   * @default - the chart's `namespace`
   */
  readonly namespace?: string;
  /**
   * What the gateway demands of the tokens of requests for these hosts, all of it. A gateway checks every token that it can
   * read, whatever host it comes for.
   * @default - tokens are left to the services
   */
  readonly tokens?: IngressTokens[];
}

/**
 * Hosts at a gateway that routes of several services, also in several namespaces, share. It is the one place
 * that says how clients reach them; each `IngressRoute` at it takes paths of its own. As a peer, it is the gateway.
 *
 * @example
 * import { App, Chart } from 'cdk8s';
 * import { IngressHost, IngressRoute, IngressTls, IstioMesh, Mesh, MeshedService, PathMatch, Port, ZeroTrustNamespace } from 'cdk8s-mesh';
 * const app = new App();
 * Mesh.use(app, new IstioMesh({
 *   version: '1.30.3',
 *   ingressGateway: { namespace: 'istio-ingress', serviceAccount: 'istio-ingress', podLabels: { istio: 'ingress' } },
 * }));
 * const chart = new Chart(app, 'shop', { namespace: 'shop' });
 * const shop = new ZeroTrustNamespace(chart, 'Namespace', { name: 'shop' });
 * const ports = [Port.http(80)];
 * const users = new MeshedService(chart, 'Users', { name: 'users', namespace: shop, ports });
 * const carts = new MeshedService(chart, 'Carts', { name: 'carts', namespace: shop, ports });
 * const at = new IngressHost(chart, 'Host', {
 *   name: 'shop', hosts: ['shop.example.com'], tls: IngressTls.credential('shop-example-com'),
 * });
 * new IngressRoute(chart, 'ToUsers', { at, service: users, paths: [PathMatch.prefix('/users')] });
 * new IngressRoute(chart, 'ToCarts', { at, service: carts, paths: [PathMatch.prefix('/carts')] });
 */
export class IngressHost extends Construct implements IPeer {
  /**
   * The same as data.
   * @internal
   */
  readonly _entrance: EntranceIntent;

  constructor(scope: Construct, id: string, props: IngressHostProps) {
    super(scope, id);
    givenShape('an ingress host', props, {
      name: 'text',
      hosts: 'text[]',
      tls: 'made:_intent',
      wildcard: 'flag?',
      namespace: 'text?',
      gatewayPort: 'number?',
      api: 'text?',
      tokens: 'made:_demand[]?',
    });
    const namespace = props.namespace ?? Chart.of(this).namespace;
    if (namespace === undefined) {
      throw new MeshError(
        Code.NAMESPACE_UNDECLARED,
        `\`${this.node.path}\` has no \`namespace\`, and neither has its chart`,
        'give it a `namespace`',
      );
    }
    const mesh = Mesh.of(this);
    const entrance = openHosts(this, mesh, { ...props, namespace });
    this._entrance = entrance;
    demandTokens(this, mesh, { entrance, hosts: entrance.hosts, paths: [] }, props.tokens);
  }

  /**
   * @internal
   */
  _caller(): CallerRef {
    return gatewayOf(this._entrance);
  }
}
