import type { ProxyOptions } from '../../options/proxy';
import type { IMeshCompanion } from '../companions/companion-props';
import type { Delivery } from '../delivery';
import type { IstioGateway } from './gateway-props';
import type { IstioMeshConfig } from './mesh-config-props';
import type { IstioCanaryTag, IstioUpgrade } from './upgrade-props';

/** The control plane, istiod. */
export interface IstioControlPlane {
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
   * CPU that a pod asks for, as a Kubernetes quantity.
   * @default - the chart's: 500m
   */
  readonly cpuRequest?: string;
  /**
   * Memory that a pod asks for, as a Kubernetes quantity.
   * @default - the chart's: 2048Mi
   */
  readonly memoryRequest?: string;
  /**
   * Whether its pods are spread over zones, as far as there is room.
   * @default true
   */
  readonly spreadOverZones?: boolean;
}

/** The CNI plugin, which sets pods up so that they need no privileged init container. */
export interface IstioCni {
  /**
   * Its namespace.
   * @default - that of istiod
   */
  readonly namespace?: string;
  /**
   * Folder of the plugins on the nodes, where it is not the usual one, for example `/home/kubernetes/bin` on GKE.
   * @default - the chart's: /opt/cni/bin
   */
  readonly binFolder?: string;
}

/** Where images come from. */
export interface IstioImages {
  /** Registry and folder of Istio's images, for example `registry.example.com/istio`. */
  readonly hub: string;
  /**
   * Names of Secrets with which they are pulled, in the namespace of each part.
   * @default - none
   */
  readonly pullSecrets?: string[];
}

/** Values of charts, laid under what the other options say; what contradicts them is refused. */
export interface IstioValues {
  /**
   * Of the chart `base`.
   * @default - none
   */
  readonly base?: { readonly [key: string]: unknown };
  /**
   * Of the chart `istiod`; what is its own stands under `pilot`.
   * @default - none
   */
  readonly istiod?: { readonly [key: string]: unknown };
  /**
   * Of the chart `cni`.
   * @default - none
   */
  readonly cni?: { readonly [key: string]: unknown };
  /**
   * Of the chart `gateway`, for every gateway.
   * @default - none
   */
  readonly gateway?: { readonly [key: string]: unknown };
}

/** What is installed, and how. */
export interface IstioInstallProps {
  /** Full number of the release, for example `1.30.3`; of the charts, too. */
  readonly version: string;
  /** What installs it. */
  readonly delivery: Delivery;
  /**
   * A profile that the charts know, for example `stable`, `platform-gke` or `compatibility-version-1.29`. `default` is none of them
   * and means what is installed without one, `minimal` the same and no gateways.
   * @default - none
   */
  readonly profile?: string;
  /**
   * Name of this control plane among several, for example `1-30-3`: letters, digits and `-`.
   * @default - the only one
   */
  readonly revision?: string;
  /**
   * Name by which namespaces follow this control plane whatever its revision, for example `stable`: an `IstioRevisionTags` makes it
   * point there.
   * @default - namespaces follow the revision
   */
  readonly tag?: string;
  /**
   * Namespaces that follow another tag, and come first in an upgrade. They take a `tag` for all others.
   * @default - none
   */
  readonly canary?: IstioCanaryTag;
  /**
   * Tags beside `tag` that point where it points. Namespaces of other apps may follow them, and in the next change those of this
   * app: nobody injects a namespace that follows a tag which is not there yet.
   * @default - none
   */
  readonly furtherTags?: string[];
  /**
   * The control plane that takes the place of this one, stage by stage.
   * @default - none
   */
  readonly upgrade?: IstioUpgrade;
  /**
   * Namespace of istiod, the root namespace of the mesh.
   * @default istio-system
   */
  readonly namespace?: string;
  /**
   * Domain of the cluster's Services.
   * @default cluster.local
   */
  readonly clusterDomain?: string;
  /**
   * What holds for every proxy.
   * @default - see `IstioMeshConfig`
   */
  readonly meshConfig?: IstioMeshConfig;
  /**
   * The control plane.
   * @default - see `IstioControlPlane`
   */
  readonly controlPlane?: IstioControlPlane;
  /**
   * Proxies of pods that no `MeshedService` describes.
   * @default - see `ProxyOptions`
   */
  readonly proxy?: ProxyOptions;
  /**
   * The CNI plugin.
   * @default - not installed: pods get a privileged init container
   */
  readonly cni?: IstioCni;
  /**
   * Gateways. Where several are for ingress, the first one is the mesh's `ingressGateway`.
   * @default - none
   */
  readonly gateways?: IstioGateway[];
  /**
   * What is installed beside the mesh and belongs to it: who collects metrics, and where proxies send spans. `IstioMesh.fromInstall`
   * knows of it, too.
   * @default - none
   */
  readonly companions?: IMeshCompanion[];
  /**
   * Where images come from, where nodes cannot reach Istio's own registry.
   * @default - the charts'
   */
  readonly images?: IstioImages;
  /**
   * Where charts come from: `https://…` or `oci://…`.
   * @default - https://istio-release.storage.googleapis.com/charts
   */
  readonly chartRepository?: string;
  /**
   * Whether the cluster has the kinds of Gateway API, whoever delivers them: another app, or the provider of the cluster.
   * @default - a warning where something needs them and no `GatewayApiCrds` is in the app
   */
  readonly hasGatewayApi?: boolean;
  /**
   * Values of the charts for which there is no option.
   * @default - none
   */
  readonly values?: IstioValues;
}
