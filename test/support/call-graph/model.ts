/** Services and who may call whom: what a random test declares, as plain data. */
export interface CallGraph {
  readonly services: readonly ServiceNode[];
  readonly grants: readonly GrantEdge[];
}

/** A service whose Deployment and Kubernetes Service have its name. */
export interface ServiceNode {
  readonly namespace: string;
  readonly name: string;
  readonly ports: readonly PortNode[];
}

export interface PortNode {
  readonly protocol: 'http' | 'grpc' | 'tcp';
  readonly name: string;
  readonly port: number;
  readonly containerPort: number;
}

export interface GrantEdge {
  readonly caller: Caller;
  /** `namespace/name` of the service. */
  readonly callee: string;
  /** Names of ports; undefined means all. */
  readonly ports?: readonly string[];
  readonly operations: readonly OperationNode[];
  /** Who says so, one after the other. Only services can say whom they call. */
  readonly said: readonly ('caller' | 'callee')[];
}

/** A service by its `namespace/name`, or one of the callers that are no services of the app. */
export type Caller =
  { readonly service: string } | { readonly peer: 'ingress gateway' | 'namespace ops' | 'service account ops/runner' };

export type OperationNode =
  | { readonly grpc: string; readonly methods: readonly string[] }
  | { readonly methods: readonly string[]; readonly paths: readonly PathNode[] };

export interface PathNode {
  readonly kind: 'exact' | 'prefix' | 'template';
  readonly value: string;
}

/** `namespace/name`. */
export function keyOf({ namespace, name }: ServiceNode): string {
  return `${namespace}/${name}`;
}

/** The ports that a grant opens. */
export function openedBy({ ports }: GrantEdge, callee: ServiceNode): readonly PortNode[] {
  return callee.ports.filter(({ name }) => ports?.includes(name) ?? true);
}
