import { Construct } from 'constructs';
import { Code, MeshError, quoted } from '../errors';
import type { EntranceTls } from '../intent/entrance';
import { gatewayOf } from '../intent/entrance';
import { givenShape } from '../intent/given';
import type { IngressIntent } from '../intent/ingress';
import { requireDnsLabel } from '../intent/names';
import type { Port } from '../intent/port';
import { Protocol, selectPorts } from '../intent/port';
import type { ServiceDeclaration } from '../intent/service';
import { serviceKey } from '../intent/service';
import { IngressTls } from '../options/ingress-tls';
import { emit } from './emit';
import { openHosts } from './entrance';
import { Mesh } from './mesh';
import type { MeshedService } from './meshed-service';

/** A way from a port of the mesh's ingress gateway to a service that takes connections. */
export interface IngressPortProps {
  /** Port of the gateway that clients reach. The Service of the gateway has to have it. */
  readonly gatewayPort: number;
  /** The service that answers. */
  readonly service: MeshedService;
  /**
   * Name of the service's port.
   * @default - its only port that carries connections
   */
  readonly port?: string;
  /**
   * How clients reach it: `IngressTls.plaintext()` leads bytes on as they come, `credential`, `mutual` and `certManager` take TLS off
   * them. What the service itself shall decrypt is let in by an `IngressRoute` with `IngressTls.passthrough`.
   */
  readonly tls: IngressTls;
  /**
   * Server names that clients with TLS ask for. Other entrances then can have others on the same port.
   * @default - any
   */
  readonly hosts?: string[];
  /**
   * Name of the Gateway and VirtualService.
   * @default - the service's name, `-ingress-` and the name of its port
   */
  readonly name?: string;
}

/**
 * Lets connections on a port in through the mesh's ingress gateway to one service, and allows the gateway's identity to open
 * them. The gateway sees no requests in them: who may come in is up to TLS (`IngressTls.mutual`) and to the service.
 *
 * @example
 * import { App, Chart } from 'cdk8s';
 * import { IngressPort, IngressTls, IstioMesh, Mesh, MeshedService, Port, ZeroTrustNamespace } from 'cdk8s-mesh';
 * const app = new App();
 * Mesh.use(app, new IstioMesh({
 *   version: '1.30.3',
 *   ingressGateway: { namespace: 'istio-ingress', serviceAccount: 'istio-ingress', podLabels: { istio: 'ingress' } },
 * }));
 * const chart = new Chart(app, 'shop', { namespace: 'shop' });
 * const shop = new ZeroTrustNamespace(chart, 'Namespace', { name: 'shop' });
 * const queue = new MeshedService(chart, 'Queue', { name: 'queue', namespace: shop, ports: [Port.tcp(5672)] });
 * new IngressPort(chart, 'Ingress', { gatewayPort: 5671, service: queue, tls: IngressTls.mutual('queue-example-com') });
 */
export class IngressPort extends Construct {
  constructor(scope: Construct, id: string, props: IngressPortProps) {
    super(scope, id);
    const mesh = Mesh.of(this);
    givenShape('an ingress port', props, {
      gatewayPort: 'number',
      service: 'made:_entry',
      port: 'text?',
      tls: 'made:_intent',
      hosts: 'text[]?',
      name: 'text?',
    });
    const { declaration } = props.service._entry;
    const { ref } = declaration;
    const tls = requireTls(this, props);
    const port = requirePort(declaration, props.port, tls);
    const parts = {
      namespace: ref.namespace,
      name: requireDnsLabel('ingress port', props.name ?? `${ref.name}-ingress-${port.name}`),
      hosts: props.hosts ?? ['*'],
    };
    const entrance = openHosts(this, mesh, {
      ...parts,
      wildcard: props.hosts === undefined,
      tls: props.tls,
      gatewayPort: props.gatewayPort,
      connections: true,
    });
    const intent: IngressIntent = { ...parts, entrance, service: ref, port, paths: [], methods: [], routes: [] };
    props.service.access._check({ _caller: () => gatewayOf(entrance) }, { ports: [port.name] });
    mesh._registry.ingresses.push({ construct: this, intent });
    mesh._provider.ingressObjects(intent).forEach((plan) => emit(this, mesh, plan));
  }
}

function requireTls({ node }: Construct, { tls, hosts, gatewayPort }: IngressPortProps): EntranceTls {
  const kind = tls instanceof IngressTls ? tls._intent.kind : undefined;
  if (kind === 'passthrough') {
    throw new MeshError(
      Code.INGRESS,
      `\`${node.path}\` lets connections in on port \`${gatewayPort}\`, and TLS that passes through is led by its server name`,
      'use an `IngressRoute` with that `gatewayPort`',
    );
  }
  if (kind === 'plaintext' && hosts !== undefined) {
    throw new MeshError(
      Code.INGRESS,
      `\`${node.path}\` has \`hosts\` ${quoted(hosts)}, and connections without TLS name no host`,
      'leave `hosts` out',
    );
  }
  return tls._intent;
}

function requirePort({ ref, ports }: ServiceDeclaration, name: string | undefined, tls: EntranceTls): Port {
  const key = serviceKey(ref);
  const decrypted = tls.kind === 'terminated';
  const candidates = (name === undefined ? ports : selectPorts(key, ports, [name])).filter(
    ({ protocol, carriesRequests }) => (decrypted ? protocol === Protocol.TCP : !carriesRequests),
  );
  const [only, second] = candidates;
  if (only === undefined || second !== undefined) {
    const wanted = decrypted ? 'takes connections without TLS' : 'takes connections';
    throw new MeshError(
      Code.INGRESS,
      `\`${key}\` has ${second === undefined ? `no such port that ${wanted}` : `several: ${quoted(candidates.map((port) => port.name))}`}`,
      'give the name of a TCP `port`, or use an `IngressRoute` for requests',
    );
  }
  return only;
}
