import type { IstioExtensionProvider, IstioPathNormalization } from '../../providers/istio/istio-mesh-props';

/** What proxies do with hosts that nobody declared. Services of zero-trust namespaces refuse them in any case. */
export enum IstioOutboundPolicy {
  /** They pass. */
  ALLOW_ANY = 'ALLOW_ANY',
  /** They are refused. */
  REGISTRY_ONLY = 'REGISTRY_ONLY',
}

/** How an external authorizer is asked. */
export enum IstioAuthorizerProtocol {
  /** Envoy's own protocol. */
  GRPC = 'grpc',
  /** A request like the one that is checked. */
  HTTP = 'http',
}

/** A service that the mesh configuration makes proxies call. */
export interface IstioInstalledProvider extends IstioExtensionProvider {
  /**
   * How it is asked. Only, and always, for `IstioProviderKind.EXT_AUTHZ`.
   * @default - none
   */
  readonly authorizerProtocol?: IstioAuthorizerProtocol;
}

/** What holds for every proxy: the mesh configuration. */
export interface IstioMeshConfig {
  /**
   * The mesh's trust domain, with which identities begin. Changing it breaks calls, unless the old one stays an alias.
   * @default - cluster.local
   */
  readonly trustDomain?: string;
  /**
   * Other trust domains that mean the same mesh.
   * @default - none
   */
  readonly trustDomainAliases?: string[];
  /**
   * What proxies do with hosts that nobody declared, where no Sidecar says it.
   * @default IstioOutboundPolicy.REGISTRY_ONLY
   */
  readonly outboundPolicy?: IstioOutboundPolicy;
  /**
   * Whether every proxy writes an access log to its output, where no Telemetry says otherwise.
   * @default - the charts': not, unless the profile is `demo`
   */
  readonly accessLog?: boolean;
  /**
   * Services that proxies call: collectors of spans and logs, external authorizers.
   * @default - none
   */
  readonly providers?: IstioInstalledProvider[];
  /**
   * Labels of the namespaces that istiod looks at. `IstioMesh.fromInstall` gives them to namespaces of the mesh; those of gateways,
   * which whoever installs them makes, and of providers need them, too.
   * @default - every namespace
   */
  readonly discoveryLabels?: { readonly [key: string]: string };
  /**
   * How proxies normalize paths before policies see them.
   * @default IstioPathNormalization.MERGE_SLASHES
   */
  readonly pathNormalization?: IstioPathNormalization;
  /**
   * Whether proxies answer DNS queries of their pods.
   * @default - the charts': they do not
   */
  readonly dnsProxying?: boolean;
}
