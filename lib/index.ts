export { Access, InboundAccess } from './constructs/access';
export { AllowOptions, ICallee, ScrapingOptions } from './constructs/allow';
export { CanaryRelease } from './constructs/canary-release';
export { EgressGateway, EgressGatewayProps } from './constructs/egress-gateway';
export { ExternalHost, ExternalHostProps, WildcardResolution } from './constructs/external-host';
export { ExternalService, ExternalServiceProps } from './constructs/external-service';
export { IngressHost, IngressHostProps } from './constructs/ingress-host';
export { IngressPort, IngressPortProps } from './constructs/ingress-port';
export { IngressRoute, IngressRouteProps } from './constructs/ingress-route';
export { KubernetesApi } from './constructs/kubernetes-api';
export { Mesh, MeshOptions } from './constructs/mesh';
export { ExistingMeshedNamespaceProps, MeshedNamespace, MeshedNamespaceProps } from './constructs/meshed-namespace';
export { KialiSettings } from './constructs/kiali-settings';
export { MeshAlerts, MeshAlertsProps } from './constructs/mesh-alerts';
export { MeshDashboards, MeshDashboardsProps } from './constructs/mesh-dashboards';
export { MeshTelemetry, MeshTelemetryProps } from './constructs/mesh-telemetry';
export { MetricsScrape, MetricsScrapeProps, ScrapeOptions } from './constructs/metrics-scrape';
export { MeshedService, VisibleHost } from './constructs/meshed-service';
export { MeshedServiceRef, MeshedServiceRefProps } from './constructs/meshed-service-ref';
export { Mirror, MirrorOptions, MirrorServiceOptions, MirrorVersionOptions } from './constructs/mirror';
export { MtlsMigration } from './constructs/mtls-migration';
export {
  MigrationCheck,
  MigrationException,
  MtlsMigrationProps,
  OutsideCaller,
} from './constructs/mtls-migration-props';
export { IMeshNamespace } from './constructs/namespace';
export { Peer, ServiceAccountPeerOptions } from './constructs/peer';
export { DenyOptions, RequestOptions, RequireTokenOptions } from './constructs/restrict-options';
export { CanaryReleaseProps, CandidateVersion, FurtherCandidate, StableVersion } from './constructs/release-props';
export { MeshedServiceProps } from './constructs/service-declaration';
export { ExternalWorkloadProps, Workload } from './constructs/workload';
export { ReleasePlan } from './constructs/release-plan';
export {
  ExistingZeroTrustNamespaceProps,
  PodSecurity,
  ZeroTrustNamespace,
  ZeroTrustNamespaceProps,
} from './constructs/zero-trust-namespace';
export { ArgoCdOptions } from './install/argo-cd';
export { GrafanaInstall, GrafanaInstallProps } from './install/companions/grafana-install';
export { JaegerInstall, JaegerInstallProps } from './install/companions/jaeger-install';
export { JaegerElasticsearchOptions, JaegerStorage } from './install/companions/jaeger-storage';
export { KialiInstall, KialiInstallProps } from './install/companions/kiali-install';
export { KialiLogin, KialiOpenIdOptions } from './install/companions/kiali-login';
export {
  OpenTelemetryCollectorInstall,
  OpenTelemetryCollectorInstallProps,
} from './install/companions/opentelemetry-collector-install';
export { PrometheusInstall, PrometheusInstallProps } from './install/companions/prometheus-install';
export {
  CompanionAddress,
  CompanionProps,
  CompanionResources,
  IMeshCompanion,
  MeshCompanionFacts,
} from './install/companions/companion-props';
export { CompanionStorage } from './install/companions/companion-storage';
export { Delivery } from './install/delivery';
export { FluxOptions } from './install/flux';
export { GatewayApiChannel, GatewayApiCrds, GatewayApiCrdsProps } from './install/gateway-api/gateway-api-crds';
export { IstioctlOptions } from './install/istioctl';
export { RenderedOptions } from './install/rendered';
export { SailOptions } from './install/sail';
export { IstioGateway, IstioGatewayRole, IstioGatewayService } from './install/istio/gateway-props';
export {
  IstioCni,
  IstioControlPlane,
  IstioImages,
  IstioInstallProps,
  IstioValues,
} from './install/istio/install-props';
export { IstioInstall } from './install/istio/istio-install';
export { IstioRevisionTags, IstioRevisionTagsProps } from './install/istio/revision-tags';
export { IstioCanaryTag, IstioUpgrade, IstioUpgradeCheck } from './install/istio/upgrade-props';
export {
  IstioAuthorizerProtocol,
  IstioInstalledProvider,
  IstioMeshConfig,
  IstioOutboundPolicy,
} from './install/istio/mesh-config-props';
export { Claim, ClaimCondition } from './intent/claim';
export { CertificateIssuerKind, IngressApi, TlsVersion } from './intent/entrance';
export { ConnectionMatch, ConnectionMatchProps } from './intent/connection-match';
export { ExternalEnforcement } from './intent/enforcement';
export { Environment } from './intent/environment';
export { GrpcStatus } from './intent/fault';
export { HeaderMatch } from './intent/header-match';
export { HttpMatch, HttpMatchProps } from './intent/http-match';
export { MigrationStage } from './intent/migration';
export { HttpOperationOptions, Operation } from './intent/operation';
export { PathMatch, PathMatchKind } from './intent/path-match';
export { IPeer } from './intent/peer';
export { Port, PortOptions, Protocol } from './intent/port';
export { QueryMatch } from './intent/query-match';
export { RetryCondition } from './intent/resilience';
export { TokenHeader, TokenIssuer, TokenIssuerProps, TokenKeys } from './intent/token-issuer';
export { IdDigits } from './intent/user-share';
export { ValueMatchKind } from './intent/value-match';
export {
  ConnectionPool,
  ConnectionPoolOptions,
  KeepAliveOptions,
  OutlierDetection,
  OutlierDetectionOptions,
} from './options/endpoints';
export { AccessLog, AccessLogOptions } from './options/access-log';
export { MetricTag } from './options/metric-tag';
export { ObjectiveOptions } from './options/objective';
export { KialiAddresses } from './options/kiali';
export { TelemetryOptions } from './options/telemetry';
export { Tracing, TracingOptions } from './options/tracing';
export { BalanceOptions, ConsistentHashOptions, LoadBalancing } from './options/load-balancing';
export { DryRunOptions, Enforcement } from './options/enforcement';
export { Locality, LocalityShare, RegionFailover } from './options/locality';
export { InitContainers } from './options/init-containers';
export { ProxyOptions } from './options/proxy';
export { ProxySize } from './options/proxy-size';
export { SourceAddresses } from './options/source-addresses';
export { CorsOptions } from './options/cors';
export { AbortFault, DelayFault, FaultOptions } from './options/fault';
export { ConnectionRouteOptions } from './options/connection-route';
export { HeaderChanges } from './options/header-changes';
export { RouteOptions } from './options/route';
export { ForwardOptions, RedirectOptions, RouteAction } from './options/route-action';
export { RateLimit, RateLimitOptions } from './options/rate-limit';
export { Retries, RetriesOptions, RetryBudget, RetryBudgetOptions, Timeout } from './options/requests';
export {
  ArgoRolloutsOptions,
  DeploymentScaleDown,
  FlaggerOptions,
  ReleaseAnalysis,
  ReleaseController,
  ReleaseStep,
} from './options/release-controller';
export { CertManagerOptions } from './options/certificate';
export { UnprotectedPort, UnprotectedPortOptions } from './options/unprotected-port';
export { VirtualMachinesProps } from './options/virtual-machines';
export { IngressPassthroughOptions, IngressTls, IngressTlsOptions } from './options/ingress-tls';
export { IngressTokens, OptionalTokensOptions, RequiredTokensOptions } from './options/ingress-tokens';
export { ResilienceOptions } from './options/resilience';
export { ScopedResilienceOptions } from './options/scoped-resilience';
export { ExplainResilienceOptions, ResilienceSource } from './options/explain-resilience';
export { SimpleTlsOptions, TlsOrigination, TlsOriginationOptions } from './options/tls-origination';
export { Share, UserKey } from './options/share';
export { FluxSourceKind, FluxUnitsOptions } from './outputs/flux/options';
export { OutputLayout } from './outputs/layout/output-layout';
export { MeshApp, MeshAppProps } from './outputs/mesh-app';
export { IIstioInstall, IstioMesh } from './providers/istio/istio-mesh';
export { IstioCanary } from './providers/istio/istio-canary';
export {
  IstioDns,
  IstioExtensionProvider,
  IstioIngressGateway,
  IstioKubernetesApi,
  IstioMeshProps,
  IstioPathNormalization,
  IstioProviderKind,
  IstioScraper,
} from './providers/istio/istio-mesh-props';
export { IstioUpgradeStage } from './providers/istio/upgrade-stage';
export { MeshProvider } from './providers/provider';
export { MeshValidation, MeshValidationProps } from './plugin/mesh-validation';
export {
  IMeshValidationContext,
  IMeshValidationLogger,
  IMeshValidationReport,
  MeshConstructMetadata,
  MeshViolatingResource,
  MeshViolation,
} from './plugin/validation-context';
export { Waiver, WaiverOptions } from './constructs/waiver';
