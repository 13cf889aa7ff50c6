import type { Grant } from '../../lib/intent/access';
import { IngressApi } from '../../lib/intent/entrance';
import type { ExternalIntent } from '../../lib/intent/external';
import { MeshIntent } from '../../lib/intent/mesh';
import type { CallerRef, ServiceRef } from '../../lib/intent/peer';
import { Port } from '../../lib/intent/port';
import { DEFAULT_RESILIENCE } from '../../lib/intent/resilience';
import { NO_RESTRICTIONS } from '../../lib/intent/restriction';
import type { ServiceIntent } from '../../lib/intent/service';
import { DEFAULT_PROXY } from '../../lib/options/proxy';
import type { IstioSettings } from '../../lib/providers/istio/settings';

/** Settings of a plain Istio. */
export function istioSettings(overrides: Partial<IstioSettings> = {}): IstioSettings {
  return {
    version: { text: '1.30.3', minor: 30, patch: 3 },
    trustDomain: 'cluster.local',
    trustDomainAliases: [],
    discoveryLabels: {},
    clusterDomain: 'cluster.local',
    rootNamespace: 'istio-system',
    nativeSidecars: false,
    cni: false,
    mergesSlashes: false,
    resolvesDots: true,
    auditing: false,
    ingressApi: IngressApi.MESH,
    dns: { namespace: 'kube-system', podLabels: { 'k8s-app': 'kube-dns' }, cidrs: [], port: 53 },
    providers: [],
    resilience: {},
    proxy: DEFAULT_PROXY,
    ...overrides,
  };
}

/** The reference of a service in namespace `shop`. */
export function shopRef(name: string): ServiceRef {
  return { kind: 'service', namespace: 'shop', name };
}

/** A service in namespace `shop` with one HTTP port. */
export function shopService(name: string, overrides: Partial<ServiceIntent> = {}): ServiceIntent {
  return {
    ref: shopRef(name),
    owned: true,
    locked: true,
    ports: [Port.http(80, { containerPort: 8080 })],
    streamingOperations: [],
    resilience: DEFAULT_RESILIENCE,
    providers: [],
    proxy: DEFAULT_PROXY,
    networkPolicy: true,
    sharedIdentity: false,
    serviceAccount: name,
    podLabels: { app: name },
    replicas: [],
    routes: [],
    connections: [],
    restrictions: NO_RESTRICTIONS,
    ...overrides,
  };
}

/** A grant to the service `cart`. */
export function grantToCart(caller: CallerRef, overrides: Partial<Grant> = {}): Grant {
  return { caller, callee: shopRef('cart'), operations: [], ...overrides };
}

/** A mesh of these services and grants. */
export function meshOf(
  services: readonly ServiceIntent[],
  grants: readonly Grant[] = [],
  externals: readonly ExternalIntent[] = [],
): MeshIntent {
  return new MeshIntent(services, externals, grants);
}
