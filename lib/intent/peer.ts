import type { Labels } from './names';

/** A service of the mesh, by the namespace and name of its Kubernetes Service. */
export interface ServiceRef {
  readonly kind: 'service';
  readonly namespace: string;
  readonly name: string;
}

/** Pods under one service account that this app does not describe as a service. */
export interface ServiceAccountRef {
  readonly kind: 'serviceAccount';
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly podLabels?: Labels;
  /** Where the account is one of another mesh: its trust domain, and the addresses of its pods. */
  readonly foreign?: { readonly trustDomain: string; readonly cidrs: readonly string[] };
}

/** Every pod of a namespace. */
export interface NamespaceRef {
  readonly kind: 'namespace';
  readonly namespace: string;
}

/** A gateway through which requests enter the mesh. */
export interface IngressGatewayRef {
  readonly kind: 'ingressGateway';
  /** Undefined is the one that the mesh was given. */
  readonly own?: OwnGateway;
}

/** A gateway that the mesh deploys for some hosts, and its identity. */
export interface OwnGateway {
  readonly namespace: string;
  readonly name: string;
  readonly serviceAccount: string;
  readonly podLabels: Labels;
}

/** The API server of the cluster. */
export interface KubernetesApiRef {
  readonly kind: 'kubernetesApi';
}

/** A host or addresses outside the mesh, by where they are declared. */
export interface ExternalRef {
  readonly kind: 'external';
  readonly namespace: string;
  readonly name: string;
}

/** Who calls. */
export type CallerRef = ServiceRef | ServiceAccountRef | NamespaceRef | IngressGatewayRef | KubernetesApiRef;

/** Somebody who can be allowed to call. */
export interface IPeer {
  /**
   * @internal
   */
  _caller(): CallerRef;
}

/** Who is called. */
export type CalleeRef = ServiceRef | ExternalRef | KubernetesApiRef;

/** One text per peer, equal for equal peers. */
export function refKey(ref: CallerRef | CalleeRef): string {
  switch (ref.kind) {
    case 'service':
    case 'external':
      return `${ref.kind} ${ref.namespace}/${ref.name}`;
    case 'serviceAccount':
      return `serviceAccount ${inDomain(ref)}${ref.namespace}/${ref.serviceAccount}`;
    case 'namespace':
      return `namespace ${ref.namespace}`;
    case 'ingressGateway':
      return ref.own === undefined ? ref.kind : `${ref.kind} ${ref.own.namespace}/${ref.own.name}`;
    case 'kubernetesApi':
      return ref.kind;
  }
}

/** A peer as messages name it. */
export function describeRef(ref: CallerRef | CalleeRef): string {
  switch (ref.kind) {
    case 'service':
    case 'external':
      return `\`${ref.namespace}/${ref.name}\``;
    case 'serviceAccount':
      return `service account \`${inDomain(ref)}${ref.namespace}/${ref.serviceAccount}\``;
    case 'namespace':
      return `namespace \`${ref.namespace}\``;
    case 'ingressGateway':
      return ref.own === undefined ? 'the ingress gateway' : `the gateway \`${ref.own.namespace}/${ref.own.name}\``;
    case 'kubernetesApi':
      return 'the Kubernetes API';
  }
}

function inDomain({ foreign }: ServiceAccountRef): string {
  return foreign === undefined ? '' : `${foreign.trustDomain}/`;
}
