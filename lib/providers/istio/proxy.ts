import type { Labels } from '../../intent/names';
import type { ServiceDeclaration } from '../../intent/service';
import type { PodPatch, PodRules } from '../provider';
import { duration } from './format';
import { enrolmentNotes } from './migration';
import type { IstioSettings } from './settings';
import { proxyRevision, revisionLabel } from './settings';
import { PROXY_NOTE } from './upgrade-stage';

/** Ends of the names of metrics that proxies do not keep by themselves. */
const EJECTIONS = ['outlier_detection.ejections_active'];

const INJECT = 'sidecar.istio.io/inject';
const REWRITE = 'sidecar.istio.io/rewriteAppHTTPProbers';
const NATIVE = 'sidecar.istio.io/nativeSidecar';
const EXCLUDED = {
  inbound: 'traffic.sidecar.istio.io/excludeInboundPorts',
  outbound: 'traffic.sidecar.istio.io/excludeOutboundPorts',
};

/** Annotations of a pod that size its proxy and order its start. */
export function proxyAnnotations(settings: IstioSettings, service: ServiceDeclaration): PodPatch {
  const { proxy, countsEjections, migrating, ref } = service;
  const bypass = bypassAnnotations(service);
  const config = {
    concurrency: proxy.concurrency,
    // A native sidecar starts before the application by itself.
    ...(settings.nativeSidecars ? {} : { holdApplicationUntilProxyStarts: proxy.startFirst }),
    ...(proxy.drainMillis === undefined ? {} : { terminationDrainDuration: duration(proxy.drainMillis) }),
    ...(countsEjections === true ? { proxyStatsMatcher: { inclusionSuffixes: EJECTIONS } } : {}),
  };
  const annotations = {
    'sidecar.istio.io/proxyCPU': proxy.cpuRequest,
    'sidecar.istio.io/proxyMemory': proxy.memoryRequest,
    'sidecar.istio.io/proxyCPULimit': proxy.cpuLimit,
    'sidecar.istio.io/proxyMemoryLimit': proxy.memoryLimit,
    'proxy.istio.io/config': JSON.stringify(config),
    ...(settings.nativeSidecars ? { [NATIVE]: 'true' } : {}),
    ...(proxy.rewriteProbes === undefined ? {} : { [REWRITE]: String(proxy.rewriteProbes) }),
    ...bypass,
    ...(migrating === undefined ? {} : enrolmentNotes(settings, ref.namespace)),
  };
  return { annotations, chosen: proxy.chosen ? annotations : bypass };
}

/** What pods carry while nothing is upgraded, and what restarts them when something is. */
export function restartNotes(settings: IstioSettings, namespace: string): Labels {
  const revision = proxyRevision(settings, namespace);
  return revision === undefined ? {} : { [PROXY_NOTE]: revision };
}

/** Annotations by which ports pass the proxy by. */
function bypassAnnotations({ unprotected = [] }: Pick<ServiceDeclaration, 'unprotected'>): Record<string, string> {
  const listed = (wanted: string) =>
    [...new Set(unprotected.filter(({ direction }) => direction === wanted).map(({ port }) => port))]
      .sort((a, b) => a - b)
      .join(',');
  return Object.fromEntries(
    Object.entries({ [EXCLUDED.inbound]: listed('inbound'), [EXCLUDED.outbound]: listed('outbound') }).filter(
      ([, ports]) => ports !== '',
    ),
  );
}

/** What Istio's sidecars ask of pods. */
export function podRules(settings: IstioSettings): PodRules {
  return {
    optsOut: (labels, annotations, containerPorts) =>
      injectionOptOut(labels, annotations) ?? bypassedPort(annotations, containerPorts),
    bypass: (annotations) =>
      Object.values(EXCLUDED)
        .filter((key) => annotations[key] !== undefined && annotations[key] !== '')
        .map((key) => ({ key, value: annotations[key] ?? '' })),
    optsIn: (labels) => labels[INJECT] === 'true',
    lateProxy: (annotations) => lateProxy(settings, annotations),
    leavesProbes: ({ rewriteProbes }, annotations) => (annotations[REWRITE] ?? String(rewriteProbes)) === 'false',
    proxyUser: 1337,
    proxyContainer: 'istio-proxy',
  };
}

/** Why the injector leaves a pod alone; undefined where it does not. */
function injectionOptOut(labels: Labels, annotations: Readonly<Record<string, string>>): string | undefined {
  return labels[INJECT] === 'false'
    ? `label \`${INJECT}: "false"\``
    : annotations[INJECT] === 'false'
      ? `annotation \`${INJECT}: "false"\``
      : undefined;
}

/** Why the proxy of a pod starts after init containers and never ends by itself; undefined where it is a native sidecar. */
function lateProxy(
  { nativeSidecars, version }: IstioSettings,
  annotations: Readonly<Record<string, string>>,
): { reason: string; fix: string } | undefined {
  const own = annotations[NATIVE];
  if (own === 'true' || (own === undefined && nativeSidecars)) {
    return undefined;
  }
  return own === undefined
    ? {
        reason: 'its proxy is no native sidecar',
        fix:
          version.minor < 27
            ? 'say `nativeSidecars: true` in `IstioMesh`, which takes Kubernetes 1.29 or later, and `ENABLE_NATIVE_SIDECARS=true` in istiod'
            : 'say the `kubernetesVersion` in `IstioMesh` if it is 1.33 or later, or `nativeSidecars: true`, which takes Kubernetes 1.29 or later',
      }
    : { reason: `annotation \`${NATIVE}: "${own}"\` makes its proxy no native sidecar`, fix: 'remove that annotation' };
}

/** Why requests to one of these ports pass the proxy by, and with it mutual TLS and policies; undefined where none does. */
function bypassedPort(
  annotations: Readonly<Record<string, string>>,
  containerPorts: readonly number[],
): string | undefined {
  const listed = (list: string, port: number) =>
    list.trim() === '*' || list.split(',').some((entry) => Number(entry.trim()) === port && entry.trim() !== '');
  for (const port of containerPorts) {
    const excluded = annotations['traffic.sidecar.istio.io/excludeInboundPorts'];
    const included = annotations['traffic.sidecar.istio.io/includeInboundPorts'];
    if (excluded !== undefined && listed(excluded, port)) {
      return `annotation \`traffic.sidecar.istio.io/excludeInboundPorts: "${excluded}"\` for port \`${port}\``;
    }
    if (included !== undefined && !listed(included, port)) {
      return `annotation \`traffic.sidecar.istio.io/includeInboundPorts: "${included}"\`, which leaves out port \`${port}\``;
    }
  }
  return undefined;
}

/** Labels by which a namespace joins the mesh, and labels that say something else. */
export function enrolment(
  settings: IstioSettings,
  namespace: string,
): { labels: Labels; contradicting: readonly string[] } {
  const revision = revisionLabel(settings, namespace);
  const [joins, other]: readonly [Labels, string] =
    revision === undefined
      ? [{ 'istio-injection': 'enabled' }, 'istio.io/rev']
      : [{ 'istio.io/rev': revision }, 'istio-injection'];
  return {
    labels: { ...settings.discoveryLabels, ...joins },
    contradicting: [other, 'istio.io/dataplane-mode'],
  };
}
