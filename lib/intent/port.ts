import { Code, MeshError, quoted } from '../errors';
import { givenOptions } from './given';
import { byCodeUnits, didYouMean, requireDnsLabel } from './names';

/** What is spoken on a port. The mesh sees requests on `HTTP` and `GRPC` only; the rest are connections to it. */
export enum Protocol {
  /** HTTP/1.1 or HTTP/2 in clear text behind the proxy. */
  HTTP = 'http',
  /** gRPC, that is HTTP/2. */
  GRPC = 'grpc',
  /** HTTP inside TLS that the application itself terminates. */
  HTTPS = 'https',
  /** TLS that the application itself terminates. */
  TLS = 'tls',
  /** Any bytes. */
  TCP = 'tcp',
}

/** Options of a port. */
export interface PortOptions {
  /**
   * The port that the container listens on.
   * @default - the same as the Service's port
   */
  readonly containerPort?: number;
  /**
   * The name by which grants and routes refer to the port.
   * @default - the protocol: `http`, `grpc`, `https`, `tls` or `tcp`
   */
  readonly name?: string;
  /**
   * Requests on this port may stay open: watches, server-sent events, WebSockets, streaming RPCs. They get no route
   * timeout, because a proxy counts a route's timeout to the end of the response.
   * @default false
   */
  readonly streaming?: boolean;
}

/**
 * A port of a service with the protocol spoken on it.
 *
 * @example
 * import { Port } from 'cdk8s-mesh';
 * const ports = [Port.http(80, { containerPort: 8080 }), Port.grpc(50051), Port.tcp(6379, { name: 'redis' })];
 */
export class Port {
  /** HTTP: requests can be matched, retried, limited by method and path. */
  static http(port: number, options: PortOptions = {}): Port {
    return new Port(Protocol.HTTP, port, options);
  }

  /** GRPC: as HTTP, by service and method. */
  static grpc(port: number, options: PortOptions = {}): Port {
    return new Port(Protocol.GRPC, port, options);
  }

  /** HTTPS that the application terminates: the mesh sees the server name, not the requests. */
  static https(port: number, options: PortOptions = {}): Port {
    return new Port(Protocol.HTTPS, port, options);
  }

  /** TLS that the application terminates: the mesh sees the server name only. */
  static tls(port: number, options: PortOptions = {}): Port {
    return new Port(Protocol.TLS, port, options);
  }

  /** TCP: the mesh sees connections only. */
  static tcp(port: number, options: PortOptions = {}): Port {
    return new Port(Protocol.TCP, port, options);
  }

  /** The name by which grants and routes refer to the port. */
  readonly name: string;
  /** The Service's port. */
  readonly servicePort: number;
  /** The port that the container listens on. */
  readonly containerPort: number;
  /** What is spoken on the port. */
  readonly protocol: Protocol;
  /** Whether requests may stay open. */
  readonly streaming: boolean;

  private constructor(protocol: Protocol, port: number, options: PortOptions) {
    this.protocol = protocol;
    this.servicePort = requirePortNumber('port', port);
    givenOptions(`options of port \`${port}\``, options);
    this.containerPort = requirePortNumber('containerPort', options.containerPort ?? port);
    this.name = requireDnsLabel('port name', options.name ?? protocol);
    requireDnsLabel('port name', this.qualifiedName);
    this.streaming = options.streaming ?? false;
    if (this.streaming && !this.carriesRequests) {
      throw new MeshError(
        Code.PORT_INVALID,
        `port \`${this.name}\` is \`${protocol}\` and cannot be \`streaming\`, since the mesh sees no requests on it`,
        'leave `streaming` out',
      );
    }
  }

  /** Whether the mesh sees single requests on this port (HTTP and gRPC), not only connections. */
  get carriesRequests(): boolean {
    return carriesRequests(this.protocol);
  }

  /** The name of the Service's port, which states the protocol for tools that read names: `http`, `http-admin`. */
  get qualifiedName(): string {
    const protocol: string = this.protocol;
    return this.name === protocol || this.name.startsWith(`${protocol}-`) ? this.name : `${protocol}-${this.name}`;
  }
}

/** Whether the mesh sees single requests where this is spoken. */
export function carriesRequests(protocol: Protocol): boolean {
  return protocol === Protocol.HTTP || protocol === Protocol.GRPC;
}

/** Refuses what is no TCP port number. */
export function requirePortNumber(field: string, value: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= 65535) {
    return value;
  }
  throw new MeshError(Code.PORT_INVALID, `${field} \`${value}\` is not a port number`, 'use 1 to 65535');
}

/** The ports of one service or host in a fixed order, with names and numbers that occur once. */
export function distinctPorts(owner: string, ports: readonly Port[]): readonly Port[] {
  ports.forEach((port, index) => {
    if (!(port instanceof Port)) {
      throw new MeshError(
        Code.PORT_PROTOCOL,
        `a port of \`${owner}\` has no protocol: \`${JSON.stringify(port)}\``,
        'declare it with `Port.http`, `Port.grpc`, `Port.https`, `Port.tls` or `Port.tcp`',
      );
    }
    for (const other of ports.slice(0, index)) {
      const shared =
        other.name === port.name
          ? `name \`${port.name}\``
          : other.qualifiedName === port.qualifiedName
            ? `name \`${port.qualifiedName}\` in the Service`
            : other.servicePort === port.servicePort
              ? `number \`${port.servicePort}\``
              : undefined;
      if (shared !== undefined) {
        throw new MeshError(
          Code.PORT_TWICE,
          `\`${owner}\` has two ports with the ${shared}`,
          'give each port a `name` and number of its own',
        );
      }
    }
  });
  return [...ports].sort((a, b) => a.servicePort - b.servicePort);
}

/** The ports of those names, or all; refuses a name that the owner does not have. */
export function selectPorts(
  owner: string,
  ports: readonly Port[],
  names: readonly string[] | undefined,
): readonly Port[] {
  if (names === undefined) {
    return ports;
  }
  const known = ports.map((port) => port.name);
  for (const name of names) {
    if (!known.includes(name)) {
      throw new MeshError(
        Code.PORT_UNKNOWN,
        `unknown port \`${name}\` on \`${owner}\`, has ${quoted(known) || 'none'}${didYouMean(name, known)}`,
        'name one of its ports, or declare the port',
      );
    }
  }
  return ports.filter((port) => names.includes(port.name)).sort((a, b) => byCodeUnits(a.name, b.name));
}
