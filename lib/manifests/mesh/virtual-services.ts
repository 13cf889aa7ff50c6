import { Kind } from '../kinds';
import type { LocatedObject } from '../located';
import { fieldAt, indexedRecords, textAt, textList } from '../objects';
import type { ManifestView } from '../view';
import { namespaceOf } from '../view';
import { byAge } from './age';
import { isExportedTo } from './exports';
import { fullHost, hostKeys } from './hosts';

type Fields = Readonly<Record<string, unknown>>;

/** Where a VirtualService sends traffic. */
export interface RouteDestination {
  /** The field, such as `spec.http[0].route[1].destination`. */
  readonly path: string;
  /** The host as it is written. */
  readonly name: string;
  readonly host: string;
  readonly subset: string | undefined;
  readonly port: number | undefined;
  readonly isMirror: boolean;
}

/** One entry of `http`, `tcp` or `tls`. */
export interface Route {
  readonly type: 'http' | 'tcp' | 'tls';
  readonly index: number;
  readonly path: string;
  readonly fields: Fields;
  readonly matches: readonly (readonly [Fields, number])[];
  readonly destinations: readonly RouteDestination[];
}

/** A VirtualService. */
export interface VirtualService {
  readonly object: LocatedObject;
  readonly namespace: string;
  /** The hosts as they are written. */
  readonly names: readonly string[];
  readonly hosts: readonly string[];
  /** Gateways as `namespace/name`, and `mesh`. */
  readonly gateways: readonly string[];
  readonly exportTo: readonly string[];
  readonly routes: readonly Route[];
  /** Routes that another VirtualService takes in. */
  readonly isDelegate: boolean;
}

/** All VirtualServices of the set. */
export function virtualServices(view: ManifestView): readonly VirtualService[] {
  return view.fact(readAll);
}

/**
 * The VirtualServices that compete for a host at sidecars of a namespace, the winner first: those of the namespace, then
 * those that are exported to it by name, then public ones; each by age. The others have no effect there.
 *
 * Source: istio/istio pilot/pkg/model/virtualservice.go and push_context.go, VirtualServicesForGateway
 */
export function meshVirtualServices(view: ManifestView, host: string, namespace: string): readonly VirtualService[] {
  const index = view.fact(indexByHost);
  const defaults = view.mesh.defaultExports.virtualService;
  for (const key of hostKeys(host)) {
    const found = (index.get(key) ?? [])
      .filter((candidate) => isExportedTo(candidate.exportTo, defaults, candidate.namespace, namespace))
      .sort((a, b) => tier(a, namespace, defaults) - tier(b, namespace, defaults) || byAge(a.object, b.object));
    if (found.length > 0) return found;
  }
  return [];
}

function tier({ exportTo, namespace: own }: VirtualService, namespace: string, defaults: readonly string[]): number {
  if (own === namespace) return 0;
  return (exportTo.length === 0 ? defaults : exportTo).includes('*') ? 2 : 1;
}

function indexByHost(view: ManifestView): ReadonlyMap<string, readonly VirtualService[]> {
  const found = new Map<string, VirtualService[]>();
  for (const virtualService of virtualServices(view)) {
    if (!virtualService.gateways.includes('mesh')) continue;
    for (const host of virtualService.hosts) {
      const known = found.get(host);
      if (known === undefined) found.set(host, [virtualService]);
      else known.push(virtualService);
    }
  }
  return found;
}

function readAll(view: ManifestView): readonly VirtualService[] {
  return view.of(Kind.VIRTUAL_SERVICE).map(readOne);
}

function readOne(object: LocatedObject): VirtualService {
  const spec = fieldAt(object.object, 'spec');
  const namespace = namespaceOf(object);
  const names = textList(fieldAt(spec, 'hosts'));
  const gateways = textList(fieldAt(spec, 'gateways'));
  return {
    object,
    namespace,
    names,
    hosts: names.map((name) => fullHost(name, namespace)),
    gateways: gateways.length === 0 ? ['mesh'] : gateways.map((name) => gatewayName(name, namespace)),
    exportTo: textList(fieldAt(spec, 'exportTo')),
    routes: (['http', 'tls', 'tcp'] as const).flatMap((type) =>
      indexedRecords(fieldAt(spec, type)).map(([fields, index]) => readRoute(type, fields, index, namespace)),
    ),
    isDelegate: names.length === 0,
  };
}

/** A gateway as `namespace/name`; a name alone is one of the own namespace. */
export function gatewayName(name: string, namespace: string): string {
  return name === 'mesh' || name.includes('/') ? name : `${namespace}/${name}`;
}

function readRoute(type: Route['type'], fields: Fields, index: number, namespace: string): Route {
  const path = `spec.${type}[${index}]`;
  const read = (destination: unknown, at: string, isMirror: boolean): readonly RouteDestination[] => {
    const name = textAt(destination, 'host');
    const port = fieldAt(destination, 'port', 'number');
    return name === undefined
      ? []
      : [
          {
            path: `${path}.${at}`,
            name,
            host: fullHost(name, namespace),
            subset: textAt(destination, 'subset'),
            port: typeof port === 'number' ? port : undefined,
            isMirror,
          },
        ];
  };
  return {
    type,
    index,
    path,
    fields,
    matches: indexedRecords(fields['match']),
    destinations: [
      ...indexedRecords(fields['route']).flatMap(([entry, at]) =>
        read(entry['destination'], `route[${at}].destination`, false),
      ),
      ...read(fields['mirror'], 'mirror', true),
      ...indexedRecords(fields['mirrors']).flatMap(([entry, at]) =>
        read(entry['destination'], `mirrors[${at}].destination`, true),
      ),
    ],
  };
}

/** Whether a match of a VirtualService that is for sidecars, too, holds at sidecars. */
export function isOfMesh({ gateways }: Fields): boolean {
  return !Array.isArray(gateways) || gateways.length === 0 || gateways.includes('mesh');
}

/** Whether Istio makes a gateway of this name for itself, out of one of the Gateway API. */
export function isInternalGateway(name: string): boolean {
  return name.includes('-istio-autogenerated-k8s-gateway');
}
