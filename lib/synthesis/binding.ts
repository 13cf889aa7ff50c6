import type { ApiObject } from 'cdk8s';
import { JsonPatch } from 'cdk8s';
import type { Problem } from '../errors';
import { Code, quoted } from '../errors';
import type { Machines } from '../intent/machines';
import type { Labels } from '../intent/names';
import { serviceKey } from '../intent/service';
import type { PodAdditions } from '../kubernetes/pod-patch';
import { podPatch } from '../kubernetes/pod-patch';
import type { PodSelector } from '../manifests/pod-selector';
import { podSelector } from '../manifests/pod-selector';
import type { KubeObject } from '../manifests/objects';
import type { WorkloadView } from '../manifests/workload';
import type { Provider } from '../providers/provider';
import type { ServiceEntry } from './registry';
import type { Tree } from './tree';
import type { WorkloadSource } from './workload-source';
import { machineProblems } from './machine-checks';
import { externalProblems, workloadProblems } from './workload-checks';

/** One workload of a service. */
export interface BoundWorkload {
  readonly version?: string;
  readonly view: WorkloadView;
  /** Undefined where somebody else delivers the manifest. */
  readonly apiObject?: ApiObject;
  /** Where it is machines outside the cluster. */
  readonly machines?: Machines;
}

/** What the workloads of a service say about it, and what is wrong with them. */
export interface Binding {
  readonly workloads: readonly BoundWorkload[];
  readonly serviceAccount: string;
  readonly podLabels: Labels;
  readonly problems: readonly Problem[];
}

/** Reads a service's workloads, and adds to them what they lack. */
export function bind(entry: ServiceEntry, tree: Tree, provider: Provider): Binding {
  const { declaration, foreign } = entry;
  if (foreign !== undefined) {
    return { workloads: [], ...foreign, problems: [] };
  }
  const key = serviceKey(declaration.ref);
  const sources = workloadsOf(entry);
  const workloads = sources.flatMap((source) => read(source, tree));
  const unreadable = sources.flatMap(({ source }) => unreadableProblem(key, source, tree));
  const missing: Problem[] =
    sources.length > 0
      ? []
      : [
          {
            code: Code.WORKLOAD_MISSING,
            message: `\`${key}\` has no workload`,
            fix: 'give it a `workload`, or a CanaryRelease that brings one for each version',
          },
        ];
  const own = [...new Set(workloads.flatMap(({ view }) => view.serviceAccountName ?? []))];
  const serviceAccount = entry.serviceAccount ?? own[0] ?? declaration.ref.name;
  const selector = selectorOf(entry, workloads, provider);
  const podLabels = 'labels' in selector ? selector.labels : {};
  const conflicting: Problem[] =
    'labels' in selector || workloads.length < sources.length || workloads.length === 0
      ? []
      : [
          {
            code: Code.SELECTOR,
            message: `the workloads of \`${key}\`, ${quoted(workloads.map(({ view }) => `${view.kind} ${view.name}`))}, share no label that selects them: their \`app\` is ${quoted(selector.conflicting)}`,
            fix: 'give their pods one label in common, for example `app`',
          },
        ];
  const problems = [
    ...missing,
    ...unreadable,
    ...conflicting,
    ...workloads.flatMap((bound) => workloadProblems(entry, bound, serviceAccount, provider)),
  ];
  if (problems.length > 0) {
    return { workloads, serviceAccount, podLabels, problems };
  }
  const unmet = workloads.flatMap((bound) => complete(entry, bound, serviceAccount, provider));
  return { workloads, serviceAccount, podLabels, problems: unmet };
}

/** Labels that select the pods of every version, also of those that a controller makes of one workload. */
function selectorOf(
  { declaration, delivery }: ServiceEntry,
  workloads: readonly BoundWorkload[],
  { serviceLabel, revisionLabels }: Provider,
): PodSelector {
  const { name } = declaration.ref;
  const views = workloads.map(({ view }) => view);
  switch (delivery?.intent.controller.kind) {
    case 'flagger':
      // It rewrites a label of the selector on the pods that it copies, and leaves this one alone.
      return { labels: { [serviceLabel]: views[0]?.podLabels[serviceLabel] ?? name } };
    case 'argoRollouts':
      return podSelector(
        name,
        views.map((view) => ({ ...view, matchLabels: without(view.matchLabels, revisionLabels) })),
      );
    case undefined:
      return podSelector(name, views);
  }
}

