import { Construct } from 'constructs';
import { Code, MeshError, quoted } from '../errors';
import type { IngressApi } from '../intent/entrance';
import { gatewayOf, requireApart } from '../intent/entrance';
import { givenShape } from '../intent/given';
import type { IngressIntent } from '../intent/ingress';
import { requireDnsLabel } from '../intent/names';
import { Operation, requireMethods } from '../intent/operation';
import type { PathMatch } from '../intent/path-match';
import type { IngressTls } from '../options/ingress-tls';
import type { IngressTokens } from '../options/ingress-tokens';
import type { RouteOptions } from '../options/route';
import { emit } from './emit';
import { demandTokens } from './edge-tokens';
import { openHosts } from './entrance';
import type { IngressHost } from './ingress-host';
import { requireConnectionsOnly, requireOwnPaths, requirePort } from './ingress-requirements';
import { Mesh } from './mesh';
import type { MeshedService } from './meshed-service';
import { knownRoute } from './routes';

/** A way from hosts at the mesh's ingress gateway to a service. Name a host and its `tls`, or an `IngressHost` as `at`. */
export interface IngressRouteProps {
  /**
   * DNS name by which clients reach it, where it has one and shares it with no other route.
   * @default - `hosts`, or those of `at`
   */
  readonly host?: string;
  /**
   * DNS names by which clients reach it; with `at`, those of its hosts for which this route is.
   * @default - `host`, or all of `at`
   */
  readonly hosts?: string[];
  /**
   * Says that a `*` in the hosts is meant: any name below the domain, or `*` for any name at all.
   * @default false
   */
  readonly wildcard?: boolean;
  /**
   * How clients reach it.
   * @default - what `at` says; without `at`, it has to be said
   */
  readonly tls?: IngressTls;
  /**
   * Port of the gateway that clients reach. The Service of the gateway has to have it.
   * @default - what `at` says; without `at`, 443, and 80 with `IngressTls.plaintext`
   */
  readonly gatewayPort?: number;
  /**
   * The kinds of objects that open the hosts. With `IngressApi.STANDARD`, the mesh deploys a gateway for them beside the service.
   * @default - what `at` says; without `at`, the mesh's `ingressApi`, by default `IngressApi.MESH`
   */
  readonly api?: IngressApi;
  /**
   * Hosts that other routes share, at which this route takes some `paths`, or some of the `hosts`.
   * @default - hosts of this route alone
   */
  readonly at?: IngressHost;
  /** The service that answers. */
  readonly service: MeshedService;
  /**
   * Name of the service's port.
   * @default - its only port that carries requests; with `IngressTls.passthrough`, its only HTTPS or TLS port
   */
  readonly port?: string;
  /**
   * Paths, any of which is let in.
   * @default - every path
   */
  readonly paths?: PathMatch[];
  /**
   * HTTP methods in capitals that the gateway may use. The service's own proxy refuses others.
   * @default - every method
   */
  readonly methods?: string[];
  /**
   * What the gateway demands of the tokens of these requests, all of it, besides what `at` demands. A gateway checks every token
   * that it can read, whatever host it comes for.
   * @default - tokens are left to the service
   */
  readonly tokens?: IngressTokens[];
  /**
   * Rules for some of these requests, at the gateway only, besides the routes of the service. Only these can go by `claims`.
   * @default - the routes of the service alone
   */
  readonly routes?: RouteOptions[];
  /**
   * Name of the Gateway and VirtualService; of the VirtualService alone with `at`.
   * @default - the service's name and `-ingress`
   */
  readonly name?: string;
}

/**
 * Lets requests for hosts in through the mesh's ingress gateway to one service, and allows the gateway's identity to
 * call it on these paths with these methods. The service's release, timeouts and retries hold for them, too.
 *
 * @example
 * import { App, Chart } from 'cdk8s';
 * import { IngressRoute, IngressTls, IstioMesh, Mesh, MeshedService, Port, ZeroTrustNamespace } from 'cdk8s-mesh';
 * const app = new App();
 * Mesh.use(app, new IstioMesh({
 *   version: '1.30.3',
 *   ingressGateway: { namespace: 'istio-ingress', serviceAccount: 'istio-ingress', podLabels: { istio: 'ingress' } },
 * }));
 * const chart = new Chart(app, 'shop', { namespace: 'shop' });
 * const shop = new ZeroTrustNamespace(chart, 'Namespace', { name: 'shop' });
 * const users = new MeshedService(chart, 'Users', { name: 'users', namespace: shop, ports: [Port.http(80)] });
 * new IngressRoute(chart, 'Ingress', {
 *   host: 'users.example.com', service: users, tls: IngressTls.credential('users-example-com'),
 * });
 */
