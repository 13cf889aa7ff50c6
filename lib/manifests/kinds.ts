import type { KubeObject } from './objects';
import { apiGroup } from './objects';

const NETWORKING = 'networking.istio.io';
const SECURITY = 'security.istio.io';
const EXTENSIONS = 'extensions.istio.io';
const GATEWAY_API = 'gateway.networking.k8s.io';

/** The kinds that rules ask for by name. A group belongs to each: Istio and the Gateway API both have a `Gateway`. */
export const Kind = {
  NAMESPACE: '/Namespace',
  SERVICE: '/Service',
  SERVICE_ACCOUNT: '/ServiceAccount',
  SECRET: '/Secret',
  CONFIG_MAP: '/ConfigMap',
  DESTINATION_RULE: `${NETWORKING}/DestinationRule`,
  ENVOY_FILTER: `${NETWORKING}/EnvoyFilter`,
  GATEWAY: `${NETWORKING}/Gateway`,
  PROXY_CONFIG: `${NETWORKING}/ProxyConfig`,
  SERVICE_ENTRY: `${NETWORKING}/ServiceEntry`,
  SIDECAR: `${NETWORKING}/Sidecar`,
  VIRTUAL_SERVICE: `${NETWORKING}/VirtualService`,
  WORKLOAD_ENTRY: `${NETWORKING}/WorkloadEntry`,
  WORKLOAD_GROUP: `${NETWORKING}/WorkloadGroup`,
  AUTHORIZATION_POLICY: `${SECURITY}/AuthorizationPolicy`,
  PEER_AUTHENTICATION: `${SECURITY}/PeerAuthentication`,
  REQUEST_AUTHENTICATION: `${SECURITY}/RequestAuthentication`,
  TELEMETRY: 'telemetry.istio.io/Telemetry',
  WASM_PLUGIN: `${EXTENSIONS}/WasmPlugin`,
  TRAFFIC_EXTENSION: `${EXTENSIONS}/TrafficExtension`,
  KUBERNETES_GATEWAY: `${GATEWAY_API}/Gateway`,
  GATEWAY_CLASS: `${GATEWAY_API}/GatewayClass`,
  HTTP_ROUTE: `${GATEWAY_API}/HTTPRoute`,
  GRPC_ROUTE: `${GATEWAY_API}/GRPCRoute`,
  TCP_ROUTE: `${GATEWAY_API}/TCPRoute`,
  TLS_ROUTE: `${GATEWAY_API}/TLSRoute`,
  CUSTOM_RESOURCE: 'apiextensions.k8s.io/CustomResourceDefinition',
  MUTATING_WEBHOOKS: 'admissionregistration.k8s.io/MutatingWebhookConfiguration',
  VALIDATING_WEBHOOKS: 'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
  REFERENCE_GRANT: `${GATEWAY_API}/ReferenceGrant`,
} as const;

export type Kind = (typeof Kind)[keyof typeof Kind];

/** Group and kind of an object, as the entries of `Kind` are written. */
export function kindOf({ apiVersion, kind }: KubeObject): string {
  return `${apiGroup(apiVersion)}/${kind}`;
}
