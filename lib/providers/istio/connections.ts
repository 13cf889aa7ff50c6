import type { VirtualServiceSpec, VirtualServiceSpecTcpRoute } from '../../../imports/networking.istio.io';
import type { ConnectionPart } from '../../intent/connection-composition';
import { composeConnections } from '../../intent/connection-composition';
import type { ConnectionRouteIntent } from '../../intent/connection-route';
import { asksForName, connectionPorts, orderedConnections, serverNamesAt } from '../../intent/connection-route';
import type { MeshIntent } from '../../intent/mesh';
import { byCodeUnits } from '../../intent/names';
import type { CallerRef } from '../../intent/peer';
import type { Port } from '../../intent/port';
import { destinationsOf } from '../../intent/release';
import { source } from './matches';
import type { HostTarget, IstioSettings } from './settings';
import { serviceTarget } from './settings';
import { callersAt, subsetOf } from './subsets';

/**
 * Routes of a VirtualService to the ports where the mesh sees connections only. There is something to say only where routes
 * are, in a release (its shares), and for callers with settings of their own.
 */
export function connectionRoutes(
  settings: IstioSettings,
  target: HostTarget,
  mesh: MeshIntent,
): Pick<VirtualServiceSpec, 'tcp' | 'tls'> {
  const ports = target.ports.filter(
    (port) =>
      !port.carriesRequests &&
      (target.release !== undefined ||
        callersAt(target, port).length > 0 ||
        orderedConnections(target.connections, port).length > 1),
  );
  const plain = ports
    .filter((port) => !asksForName(port))
    .flatMap((port) =>
      portRoutes(settings, target, port, mesh).map(({ parts, route }) => ({
        match: parts.map((part) => ({ port: port.servicePort, ...from(part, mesh) })),
        route,
      })),
    );
  // Istio takes routes of TLS ports from here alone. It skips a name that it has seen in the same words only, so that each
  // stands alone.
  const encrypted = ports.filter(asksForName).flatMap((port) =>
    portRoutes(settings, target, port, mesh).map(({ parts, route }) => ({
      match: parts.map((part) => ({
        port: port.servicePort,
        ...from(part, mesh),
        sniHosts: part.serverName === undefined ? [] : [part.serverName],
      })),
      route,
    })),
  );
  return {
    ...(plain.length === 0 ? {} : { tcp: plain }),
    ...(encrypted.length === 0 ? {} : { tls: encrypted }),
  };
}

/** Names, besides its host, by which clients of a target ask for it. */
export function serverNames({ ports, connections }: Pick<HostTarget, 'ports' | 'connections'>): readonly string[] {
  const names = ports.flatMap((port) => serverNamesAt(connections, port));
  return [...new Set(names)].sort(byCodeUnits);
}

/** Routes at a gateway, which sees only the names under which clients come to it. */
export function gatewayConnectionRoutes(
  settings: IstioSettings,
  target: HostTarget,
  port: Port,
  hosts: readonly string[],
  mesh: MeshIntent,
): readonly { readonly sniHosts: readonly string[]; readonly route: readonly VirtualServiceSpecTcpRoute[] }[] {
  return composeConnections(target, port, hosts, () => []).flatMap(({ parts, route }) => {
    const open = parts.filter(({ caller }) => caller === undefined);
    const sniHosts = open.flatMap(({ serverName }) => serverName ?? []);
    const end = endOf(settings, target, port, route, mesh);
    return sniHosts.length === 0 ? [] : [{ sniHosts, route: shares(end.target, end.port) }];
  });
}

function portRoutes(
  settings: IstioSettings,
  target: HostTarget,
  port: Port,
  mesh: MeshIntent,
): readonly { readonly parts: readonly ConnectionPart[]; readonly route: readonly VirtualServiceSpecTcpRoute[] }[] {
  const names = [...new Set([target.host, ...serverNamesAt(target.connections, port)])];
  const end = (route: ConnectionRouteIntent | undefined) => endOf(settings, target, port, route, mesh);
  const composed = composeConnections(target, port, names, (route) => callersAt(end(route).target, end(route).port));
  return composed.map(({ parts, route, caller }) => ({
    parts,
    route: shares(end(route).target, end(route).port, caller),
  }));
}

function endOf(
  settings: IstioSettings,
  target: HostTarget,
  port: Port,
  route: ConnectionRouteIntent | undefined,
  mesh: MeshIntent,
): { readonly target: HostTarget; readonly port: Port } {
  if (route?.to === undefined) {
    return { target, port };
  }
  const other = mesh.service(route.to);
  const [there = port] = connectionPorts(other.ports, route.port);
  return { target: serviceTarget(settings, other), port: there };
}

function from({ caller }: ConnectionPart, mesh: MeshIntent): ReturnType<typeof source> {
  return caller === undefined ? {} : source(caller, mesh);
}

/** Where connections to a port go: by the shares of a release, else all to the service. */
export function shares(target: HostTarget, port: Port, caller?: CallerRef): readonly VirtualServiceSpecTcpRoute[] {
  const destinations = target.release === undefined ? [{}] : destinationsOf(target.release);
  return destinations.map(({ version, weightPercent }) => {
    const subset = subsetOf(target, port, { version, caller });
    return {
      destination: {
        host: target.host,
        port: { number: port.servicePort },
        ...(subset === undefined ? {} : { subset }),
      },
      ...(weightPercent === undefined ? {} : { weight: weightPercent }),
    };
  });
}
