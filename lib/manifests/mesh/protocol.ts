/** How Istio treats the traffic of a port. */
export type PortProtocol = 'http' | 'tls' | 'tcp' | 'udp' | 'sniffed';

const HTTP: ReadonlySet<string> = new Set([
  'http',
  'http2',
  'grpc',
  'grpc-web',
  'kubernetes.io/h2c',
  'kubernetes.io/ws',
]);
const TLS: ReadonlySet<string> = new Set(['https', 'tls']);
const TCP: ReadonlySet<string> = new Set(['tcp', 'mongo', 'redis', 'mysql']);
const TCP_PORTS: ReadonlySet<number> = new Set([25, 53, 3306, 27017]);

/**
 * The protocol that the name of a port or an application protocol declares; undefined where it declares none.
 *
 * Source: https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/
 */
export function declaredProtocol(text: string): PortProtocol | undefined {
  const word = text.toLowerCase();
  return HTTP.has(word) ? 'http' : TLS.has(word) ? 'tls' : TCP.has(word) ? 'tcp' : word === 'udp' ? 'udp' : undefined;
}

/** The protocol of a Service's port: `appProtocol`, then the name up to its first `-`, then well-known numbers. */
export function servicePortProtocol(port: {
  readonly name?: string | undefined;
  readonly appProtocol?: string | undefined;
  readonly protocol?: string | undefined;
  readonly port: number;
}): PortProtocol {
  if (port.protocol === 'UDP') return 'udp';
  const named = port.appProtocol === undefined ? namedProtocol(port.name ?? '') : declaredProtocol(port.appProtocol);
  return named ?? (TCP_PORTS.has(port.port) ? 'tcp' : 'sniffed');
}

function namedProtocol(name: string): PortProtocol | undefined {
  // `grpc-web` is the one protocol with a `-` in it.
  if (name === 'grpc-web' || name.startsWith('grpc-web-')) return 'http';
  return declaredProtocol(name.split('-')[0] ?? '');
}
