import type { ServiceIntent } from '../intent/service';
import { Protocol } from '../intent/port';

/** What the values of `appProtocol`, and the prefixes of port names, mean to a mesh. */
const PROTOCOLS: Readonly<Record<string, readonly Protocol[]>> = {
  http: [Protocol.HTTP],
  http2: [Protocol.HTTP, Protocol.GRPC],
  'kubernetes.io/h2c': [Protocol.HTTP, Protocol.GRPC],
  'kubernetes.io/ws': [Protocol.HTTP],
  grpc: [Protocol.GRPC],
  'grpc-web': [Protocol.GRPC],
  https: [Protocol.HTTPS],
  tls: [Protocol.TLS],
  tcp: [Protocol.TCP],
  mongo: [Protocol.TCP],
  mysql: [Protocol.TCP],
  redis: [Protocol.TCP],
};

/** The protocols that a Service's port may mean by what it says; undefined where it says nothing. */
export function statedProtocols(
  name: string | undefined,
  appProtocol: string | undefined,
): readonly Protocol[] | undefined {
  if (appProtocol !== undefined) {
    return PROTOCOLS[appProtocol.toLowerCase()];
  }
  const lower = name?.toLowerCase() ?? '';
  return lower.startsWith('grpc-web') ? PROTOCOLS['grpc-web'] : PROTOCOLS[lower.split('-', 1)[0] ?? ''];
}

/** Spec of the Kubernetes Service, whose ports say their protocol by name and by appProtocol. */
export function serviceSpec(service: ServiceIntent): object {
  return {
    ...(service.headless === true ? { clusterIP: 'None' } : {}),
    selector: { ...service.podLabels },
    ports: service.ports.map((port) => ({
      name: port.qualifiedName,
      appProtocol: port.protocol,
      port: port.servicePort,
      targetPort: port.containerPort,
      protocol: 'TCP',
    })),
  };
}
