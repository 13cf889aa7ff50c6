/** What a gateway is for. */
export enum IstioGatewayRole {
  /** Requests enter the mesh. */
  INGRESS = 'ingress',
  /** Requests leave it. */
  EGRESS = 'egress',
}

/** How a gateway is reached. */
export enum IstioGatewayService {
  /** Through a load balancer of the cloud. */
  LOAD_BALANCER = 'LoadBalancer',
  /** On a port of every node. */
  NODE_PORT = 'NodePort',
  /** From inside the cluster. */
  CLUSTER_IP = 'ClusterIP',
}

/** A gateway, installed with the chart `gateway`. */
export interface IstioGateway {
  /** Its name: of the release, the Deployment, the Service and the service account. */
  readonly name: string;
  /** Its namespace, where the Secrets with its certificates must be. Not that of istiod, whose accounts may do more. */
  readonly namespace: string;
  /** What it is for. */
  readonly role: IstioGatewayRole;
  /**
   * How it is reached.
   * @default - LOAD_BALANCER for ingress, CLUSTER_IP for egress
   */
  readonly service?: IstioGatewayService;
  /**
   * Annotations of its Service, by which clouds choose a load balancer.
   * @default - none
   */
  readonly serviceAnnotations?: { readonly [key: string]: string };
  /**
   * Whether it sees the addresses of clients (`externalTrafficPolicy: Local`). Grants may then depend on them.
   * @default false
   */
  readonly preserveClientAddress?: boolean;
  /**
   * The fewest pods.
   * @default 2
   */
  readonly minReplicas?: number;
  /**
   * The most pods.
   * @default - 5, or `minReplicas` where that is more
   */
  readonly maxReplicas?: number;
  /**
   * Whether its pods are spread over zones, as far as there is room. Not with `Delivery.istioctl`, whose chart cannot.
   * @default false
   */
  readonly spreadOverZones?: boolean;
}