export class IngressRoute extends Construct {
  constructor(scope: Construct, id: string, props: IngressRouteProps) {
    super(scope, id);
    const mesh = Mesh.of(this);
    givenShape('an ingress route', props, {
      host: 'text?',
      hosts: 'text[]?',
      wildcard: 'flag?',
      tls: 'made:_intent?',
      at: 'made:_entrance?',
      service: 'made:_entry',
      port: 'text?',
      paths: 'made:kind[]?',
      methods: 'text[]?',
      name: 'text?',
      gatewayPort: 'number?',
      api: 'text?',
      tokens: 'made:_demand[]?',
      routes: 'object[]?',
    });
    const { declaration } = props.service._entry;
    const { namespace } = declaration.ref;
    const name = requireDnsLabel('ingress route', props.name ?? `${declaration.ref.name}-ingress`);
    requireLimits(this, props);
    const hosts = requireApart(namedHosts(this, props));
    const paths = props.paths ?? [];
    const methods = requireMethods(props.methods ?? []);
    const entrance =
      props.at === undefined
        ? openHosts(this, mesh, { ...saidAtHost(props), namespace, name, hosts })
        : props.at._entrance;
    const port = requirePort(declaration, props.port, entrance);
    const intent: IngressIntent = {
      namespace,
      name,
      hosts,
      entrance,
      service: declaration.ref,
      port,
      paths,
      methods,
      routes: (props.routes ?? []).map((route) => knownRoute(mesh, declaration, route, 'gateway')),
    };
    requireConnectionsOnly(intent);
    requireOwnPaths(this, mesh, intent);
    // The grant itself follows from what routes make of these requests, which is known at synth.
    const gateway = { _caller: () => gatewayOf(entrance) };
    props.service.access._check(gateway, {
      ports: [port.name],
      ...(paths.length + methods.length > 0 ? { operations: [Operation._http(methods, paths)] } : {}),
    });
    mesh._registry.ingresses.push({ construct: this, intent });
    mesh._provider.ingressObjects(intent).forEach((plan) => emit(this, mesh, plan));
    demandTokens(this, mesh, { entrance, hosts, paths }, props.tokens);
  }
}

/** Refuses limits that are lists of nothing: what a program has computed to be empty must not let everything in. */
function requireLimits({ node }: Construct, { paths, methods }: IngressRouteProps): void {
  const empty = paths?.length === 0 ? 'paths' : methods?.length === 0 ? 'methods' : undefined;
  if (empty !== undefined) {
    throw new MeshError(
      Code.INGRESS,
      `\`${node.path}\` has empty \`${empty}\`, which would limit nothing`,
      `name some, or leave \`${empty}\` out to let all in`,
    );
  }
}

/** What a route says of its hosts where no `IngressHost` says it. */
function saidAtHost({ tls, wildcard, gatewayPort, api }: IngressRouteProps) {
  return { tls, wildcard, gatewayPort, api };
}

function namedHosts({ node }: Construct, props: IngressRouteProps): readonly string[] {
  const { host, hosts, at } = props;
  if (host !== undefined && hosts !== undefined) {
    throw new MeshError(Code.INGRESS, `\`${node.path}\` has \`host\` and \`hosts\``, 'use one of them');
  }
  const named = hosts ?? (host === undefined ? undefined : [host]);
  if (at === undefined) {
    if (named === undefined) {
      throw new MeshError(
        Code.INGRESS,
        `\`${node.path}\` has no host`,
        'give `host`, `hosts`, or an IngressHost as `at`',
      );
    }
    return named;
  }
  const [twice] = Object.entries(saidAtHost(props)).filter(([, value]) => value !== undefined);
  if (twice !== undefined) {
    throw new MeshError(
      Code.INGRESS,
      `\`${node.path}\` says \`${twice[0]}\`, and \`at\` says it already`,
      'say it at the IngressHost alone',
    );
  }
  const known = at._entrance.hosts;
  const [unknown] = (named ?? []).filter((each) => !known.includes(each));
  if (unknown !== undefined || named?.length === 0) {
    throw new MeshError(
      Code.INGRESS,
      unknown === undefined
        ? `\`hosts\` of \`${node.path}\` is empty`
        : `\`${unknown}\` is no host of \`${at.node.path}\`, which has ${quoted(known)}`,
      'name hosts of `at`, or leave `hosts` out for all of them',
    );
  }
  return named ?? known;
}
