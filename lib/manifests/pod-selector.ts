import { isHashLabel } from './labels';
import type { WorkloadView } from './workload';

type Labels = Readonly<Record<string, string>>;

/** Labels that select the pods of all of these workloads, or why there are none. */
export type PodSelector = { readonly labels: Labels } | { readonly conflicting: readonly string[] };

/**
 * Labels by which policies and the Service select the pods of a service. Those are labels that the workloads' own
 * selectors rely on and that all of them share; where there are none that are stable, the label `app`, which is
 * added to pods that lack it.
 */
export function podSelector(service: string, workloads: readonly WorkloadView[]): PodSelector {
  const stable = workloads.map(({ matchLabels }) =>
    Object.fromEntries(Object.entries(matchLabels).filter(([key]) => !isHashLabel(key))),
  );
  const [first = {}, ...others] = stable;
  const shared = Object.fromEntries(
    Object.entries(first).filter(([key, value]) => others.every((labels) => labels[key] === value)),
  );
  if (Object.keys(shared).length > 0) {
    return { labels: shared };
  }
  const apps = [...new Set(workloads.map(({ podLabels }) => podLabels.app ?? service))];
  return apps.length === 1 ? { labels: { app: apps[0] ?? service } } : { conflicting: apps };
}
