import type {
  VirtualServiceSpec,
  VirtualServiceSpecTcp,
  VirtualServiceSpecTcpRoute,
} from '../../../imports/networking.istio.io';
import type { MeshIntent } from '../../intent/mesh';
import type { CallerRef } from '../../intent/peer';
import type { Port } from '../../intent/port';
import { Protocol } from '../../intent/port';
import { destinationsOf } from '../../intent/release';
import { source } from './matches';
import type { HostTarget } from './settings';
import { callersAt, subsetOf } from './subsets';

/**
 * Routes of a VirtualService to the ports where the mesh sees connections only. There is something to say only in a release
 * (its shares), and for callers with settings of their own.
 */
export function connectionRoutes(target: HostTarget, mesh: MeshIntent): Pick<VirtualServiceSpec, 'tcp' | 'tls'> {
  const ports = target.ports.filter(
    (port) => !port.carriesRequests && (target.release !== undefined || callersAt(target, port).length > 0),
  );
  const routes = (some: readonly Port[]) => some.flatMap((port) => portRoutes(target, port, mesh));
  const plain = routes(ports.filter(({ protocol }) => protocol === Protocol.TCP));
  // Istio takes routes of TLS ports from here alone, and server names that the hosts above cover.
  const encrypted = routes(ports.filter(({ protocol }) => protocol !== Protocol.TCP)).map(({ match, route }) => ({
    match: (match ?? []).map((conditions) => ({ ...conditions, sniHosts: [target.host] })),
    ...(route === undefined ? {} : { route }),
  }));
  return {
    ...(plain.length === 0 ? {} : { tcp: plain }),
    ...(encrypted.length === 0 ? {} : { tls: encrypted }),
  };
}

function portRoutes(target: HostTarget, port: Port, mesh: MeshIntent): readonly VirtualServiceSpecTcp[] {
  return [...callersAt(target, port), undefined].map((caller) => ({
    match: [{ port: port.servicePort, ...(caller === undefined ? {} : source(caller, mesh)) }],
    route: shares(target, port, caller),
  }));
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
