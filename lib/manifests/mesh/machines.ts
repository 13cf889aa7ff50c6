import { Kind } from '../kinds';
import { fieldAt, stringMap } from '../objects';
import { SelectionIndex } from '../selection';
import type { ManifestView } from '../view';
import { namespaceOf } from '../view';

type Labels = Readonly<Record<string, string>>;

/**
 * The labels of workloads outside of the cluster that a selector selects: those of WorkloadEntries, and those that WorkloadGroups
 * give to theirs. Policies, Services and subsets select them like pods.
 *
 * Source: https://istio.io/latest/docs/reference/config/networking/workload-group/
 */
export function selectedMachines(view: ManifestView, namespace: string, selector: Labels): readonly Labels[] {
  return view.fact(indexMachines).selected(namespace, selector);
}

/** The same, of every namespace. */
export function selectedMachinesEverywhere(view: ManifestView, selector: Labels): readonly Labels[] {
  return view.fact(indexMachines).selected(EVERYWHERE, selector);
}

const EVERYWHERE = '*';

function indexMachines(view: ManifestView): SelectionIndex<Labels> {
  const index = new SelectionIndex<Labels>();
  const add = (namespace: string, labels: Labels): void => {
    index.add(namespace, labels, labels);
    index.add(EVERYWHERE, labels, labels);
  };
  for (const entry of view.of(Kind.WORKLOAD_ENTRY)) {
    add(namespaceOf(entry), {
      ...stringMap(entry.object.metadata?.labels),
      ...stringMap(fieldAt(entry.object, 'spec', 'labels')),
    });
  }
  for (const group of view.of(Kind.WORKLOAD_GROUP)) {
    add(namespaceOf(group), {
      ...stringMap(fieldAt(group.object, 'spec', 'metadata', 'labels')),
      ...stringMap(fieldAt(group.object, 'spec', 'template', 'labels')),
    });
  }
  return index;
}
