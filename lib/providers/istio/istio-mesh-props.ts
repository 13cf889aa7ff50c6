import type { IngressApi } from '../../intent/entrance';
import type { ProxyOptions } from '../../options/proxy';
import type { ResilienceOptions } from '../../options/resilience';
import type { IstioCanary } from './istio-canary';

/** The gateway through which requests enter the mesh, as it is installed. */
export interface IstioIngressGateway {
  /** Namespace of the gateway's pods, where the Secrets with its certificates must be. */
  readonly namespace: string;
  /** Service account of the gateway's pods: the identity that grants name. */
  readonly serviceAccount: string;
  /** Labels of the gateway's pods, also the selector of Gateways. */
  readonly podLabels: { readonly [key: string]: string };
  /**
   * Number of proxies in front of the gateway that write the client's address into `X-Forwarded-For`: `numTrustedProxies` of
   * the gateway. 0 says that the gateway itself sees the addresses of clients (`externalTrafficPolicy: Local`).
   * @default - unknown: grants that depend on addresses of clients are refused
   */
  readonly trustedProxies?: number;
}

/** The API server, as pods reach it and as it reaches pods. */
export interface IstioKubernetesApi {
  /** Addresses of the API servers (the endpoints of `default/kubernetes`, not its cluster IP). */
  readonly cidrs: string[];
  /**
   * Port that the API servers listen on.
   * @default 6443
   */
  readonly port?: number;
}

/** Where pods resolve names. */
export interface IstioDns {
  /**
   * Namespace of the DNS pods.
   * @default - kube-system
   */
  readonly namespace?: string;
  /**
   * Labels of the DNS pods.
   * @default - `k8s-app: kube-dns`
   */
  readonly podLabels?: { readonly [key: string]: string };
  /**
   * Addresses of node-local caches, which no pod selector matches, for example `169.254.20.10/32`.
   * @default - none
   */
  readonly cidrs?: string[];
  /**
   * Port that the DNS pods listen on.
   * @default 53
   */
  readonly port?: number;
}

/** What a provider of the mesh configuration is for. */
export enum IstioProviderKind {
  /** Every proxy sends spans to it. */
  TRACING = 'tracing',
  /** Every proxy sends access logs to it. */
  ACCESS_LOG = 'accessLog',
  /** Proxies of services that name it ask it for a decision. */
  EXT_AUTHZ = 'extAuthz',
}

/** A service that proxies call because an extension provider of the mesh configuration names it. */
export interface IstioExtensionProvider {
  /** Name of the provider in `meshConfig.extensionProviders`. */
  readonly name: string;
  /** What it is for. */
  readonly kind: IstioProviderKind;
  /** Name of its Kubernetes Service. */
  readonly service: string;
  /** Namespace of its Service. */
  readonly namespace: string;
  /** Port of its Service. */
  readonly port: number;
  /**
   * Port that its pods listen on.
   * @default - the same as `port`
   */
  readonly containerPort?: number;
  /**
   * Labels of its pods.
   * @default - NetworkPolicies admit every pod of its namespace on that port
   */
  readonly podLabels?: { readonly [key: string]: string };
}

/** Who scrapes metrics of applications, as part of the mesh. */
export interface IstioScraper {
  /** Namespace of its pods. */
  readonly namespace: string;
  /** Service account of its pods, which have a proxy: the identity that grants name. */
  readonly serviceAccount: string;
  /** Labels of its pods. */
  readonly podLabels: { readonly [key: string]: string };
}

/** How proxies normalize paths before policies see them. */
export enum IstioPathNormalization {
  /** Not at all. */
  NONE = 'NONE',
  /** By RFC 3986: `/a/../b` is `/b`, and `\\` is `/`. `//a` is not `/a`. */
  BASE = 'BASE',
  /** As `BASE`, and `//a` is `/a`. */
  MERGE_SLASHES = 'MERGE_SLASHES',
  /** As `MERGE_SLASHES`, and `%2F` and `%5C` are slashes. */
  DECODE_AND_MERGE_SLASHES = 'DECODE_AND_MERGE_SLASHES',
}

