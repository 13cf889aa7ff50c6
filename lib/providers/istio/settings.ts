import type { IngressApi } from '../../intent/entrance';
import type { RouteTarget } from '../../intent/route-target';
import type { Labels } from '../../intent/names';
import type { ServiceAccountRef } from '../../intent/peer';
import type { ResilienceLevel } from '../../intent/resilience';
import type { ProxySettings, ServiceIntent } from '../../intent/service';
import { serviceKey } from '../../intent/service';
import type { IstioVersion } from './version';

/** What an Istio provider (tracing, access log, external authorization) is for. */
export type ProviderKind = 'tracing' | 'accessLog' | 'extAuthz';

/** A service that proxies call because the mesh configuration names it. */
export interface ProviderSettings {
  readonly name: string;
  readonly kind: ProviderKind;
  readonly service: string;
  readonly namespace: string;
  readonly containerPort: number;
  readonly podLabels?: Labels;
}

/** Facts about the installed Istio and its cluster. */
export interface IstioSettings {
  readonly version: IstioVersion;
  /** Value of `istio.io/rev`, a revision or a tag; undefined is the default revision. */
  readonly revisionLabel?: string;
  /** The revision whose proxies pods shall have, for which they are restarted. */
  readonly proxyRevision?: string;
  /** Namespaces that follow a tag of their own. */
  readonly canary?: { readonly tag: string; readonly namespaces: readonly string[]; readonly proxyRevision?: string };
  /** Labels without which the control plane does not see a namespace. */
  readonly discoveryLabels: Labels;
  /** What an install that is being upgraded has to say. */
  readonly upgrading?: string;
  readonly trustDomain: string;
  /** Other names of the trust domain; istiod puts them beside it in every policy. */
  readonly trustDomainAliases: readonly string[];
  readonly clusterDomain: string;
  readonly rootNamespace: string;
  readonly nativeSidecars: boolean;
  readonly cni: boolean;
  readonly ingressGateway?: {
    readonly namespace: string;
    readonly serviceAccount: string;
    readonly podLabels: Labels;
    /** Proxies in front of the gateway that write clients' addresses; undefined is unknown. */
    readonly trustedProxies?: number;
  };
  /** The kinds of objects by which hosts are opened where nobody says others. */
  readonly ingressApi: IngressApi;
  readonly kubernetesApi?: { readonly cidrs: readonly string[]; readonly port: number };
  readonly dns: {
    readonly namespace: string;
    readonly podLabels: Labels;
    readonly cidrs: readonly string[];
    readonly port: number;
  };
  readonly monitoringNamespace?: string;
  readonly scraper?: ServiceAccountRef;
  /** Whether paths are merged at slashes before policies see them. */
  readonly mergesSlashes: boolean;
  /** Whether `..` in paths is resolved before policies see them. */
  readonly resolvesDots: boolean;
  /** Whether something fulfils AUDIT policies. */
  readonly auditing: boolean;
  readonly providers: readonly ProviderSettings[];
  readonly resilience: ResilienceLevel;
  readonly proxy: ProxySettings;
}

/** Value of `istio.io/rev` in a namespace; undefined is the default revision. */
export function revisionLabel({ revisionLabel: label, canary }: IstioSettings, namespace: string): string | undefined {
  return canary?.namespaces.includes(namespace) === true ? canary.tag : label;
}

/** The revision whose proxies the pods of a namespace shall have; undefined where nothing restarts them. */
export function proxyRevision(
  { proxyRevision: revision, canary }: IstioSettings,
  namespace: string,
): string | undefined {
  return canary?.namespaces.includes(namespace) === true ? canary.proxyRevision : revision;
}

/** A target of routes with the host by which it is reached. */
export interface HostTarget extends RouteTarget {
  readonly host: string;
}

/** A service as the target of routes. */
export function serviceTarget(settings: IstioSettings, service: ServiceIntent): HostTarget {
  return { ...service, name: serviceKey(service.ref), host: serviceHost(settings, service.ref) };
}

/** Fully qualified host of a service of the cluster. */
export function serviceHost(
  settings: IstioSettings,
  ref: { readonly namespace: string; readonly name: string },
): string {
  return `${ref.name}.${ref.namespace}.svc.${settings.clusterDomain}`;
}

/** Host of a provider's service as Sidecars import it. */
export function providerHost(settings: IstioSettings, provider: ProviderSettings): string {
  return `${provider.namespace}/${serviceHost(settings, { namespace: provider.namespace, name: provider.service })}`;
}
