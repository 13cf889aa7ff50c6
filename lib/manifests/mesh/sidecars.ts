import { Kind } from '../kinds';
import type { LocatedObject } from '../located';
import { fieldAt, indexedRecords, stringMap, textAt, textList } from '../objects';
import type { ManifestView } from '../view';
import { namespaceOf } from '../view';
import { byAge } from './age';
import { groupBy } from './groups';
import { coversHost } from './hosts';
import type { Workload } from './workloads';

/** What an egress listener imports: hosts of a namespace. */
export interface ImportedHost {
  readonly path: string;
  /** `*`, `.`, `~` or a namespace, as it is written. */
  readonly namespace: string;
  readonly host: string;
}

/** A Sidecar. */
export interface Sidecar {
  readonly object: LocatedObject;
  readonly namespace: string;
  /** Undefined is the whole namespace. */
  readonly selector: Readonly<Record<string, string>> | undefined;
  /** Undefined where it has no egress, which imports everything. */
  readonly imports: readonly ImportedHost[] | undefined;
  readonly outbound: string | undefined;
}

/** All Sidecars of the set. */
export function sidecars(view: ManifestView): readonly Sidecar[] {
  return view.fact(readAll);
}

/**
 * The Sidecar that shapes what a workload's proxy knows: the oldest that selects it, else the oldest of its namespace without a
 * selector, else that of the root namespace. They are never merged. Gateways have none.
 *
 * Source: https://istio.io/latest/docs/reference/config/networking/sidecar/
 */
export function sidecarOf(view: ManifestView, workload: Workload): Sidecar | undefined {
  if (workload.isGateway) return undefined;
  const byNamespace = view.fact(indexByNamespace);
  const own = byNamespace.get(workload.namespace) ?? [];
  const selecting = own.find(({ selector }) => selector !== undefined && matches(selector, workload.labels));
  return selecting ?? namespaceSidecar(view, workload.namespace);
}

/** The Sidecar of workloads that none selects by labels. */
export function namespaceSidecar(view: ManifestView, namespace: string): Sidecar | undefined {
  const byNamespace = view.fact(indexByNamespace);
  const general = (place: string): Sidecar | undefined =>
    byNamespace.get(place)?.find(({ selector }) => selector === undefined);
  return general(namespace) ?? general(view.mesh.rootNamespace);
}

/** Whether a Sidecar imports a host of a namespace; `owner` is where the Service or ServiceEntry is. */
export function imports({ imports: list, namespace: own }: Sidecar, owner: string, host: string): boolean {
  return (
    list === undefined ||
    list.some(
      ({ namespace, host: wanted }) =>
        (namespace === '*' || namespace === owner || (namespace === '.' && owner === own)) && coversHost(wanted, host),
    )
  );
}

/** What happens to calls of a workload to hosts that its proxy does not know. */
export function outboundOf(view: ManifestView, workload: Workload): string {
  return sidecarOf(view, workload)?.outbound ?? view.mesh.outbound;
}

function matches(selector: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

function readAll(view: ManifestView): readonly Sidecar[] {
  return view.of(Kind.SIDECAR).map((object) => {
    const spec = fieldAt(object.object, 'spec');
    const labels = fieldAt(spec, 'workloadSelector', 'labels');
    const egress = indexedRecords(fieldAt(spec, 'egress'));
    return {
      object,
      namespace: namespaceOf(object),
      selector: labels === undefined ? undefined : stringMap(labels),
      imports: egress.length === 0 ? undefined : egress.flatMap(([listener, index]) => readHosts(listener, index)),
      outbound: textAt(spec, 'outboundTrafficPolicy', 'mode'),
    };
  });
}

function readHosts(listener: Readonly<Record<string, unknown>>, index: number): readonly ImportedHost[] {
  return textList(listener['hosts']).map((text, at) => {
    const slash = text.indexOf('/');
    return {
      path: `spec.egress[${index}].hosts[${at}]`,
      namespace: slash < 0 ? '*' : text.slice(0, slash),
      host: text.slice(slash + 1).toLowerCase(),
    };
  });
}

function indexByNamespace(view: ManifestView): ReadonlyMap<string, readonly Sidecar[]> {
  const sorted = [...sidecars(view)].sort((a, b) => byAge(a.object, b.object));
  return groupBy(sorted, ({ namespace }) => namespace);
}
