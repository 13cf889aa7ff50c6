import type { VirtualServiceSpec, VirtualServiceSpecTcpRoute } from '../../../imports/networking.istio.io';
import type { Port } from '../../intent/port';
import { Protocol } from '../../intent/port';
import { destinationsOf } from '../../intent/release';
import { subsetName } from './format';
import type { HostTarget } from './settings';

/**
 * Routes of a VirtualService to the ports where the mesh sees connections only. There is something to say only in a release:
 * its shares.
 */
export function connectionRoutes(target: HostTarget): Pick<VirtualServiceSpec, 'tcp' | 'tls'> {
  const ports = target.release === undefined ? [] : target.ports.filter((port) => !port.carriesRequests);
  const encrypted = ports.filter(({ protocol }) => protocol !== Protocol.TCP);
  const plain = ports.filter(({ protocol }) => protocol === Protocol.TCP);
  return {
    ...(plain.length === 0
      ? {}
      : { tcp: plain.map((port) => ({ match: [{ port: port.servicePort }], route: shares(target, port) })) }),
    ...(encrypted.length === 0
      ? {}
      : {
          // Istio takes routes of TLS ports from here alone, and server names that the hosts above cover.
          tls: encrypted.map((port) => ({
            match: [{ port: port.servicePort, sniHosts: [target.host] }],
            route: shares(target, port),
          })),
        }),
  };
}

/** Where connections to a port go: by the shares of a release, else all to the service. */
export function shares({ host, release }: HostTarget, port: Port): readonly VirtualServiceSpecTcpRoute[] {
  return (release === undefined ? [{ version: undefined, weightPercent: undefined }] : destinationsOf(release)).map(
    ({ version, weightPercent }) => ({
      destination: {
        host,
        port: { number: port.servicePort },
        ...(version === undefined ? {} : { subset: subsetName(version) }),
      },
      ...(weightPercent === undefined ? {} : { weight: weightPercent }),
    }),
  );
}
