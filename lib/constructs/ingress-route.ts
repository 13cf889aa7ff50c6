import { Construct } from 'constructs';
import { Code, MeshError, quoted } from '../errors';
import type { IngressIntent } from '../intent/ingress';
import { isDnsName, requireDnsLabel } from '../intent/names';
import { Operation, requireMethods } from '../intent/operation';
import type { PathMatch } from '../intent/path-match';
import type { Port } from '../intent/port';
import { selectPorts } from '../intent/port';
import type { ServiceDeclaration } from '../intent/service';
import { serviceKey } from '../intent/service';
import { emit } from './emit';
import { Mesh } from './mesh';
import type { MeshedService } from './meshed-service';
import { Peer } from './peer';

/**
 * How clients reach a host at the gateway.
 *
 * @example
 * import { IngressTls } from 'cdk8s-mesh';
 * const tls = IngressTls.credential('users-example-com');
 */
export class IngressTls {
  /** By TLS with the certificate of this Secret, which is in the gateway's namespace; plain HTTP is redirected. */
  static credential(credentialName: string): IngressTls {
    return new IngressTls(requireDnsLabel('credentialName', credentialName));
  }

  /** By plain HTTP: everybody on the way can read and change requests. */
  static plaintext(): IngressTls {
    return new IngressTls(undefined);
  }

  /** Name of the Secret with the certificate; undefined is plain HTTP. */
  readonly credentialName: string | undefined;

  private constructor(credentialName: string | undefined) {
    this.credentialName = credentialName;
  }
}

/** A host at the mesh's ingress gateway. */
export interface IngressRouteProps {
  /** DNS name by which clients reach it. */
  readonly host: string;
  /** The service that answers. */
  readonly service: MeshedService;
  /** How clients reach it. */
  readonly tls: IngressTls;
  /**
   * Name of the service's port.
   * @default - its only port that carries requests
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
   * Name of the Gateway and VirtualService.
   * @default - the service's name and `-ingress`
   */
  readonly name?: string;
}

/**
 * Lets requests for one host in through the mesh's ingress gateway to one service, and allows the gateway's identity to
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
    const { declaration } = props.service._entry;
    const port = requirePort(declaration, props.port);
    const paths = props.paths ?? [];
    const methods = props.methods ?? [];
    const intent: IngressIntent = {
      namespace: declaration.ref.namespace,
      name: requireDnsLabel('ingress route', props.name ?? `${declaration.ref.name}-ingress`),
      host: requireHost(mesh, this, props.host),
      service: declaration.ref,
      port,
      paths,
      methods: requireMethods(methods),
      ...(props.tls.credentialName === undefined ? {} : { credentialName: props.tls.credentialName }),
    };
    // The grant itself follows from what routes make of these requests, which is known at synth.
    props.service.access._check(Peer.ingressGateway(), {
      ports: [port.name],
      ...(paths.length + methods.length > 0 ? { operations: [Operation.http({ methods, paths })] } : {}),
    });
    mesh._require({ kind: 'ingress', ingress: intent, service: declaration });
    mesh._registry.ingresses.set(intent.host, { construct: this, intent });
    mesh._provider.ingressObjects(intent).forEach((plan) => emit(this, mesh, plan));
  }
}

function requireHost(mesh: Mesh, construct: Construct, host: string): string {
  if (!isDnsName(host) || !host.includes('.')) {
    throw new MeshError(
      Code.INGRESS,
      `\`${host}\` is not the full DNS name of a host`,
      'write it in lower case with its domain, for example `users.example.com`',
    );
  }
  const twin = mesh._registry.ingresses.get(host);
  if (twin !== undefined) {
    throw new MeshError(
      Code.INGRESS_HOST_TWICE,
      `host \`${host}\` is let in at \`${twin.construct.node.path}\` and again at \`${construct.node.path}\``,
      'use one host for each service, or name all `paths` in one IngressRoute',
    );
  }
  return host;
}

function requirePort({ ref, ports }: ServiceDeclaration, name: string | undefined): Port {
  const key = serviceKey(ref);
  const candidates = (name === undefined ? ports : selectPorts(key, ports, [name])).filter(
    (port) => port.carriesRequests,
  );
  const [only, second] = candidates;
  if (only === undefined || second !== undefined) {
    throw new MeshError(
      Code.INGRESS,
      `\`${key}\` has ${second === undefined ? 'no such port that carries requests' : `several: ${quoted(candidates.map((port) => port.name))}`}`,
      'give the name of an HTTP or gRPC `port`',
    );
  }
  return only;
}