/** Facts about the installed Istio, and defaults for every service. */
export interface IstioMeshProps {
  /** Full number of the installed release, for example `1.30.3`. What it does not have is refused at synth. */
  readonly version: string;
  /**
   * Revision of the control plane that injects, for example `1-30-3`. Excludes `revisionTag`.
   * @default - the default revision, by the label `istio-injection`
   */
  readonly revision?: string;
  /**
   * Revision tag of the control plane that injects, for example `stable`. Excludes `revision`.
   * @default - the default revision, by the label `istio-injection`
   */
  readonly revisionTag?: string;
  /**
   * Revision whose proxies pods shall have, for example `1-30-3`. Another one restarts them, by an annotation: say it when the
   * tag that they follow has moved. `IstioMesh.fromInstall` knows it.
   * @default - nothing restarts them
   */
  readonly proxyRevision?: string;
  /**
   * Namespaces that follow another tag than `revisionTag`, which must be given.
   * @default - none
   */
  readonly canary?: IstioCanary;
  /**
   * Labels of `discoverySelectors`, by which istiod chooses the namespaces that it sees. Namespaces of the mesh get them.
   * @default - it sees all
   */
  readonly discoveryLabels?: { readonly [key: string]: string };
  /**
   * The mesh's trust domain, with which identities begin.
   * @default - cluster.local
   */
  readonly trustDomain?: string;
  /**
   * Other trust domains that mean the same mesh, as in `meshConfig.trustDomainAliases`, for example the old one while
   * proxies move to a new one. Grants then hold for an account in all of them.
   * @default - none
   */
  readonly trustDomainAliases?: string[];
  /**
   * Domain of the cluster's Services.
   * @default - cluster.local
   */
  readonly clusterDomain?: string;
  /**
   * Root namespace of the mesh, where istiod runs.
   * @default - istio-system
   */
  readonly rootNamespace?: string;
  /**
   * Version of Kubernetes, for example `1.33`, of the API server and of every node.
   * @default - unknown: nothing is taken for granted
   */
  readonly kubernetesVersion?: string;
  /**
   * Proxies run as native sidecars (init containers that stay), which start first and end last. Istio before 1.27 makes them only
   * where istiod has `ENABLE_NATIVE_SIDECARS=true`, and Kubernetes from 1.29 on has them.
   * @default - true with Istio from 1.27 on and a `kubernetesVersion` from 1.33 on, where Istio makes them by itself
   */
  readonly nativeSidecars?: boolean;
  /**
   * The Istio CNI plugin is installed, so that pods need no privileged init container.
   * @default false
   */
  readonly cni?: boolean;
  /**
   * The gateway through which requests enter.
   * @default - none: grants to it are refused
   */
  readonly ingressGateway?: IstioIngressGateway;
  /**
   * The kinds of objects by which hosts are opened, where an `IngressHost` or `IngressRoute` says no others.
   * @default IngressApi.MESH
   */
  readonly ingressApi?: IngressApi;
  /**
   * The API server.
   * @default - unknown: grants from and to it are refused
   */
  readonly kubernetesApi?: IstioKubernetesApi;
  /**
   * Where pods resolve names.
   * @default - pods `k8s-app: kube-dns` of namespace kube-system, port 53
   */
  readonly dns?: IstioDns;
  /**
   * Namespace from which proxies are scraped (ports 15020 and 15090).
   * @default - proxies in zero-trust namespaces cannot be scraped
   */
  readonly monitoringNamespace?: string;
  /**
   * Who scrapes ports of applications, with an identity of the mesh.
   * @default - unknown: `access.allowScraping` is refused; metrics that proxies merge need no grant
   */
  readonly scraper?: IstioScraper;
  /**
   * How proxies normalize paths before policies see them: `meshConfig.pathNormalization`.
   * @default IstioPathNormalization.BASE
   */
  readonly pathNormalization?: IstioPathNormalization;
  /**
   * Whether a plugin is installed that fulfils AUDIT policies. Istio itself only marks the requests.
   * @default false
   */
  readonly auditing?: boolean;
  /**
   * Services that the mesh configuration makes proxies call.
   * @default - none
   */
  readonly providers?: IstioExtensionProvider[];
  /**
   * Protections of services that choose none themselves.
   * @default - see `ResilienceOptions`
   */
  readonly defaults?: ResilienceOptions;
  /**
   * Proxies of services that choose nothing themselves.
   * @default - see `ProxyOptions`
   */
  readonly proxy?: ProxyOptions;
  /**
   * What an install that is being upgraded has to say at each synth.
   * @internal
   */
  readonly _upgrading?: string;
}
