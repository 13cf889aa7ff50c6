import type { ManifestView } from '../view';
import { isExportedTo } from './exports';
import { hostKeys, serviceOfHost } from './hosts';
import type { ServiceEntry } from './service-entries';
import { serviceEntries } from './service-entries';
import type { MeshService } from './services';
import { findService } from './services';

/** What a host leads to. */
export type HostTarget = { readonly service: MeshService } | { readonly entry: ServiceEntry };

/** Port numbers that a target has. */
export function targetPorts(target: HostTarget): readonly number[] {
  return 'service' in target
    ? target.service.ports.map(({ port }) => port)
    : target.entry.ports.map(({ number }) => number);
}

/**
 * What a full host leads to as seen from a namespace: a Service, else the ServiceEntry with this host, else one with the
 * narrowest wildcard over it.
 */
export function findHost(view: ManifestView, host: string, namespace: string): HostTarget | undefined {
  const named = serviceOfHost(host);
  const service = named === undefined ? undefined : findService(view, named.namespace, named.name);
  if (service !== undefined) return { service };
  const entries = view.fact(entriesByHost);
  for (const key of hostKeys(host)) {
    const entry = entries.get(key)?.find((candidate) => isVisible(view, candidate, namespace));
    if (entry !== undefined) return { entry };
  }
  return undefined;
}

/** All ServiceEntries with exactly this host. */
export function entriesOfHost(view: ManifestView, host: string): readonly ServiceEntry[] {
  return view.fact(entriesByHost).get(host) ?? [];
}

/**
 * Whether the set tells that a host leads nowhere: it is complete, or the host is a Service of a namespace that is
 * declared in it.
 */
export function seesHost(view: ManifestView, host: string): boolean {
  if (view.complete) return true;
  const named = serviceOfHost(host);
  return named !== undefined && view.sees(named.namespace);
}

function isVisible(view: ManifestView, { exportTo, namespace }: ServiceEntry, from: string): boolean {
  return isExportedTo(exportTo, view.mesh.defaultExports.service, namespace, from);
}

function entriesByHost(view: ManifestView): ReadonlyMap<string, readonly ServiceEntry[]> {
  const found = new Map<string, ServiceEntry[]>();
  for (const entry of serviceEntries(view)) {
    for (const host of entry.hosts) {
      const known = found.get(host);
      if (known === undefined) found.set(host, [entry]);
      else known.push(entry);
    }
  }
  return found;
}
