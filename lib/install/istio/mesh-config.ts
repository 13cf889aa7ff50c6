import { Code, MeshError } from '../../errors';
import { requireLabels } from '../../intent/names';
import { IstioPathNormalization, IstioProviderKind } from '../../providers/istio/istio-mesh-props';
import type { Values } from '../helm-release';
import type { IstioInstalledProvider, IstioMeshConfig } from './mesh-config-props';
import { IstioAuthorizerProtocol, IstioOutboundPolicy } from './mesh-config-props';

/** The mesh configuration as istiod reads it: https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/ */
export function meshConfigValues(config: IstioMeshConfig, clusterDomain: string): Values {
  const { trustDomain, trustDomainAliases = [], providers = [], discoveryLabels } = config;
  return {
    trustDomain: trustDomain ?? 'cluster.local',
    ...(trustDomainAliases.length === 0 ? {} : { trustDomainAliases }),
    outboundTrafficPolicy: { mode: config.outboundPolicy ?? IstioOutboundPolicy.REGISTRY_ONLY },
    pathNormalization: { normalization: config.pathNormalization ?? IstioPathNormalization.MERGE_SLASHES },
    ...(config.accessLog === undefined ? {} : { accessLogFile: config.accessLog ? '/dev/stdout' : '' }),
    ...(providers.length === 0
      ? {}
      : { extensionProviders: providers.map((provider) => providerValues(provider, clusterDomain)) }),
    ...(discoveryLabels === undefined
      ? {}
      : { discoverySelectors: [{ matchLabels: requireLabels('discoveryLabels', discoveryLabels) }] }),
    ...(config.dnsProxying === undefined
      ? {}
      : { defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: String(config.dnsProxying) } } }),
  };
}

function providerValues(provider: IstioInstalledProvider, clusterDomain: string): Values {
  const { name, kind, namespace, port, authorizerProtocol } = provider;
  const address = { service: `${provider.service}.${namespace}.svc.${clusterDomain}`, port };
  if ((kind === IstioProviderKind.EXT_AUTHZ) !== (authorizerProtocol !== undefined)) {
    throw new MeshError(
      Code.INSTALL,
      authorizerProtocol === undefined
        ? `provider \`${name}\` is an external authorizer, and nothing says how it is asked`
        : `provider \`${name}\` has authorizerProtocol \`${authorizerProtocol}\`, and is no external authorizer`,
      'give `authorizerProtocol` to providers of kind `EXT_AUTHZ`, and to no others',
    );
  }
  switch (kind) {
    case IstioProviderKind.TRACING:
      return { name, opentelemetry: address };
    case IstioProviderKind.ACCESS_LOG:
      return { name, envoyOtelAls: address };
    case IstioProviderKind.EXT_AUTHZ:
      return authorizerProtocol === IstioAuthorizerProtocol.GRPC
        ? { name, envoyExtAuthzGrpc: address }
        : { name, envoyExtAuthzHttp: address };
  }
}
