import type { SidecarSpec } from '../../../imports/networking.istio.io';
import type { MeshIntent } from '../../intent/mesh';
import { byCodeUnits } from '../../intent/names';
import type { CalleeRef } from '../../intent/peer';
import { describeRef } from '../../intent/peer';
import type { ServiceIntent } from '../../intent/service';
import type { HostImport } from '../provider';
import { egressHost } from './egress-gateway';
import { flaggerServices } from './flagger';
import type { IstioSettings } from './settings';
import { providerHost, serviceHost } from './settings';

/** Spec of the Sidecar of one service: its proxy knows these hosts and sends nothing anywhere else. */
export function workloadSidecarSpec(settings: IstioSettings, service: ServiceIntent, mesh: MeshIntent): SidecarSpec {
  return {
    workloadSelector: { labels: { ...service.podLabels } },
    ...scope(asked(settings, service, mesh).flatMap(({ hosts }) => hosts)),
  };
}

/** Spec of the Sidecar of pods that no service describes: they know what the mesh itself makes proxies call. */
export function namespaceSidecarSpec(settings: IstioSettings): SidecarSpec {
  return scope(settings.providers.map((provider) => providerHost(settings, provider)));
}

/** Hosts that a service's proxy imports, each with who asked for it. */
export function sidecarImports(
  settings: IstioSettings,
  service: ServiceIntent,
  mesh: MeshIntent,
): readonly HostImport[] {
  const entries = asked(settings, service, mesh).flatMap(({ hosts, by }) =>
    hosts.map((host) => ({
      host,
      source: by.kind === 'provider' ? `provider \`${by.name}\`` : `grant to ${describeRef(by)}`,
    })),
  );
  const distinct = new Map(entries.map((entry) => [`${entry.host} ${entry.source}`, entry]));
  return [...distinct].sort(([a], [b]) => byCodeUnits(a, b)).map(([, entry]) => entry);
}

/** Hosts, and what asks for them. */
interface Asked {
  readonly hosts: readonly string[];
  readonly by: CalleeRef | { readonly kind: 'provider'; readonly name: string };
}

function asked(settings: IstioSettings, service: ServiceIntent, mesh: MeshIntent): readonly Asked[] {
  return [
    ...mesh.grantsFrom(service.ref).map(({ callee }) => ({ hosts: calleeHosts(settings, callee, mesh), by: callee })),
    ...settings.providers
      .filter(({ name }) => service.providers.includes(name))
      .map((provider) => ({
        hosts: [providerHost(settings, provider)],
        by: { kind: 'provider' as const, name: provider.name },
      })),
  ];
}

function calleeHosts(settings: IstioSettings, callee: CalleeRef, mesh: MeshIntent): readonly string[] {
  switch (callee.kind) {
    case 'service': {
      const { name, namespace } = callee;
      const made = mesh.service(callee).delivery?.controller.kind === 'flagger' ? flaggerServices(name) : [];
      return [name, ...made].map((each) => `${namespace}/${serviceHost(settings, { namespace, name: each })}`);
    }
    case 'external': {
      const { host, through } = mesh.external(callee);
      return [
        `${callee.namespace}/${host}`,
        ...(through === undefined ? [] : [`${through.namespace}/${egressHost(settings, through)}`]),
      ];
    }
    case 'kubernetesApi':
      return [`default/${serviceHost(settings, { namespace: 'default', name: 'kubernetes' })}`];
  }
}

function scope(hosts: readonly string[]): SidecarSpec {
  const distinct = [...new Set(hosts)].sort(byCodeUnits);
  return {
    // A Sidecar with no egress, or an empty one, imports everything; this is nothing at all.
    egress: [{ hosts: distinct.length > 0 ? distinct : ['~/*'] }],
    outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
  };
}
