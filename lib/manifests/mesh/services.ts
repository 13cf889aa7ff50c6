import { Kind } from '../kinds';
import type { LocatedObject } from '../located';
import { fieldAt, indexedRecords, stringMap, textAt } from '../objects';
import type { ManifestView } from '../view';
import { nameOf, namespaceOf } from '../view';
import { serviceHost } from './hosts';
import type { PortProtocol } from './protocol';
import { servicePortProtocol } from './protocol';
import type { Workload } from './workloads';
import { selectedWorkloads } from './workloads';

export interface MeshServicePort {
  readonly index: number;
  readonly name: string | undefined;
  readonly appProtocol: string | undefined;
  readonly port: number;
  readonly targetPort: number | string;
  readonly protocol: PortProtocol;
}

/** A Kubernetes Service, as the mesh sees it. */
export interface MeshService {
  readonly object: LocatedObject;
  readonly namespace: string;
  readonly name: string;
  readonly host: string;
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly MeshServicePort[];
  readonly type: string;
  readonly isHeadless: boolean;
}

/** All Services of the set. */
export function services(view: ManifestView): readonly MeshService[] {
  return view.fact(readServices);
}

/** The Service of this name. */
export function findService(view: ManifestView, namespace: string, name: string): MeshService | undefined {
  return view.fact(servicesByName).get(`${namespace}/${name}`);
}

/** The workloads behind a Service. */
export function workloadsOf(view: ManifestView, { namespace, selector }: MeshService): readonly Workload[] {
  return Object.keys(selector).length === 0 ? [] : selectedWorkloads(view, namespace, selector);
}

/** The Services before a workload. */
export function servicesOf(view: ManifestView, workload: Workload): readonly MeshService[] {
  return view.fact(servicesByWorkload).get(workload) ?? [];
}

/** The number of the container's port behind a port of a Service; undefined where its name is unknown. */
export function containerPort({ targetPort }: MeshServicePort, { pods }: Workload): number | undefined {
  return typeof targetPort === 'number' ? targetPort : pods.namedPorts[targetPort];
}

function readServices(view: ManifestView): readonly MeshService[] {
  return view.of(Kind.SERVICE).map((object) => {
    const spec = fieldAt(object.object, 'spec');
    const [name, namespace] = [nameOf(object), namespaceOf(object)];
    return {
      object,
      name,
      namespace,
      host: serviceHost(name, namespace),
      selector: stringMap(fieldAt(spec, 'selector')),
      ports: indexedRecords(fieldAt(spec, 'ports')).map(([port, index]) => readPort(port, index)),
      type: textAt(spec, 'type') ?? 'ClusterIP',
      isHeadless: fieldAt(spec, 'clusterIP') === 'None',
    };
  });
}

function readPort(port: Readonly<Record<string, unknown>>, index: number): MeshServicePort {
  const number = Number(port['port']);
  const target = port['targetPort'];
  const [name, appProtocol] = [textAt(port, 'name'), textAt(port, 'appProtocol')];
  return {
    index,
    name,
    appProtocol,
    port: number,
    targetPort: typeof target === 'number' || typeof target === 'string' ? target : number,
    protocol: servicePortProtocol({ name, appProtocol, protocol: textAt(port, 'protocol'), port: number }),
  };
}

function servicesByName(view: ManifestView): ReadonlyMap<string, MeshService> {
  return new Map(services(view).map((service) => [`${service.namespace}/${service.name}`, service]));
}

function servicesByWorkload(view: ManifestView): ReadonlyMap<Workload, readonly MeshService[]> {
  const found = new Map<Workload, MeshService[]>();
  for (const service of services(view)) {
    for (const workload of workloadsOf(view, service)) {
      const known = found.get(workload);
      if (known === undefined) found.set(workload, [service]);
      else known.push(service);
    }
  }
  return found;
}
