import type { IstioExtensionProvider } from '../../providers/istio/istio-mesh-props';
import type { Delivery } from '../delivery';

/** What the pods of a companion ask for and may use, as Kubernetes quantities. */
export interface CompanionResources {
  /**
   * CPU that a pod asks for, for example `500m`.
   * @default - the chart's
   */
  readonly cpuRequest?: string;
  /**
   * Memory that a pod asks for, for example `2Gi`.
   * @default - the chart's
   */
  readonly memoryRequest?: string;
  /**
   * Memory that a pod may use, for example `4Gi`.
   * @default - the chart's
   */
  readonly memoryLimit?: string;
}

/** What is installed beside a mesh, and how. */
export interface CompanionProps {
  /** What installs it. The Sail operator and istioctl know no other charts than those of the mesh. */
  readonly delivery: Delivery;
  /** Full version of its chart. There is no default, which would grow old. */
  readonly chartVersion: string;
  /**
   * Where its chart comes from: `https://…` or `oci://…`.
   * @default - the repository of the project
   */
  readonly chartRepository?: string;
  /**
   * Values of the chart for which there is no option. What contradicts an option is refused.
   * @default - none
   */
  readonly values?: { readonly [key: string]: unknown };
  /**
   * What its pods ask for and may use.
   * @default - the chart's
   */
  readonly resources?: CompanionResources;
}

/** Where something is reached. */
export interface CompanionAddress {
  /** From inside the cluster, for example `http://prometheus-prometheus.monitoring:9090`. */
  readonly url: string;
  /**
   * As people reach it in their browsers.
   * @default - nobody links to it
   */
  readonly publicUrl?: string;
}

/** What the mesh has to know of something that is installed beside it. */
export interface MeshCompanionFacts {
  /**
   * Namespace from which metrics are collected: NetworkPolicies of zero-trust namespaces let it in to proxies' metrics.
   * @default - nothing collects metrics
   */
  readonly monitoringNamespace?: string;
  /**
   * Where proxies send something to: it gets into the mesh configuration, and policies let proxies reach it.
   * @default - nothing is sent
   */
  readonly provider?: IstioExtensionProvider;
}

/** Something that is installed beside a mesh, and that the mesh has to know of. */
export interface IMeshCompanion {
  /** What the mesh has to know. */
  readonly meshFacts: MeshCompanionFacts;
}
