import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { KubeObject } from '../manifests/objects';
import { identityOf } from '../manifests/objects';
import type { ServiceView } from '../manifests/service';
import { readService } from '../manifests/service';
import { SelectionIndex } from '../manifests/selection';
import type { WorkloadView } from '../manifests/workload';
import { WORKLOAD_KINDS, readWorkload } from '../manifests/workload';
import { isEmitted } from './emitted';

/** Kinds of which this library emits or adopts objects and that have no namespace. */
const CLUSTER_KINDS: readonly string[] = ['Namespace'];

/** An object that somebody else put into the tree, with what it says. */
export interface Foreign<T> {
  readonly apiObject: ApiObject;
  readonly view: T;
}

/** What stands in the tree beside the objects of this library, read once per synth. */
export interface Tree {
  /** Objects by what makes them the same one in a cluster. */
  readonly byIdentity: ReadonlyMap<string, readonly ApiObject[]>;
  readonly workloads: ReadonlyMap<ApiObject, WorkloadView>;
  readonly workloadsByLabels: SelectionIndex<ApiObject>;
  readonly services: readonly Foreign<ServiceView>[];
  /** Foreign objects of other kinds that concern the mesh, as JSON. */
  readonly others: readonly Foreign<KubeObject>[];
  /** Workloads and Services that could not be read, and why. */
  readonly unreadable: ReadonlyMap<ApiObject, string>;
}

const OTHER_KINDS: readonly string[] = [
  'NetworkPolicy',
  'VirtualService',
  'DestinationRule',
  'Namespace',
  'HorizontalPodAutoscaler',
  'Telemetry',
  'Secret',
  'Certificate',
];

/** Reads the tree below a construct. */
export function readTree(root: IConstruct): Tree {
  const byIdentity = new Map<string, ApiObject[]>();
  const workloads = new Map<ApiObject, WorkloadView>();
  const workloadsByLabels = new SelectionIndex<ApiObject>();
  const services: Foreign<ServiceView>[] = [];
  const others: Foreign<KubeObject>[] = [];
  const unreadable = new Map<ApiObject, string>();
  for (const apiObject of root.node.findAll()) {
    if (!ApiObject.isApiObject(apiObject)) {
      continue;
    }
    const identity = objectIdentity(apiObject);
    byIdentity.set(identity, [...(byIdentity.get(identity) ?? []), apiObject]);
    if (isEmitted(apiObject) || ![...WORKLOAD_KINDS, ...OTHER_KINDS, 'Service'].includes(apiObject.kind)) {
      continue;
    }
    const json = tryJson(apiObject);
    if (typeof json === 'string') {
      unreadable.set(apiObject, json);
    } else if (WORKLOAD_KINDS.includes(apiObject.kind)) {
      const view = readWorkload(json);
      workloads.set(apiObject, view);
      workloadsByLabels.add(view.namespace ?? '', view.podLabels, apiObject);
    } else if (apiObject.kind === 'Service') {
      services.push({ apiObject, view: readService(json) });
    } else {
      others.push({ apiObject, view: json });
    }
  }
  return { byIdentity, workloads, workloadsByLabels, services, others, unreadable };
}

/** What makes an object the same as another one in a cluster. */
export function objectIdentity({ apiVersion, kind, metadata, name }: ApiObject): string {
  return identityOf(apiVersion, kind, CLUSTER_KINDS.includes(kind) ? undefined : metadata.namespace, name);
}

/** Whether an object is still in the tree. */
export function isStanding(object: ApiObject): boolean {
  return object.node.scope?.node.tryFindChild(object.node.id) === object;
}

/** The object as JSON, with the patches that were made to it so far, or why there is none. */
function tryJson(apiObject: ApiObject): KubeObject | string {
  try {
    return apiObject.toJson() as KubeObject;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
