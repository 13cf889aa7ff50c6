import type { Construct } from 'constructs';
import { Code, MeshError, quoted } from '../errors';
import type { EntranceIntent } from '../intent/entrance';
import type { IngressIntent } from '../intent/ingress';
import { carriesConnections, sharedPath } from '../intent/ingress';
import type { Port } from '../intent/port';
import { Protocol, selectPorts } from '../intent/port';
import type { ServiceDeclaration } from '../intent/service';
import { serviceKey } from '../intent/service';
import type { Mesh } from './mesh';

/** Refuses two routes of which the gateway would take the older one for a request. */
export function requireOwnPaths({ node }: Construct, mesh: Mesh, ingress: IngressIntent): void {
  for (const other of mesh._registry.ingresses.filter(({ intent }) => intent.entrance === ingress.entrance)) {
    const path = sharedPath(ingress, other.intent);
    if (path !== undefined) {
      throw new MeshError(
        Code.INGRESS_HOST_TWICE,
        `${quoted(ingress.hosts)} with path \`${path}\` is let in at \`${other.construct.node.path}\` and again at \`${node.path}\``,
        carriesConnections(ingress)
          ? 'give each route a host of its own'
          : 'give each route `paths` that no other has, or lead some paths on by `addRoute` of the service that has them',
      );
    }
  }
}

/** Refuses limits to requests that the gateway does not see. */
export function requireConnectionsOnly(ingress: IngressIntent): void {
  const limits = [
    ...(ingress.paths.length > 0 ? ['paths'] : []),
    ...(ingress.methods.length > 0 ? ['methods'] : []),
    ...(ingress.routes.length > 0 ? ['routes'] : []),
  ];
  if (carriesConnections(ingress) && limits.length > 0) {
    throw new MeshError(
      Code.INGRESS,
      `${quoted(ingress.hosts)} is passed through and has ${quoted(limits)}, which the gateway cannot see inside TLS`,
      `leave them out, or let the gateway terminate TLS with \`IngressTls.credential\``,
    );
  }
}

/** The port of a service to which a route leads. */
export function requirePort(
  { ref, ports }: ServiceDeclaration,
  name: string | undefined,
  entrance: EntranceIntent,
): Port {
  const key = serviceKey(ref);
  const through = carriesConnections({ entrance });
  const candidates = (name === undefined ? ports : selectPorts(key, ports, [name])).filter(
    ({ protocol, carriesRequests }) =>
      through ? protocol === Protocol.HTTPS || protocol === Protocol.TLS : carriesRequests,
  );
  const [only, second] = candidates;
  if (only === undefined || second !== undefined) {
    const wanted = through ? 'has TLS that passes through' : 'carries requests';
    throw new MeshError(
      Code.INGRESS,
      `\`${key}\` has ${second === undefined ? `no such port that ${wanted}` : `several: ${quoted(candidates.map((port) => port.name))}`}`,
      `give the name of an ${through ? 'HTTPS or TLS' : 'HTTP or gRPC'} \`port\``,
    );
  }
  return only;
}
