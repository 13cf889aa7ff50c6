import type { LocatedObject } from '../located';
import { fieldAt } from '../objects';
import { SelectionIndex } from '../selection';
import type { ManifestView } from '../view';
import { nameOf, namespaceOf } from '../view';
import type { WorkloadView } from '../workload';
import { podTemplatePath, readWorkload } from '../workload';
import type { DataPlane } from './enrolment';
import { podDataPlane } from './enrolment';

/** Something that makes pods, as the mesh sees it. */
export interface Workload {
  readonly object: LocatedObject;
  readonly namespace: string;
  readonly name: string;
  readonly pods: WorkloadView;
  readonly labels: Readonly<Record<string, string>>;
  /** The service account of the pods. */
  readonly account: string;
  /** Undefined where nothing in the set tells. */
  readonly dataPlane: DataPlane | undefined;
  /** Its proxy is a gateway and stands before no application. */
  readonly isGateway: boolean;
}

const KINDS: readonly string[] = [
  '/Pod',
  '/ReplicationController',
  'apps/Deployment',
  'apps/ReplicaSet',
  'apps/StatefulSet',
  'apps/DaemonSet',
  'argoproj.io/Rollout',
  'batch/Job',
  'batch/CronJob',
];

/** All workloads of the set. */
export function workloads(view: ManifestView): readonly Workload[] {
  return view.fact(readWorkloads);
}

/** The workloads whose pods carry these labels; an empty selector stands for all of the namespace. */
export function selectedWorkloads(
  view: ManifestView,
  namespace: string,
  selector: Readonly<Record<string, string>>,
): readonly Workload[] {
  const { byNamespace, index } = view.fact(indexWorkloads);
  return Object.keys(selector).length === 0 ? (byNamespace.get(namespace) ?? []) : index.selected(namespace, selector);
}

/** The workloads of every namespace whose pods carry these labels. */
export function selectedEverywhere(
  view: ManifestView,
  selector: Readonly<Record<string, string>>,
): readonly Workload[] {
  return Object.keys(selector).length === 0
    ? workloads(view)
    : view.fact(indexWorkloads).index.selected(EVERYWHERE, selector);
}

/** The workloads that run under a service account. */
export function workloadsOfAccount(view: ManifestView, namespace: string, account: string): readonly Workload[] {
  return view.fact(indexWorkloads).byAccount.get(`${namespace}/${account}`) ?? [];
}

const EVERYWHERE = '*';

function readWorkloads(view: ManifestView): readonly Workload[] {
  return KINDS.flatMap((kind) => view.ofAny(kind))
    .filter(({ object }) => hasPods(object))
    .map((object) => readOne(view, object));
}

/** A Rollout may take its pods from a Deployment. */
function hasPods(object: LocatedObject['object']): boolean {
  return fieldAt(object, ...podTemplatePath(object.kind), 'spec') !== undefined;
}

function readOne(view: ManifestView, object: LocatedObject): Workload {
  const pods = readWorkload(object.object);
  const namespace = namespaceOf(object);
  return {
    object,
    namespace,
    name: nameOf(object),
    pods,
    labels: pods.podLabels,
    account: pods.serviceAccountName ?? 'default',
    dataPlane: podDataPlane(view, namespace, pods),
    isGateway: isGateway(pods),
  };
}

function isGateway({ podAnnotations, podLabels, containers }: WorkloadView): boolean {
  return (
    (podAnnotations['inject.istio.io/templates'] ?? '').split(',').includes('gateway') ||
    podLabels['gateway.networking.k8s.io/gateway-name'] !== undefined ||
    (containers.length === 1 && containers[0]?.name === 'istio-proxy')
  );
}

interface WorkloadIndex {
  readonly index: SelectionIndex<Workload>;
  readonly byNamespace: ReadonlyMap<string, readonly Workload[]>;
  readonly byAccount: ReadonlyMap<string, readonly Workload[]>;
}

function indexWorkloads(view: ManifestView): WorkloadIndex {
  const index = new SelectionIndex<Workload>();
  const byNamespace = new Map<string, Workload[]>();
  const byAccount = new Map<string, Workload[]>();
  for (const workload of workloads(view)) {
    index.add(workload.namespace, workload.labels, workload);
    index.add(EVERYWHERE, workload.labels, workload);
    push(byNamespace, workload.namespace, workload);
    push(byAccount, `${workload.namespace}/${workload.account}`, workload);
  }
  return { index, byNamespace, byAccount };
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}