function without(labels: Labels, keys: readonly string[]): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !keys.includes(key)));
}

interface VersionedWorkload {
  readonly version?: string;
  readonly source: WorkloadSource;
}

function workloadsOf({ workload, release }: ServiceEntry): readonly VersionedWorkload[] {
  return release?.workloads ?? (workload === undefined ? [] : [{ source: workload }]);
}

function read({ version, source }: VersionedWorkload, tree: Tree): readonly BoundWorkload[] {
  const versioned = version === undefined ? {} : { version };
  if (source.kind === 'external') {
    const { machines } = source;
    return [{ ...versioned, view: source.view, ...(machines === undefined ? {} : { machines }) }];
  }
  const view = tree.workloads.get(source.apiObject);
  return view === undefined ? [] : [{ ...versioned, view, apiObject: source.apiObject }];
}

function unreadableProblem(key: string, source: WorkloadSource, tree: Tree): readonly Problem[] {
  if (source.kind !== 'object' || tree.workloads.has(source.apiObject)) {
    return [];
  }
  const { path } = source.apiObject.node;
  const reason = tree.unreadable.get(source.apiObject);
  return [
    {
      code: Code.WORKLOAD_UNREADABLE,
      message: `the workload \`${path}\` of \`${key}\` cannot be read: ${reason ?? 'it stands in another app'}`,
      fix:
        reason === undefined
          ? 'create it in the app of its service, or use `Workload.external`'
          : 'complete it before synth, for example with its containers',
    },
  ];
}

/** Kinds whose pods are made once. */
const ONCE: readonly string[] = ['Job', 'Pod'];

/** Adds what a workload lacks; for one that cannot be patched, says what its owner has to add. */
function complete(
  entry: ServiceEntry,
  { version, view, apiObject, machines }: BoundWorkload,
  serviceAccount: string,
  provider: Provider,
): readonly Problem[] {
  const { declaration } = entry;
  const labels = {
    app: declaration.ref.name,
    ...(version === undefined ? {} : { version }),
    ...(entry.delivery?.intent.controller.kind === 'flagger' ? { [provider.serviceLabel]: declaration.ref.name } : {}),
  };
  const { annotations } = provider.podPatch(declaration);
  // Whoever delivers a workload restarts it. The API server refuses another template of a Job, and a Pod is not replaced.
  const isRestarted = apiObject !== undefined && !ONCE.includes(view.kind);
  const restarts = isRestarted ? provider.restartNotes(declaration.ref.namespace) : {};
  const enrolment =
    declaration.migrating === undefined ? {} : provider.migration.enrolmentNotes(declaration.ref.namespace);
  const additions: PodAdditions = {
    labels: absent(labels, view.podLabels),
    annotations: {
      ...absent(annotations, view.podAnnotations),
      // What an older output says there would restart nothing.
      ...differing({ ...enrolment, ...restarts }, view.podAnnotations),
    },
    ...(view.serviceAccountName === undefined ? { serviceAccountName: serviceAccount } : {}),
  };
  if (machines !== undefined) {
    return machineProblems(entry, machines, version);
  }
  if (apiObject === undefined) {
    return externalProblems(entry, view, additions, version, provider);
  }
  const patch = podPatch(apiObject.toJson() as KubeObject, additions);
  apiObject.addJsonPatch(...patch.map(({ path, value }) => JsonPatch.add(path, value)));
  return [];
}

function differing(wanted: Labels, present: Labels): Labels {
  return Object.fromEntries(Object.entries(wanted).filter(([key, value]) => present[key] !== value));
}

function absent(wanted: Labels, present: Labels): Labels {
  return Object.fromEntries(Object.entries(wanted).filter(([key]) => present[key] === undefined));
}
