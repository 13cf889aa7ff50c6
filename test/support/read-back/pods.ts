import type { KubeObject, Labels } from './objects';
import { selects } from './objects';

/** The pods of one workload. */
export interface Pods {
  /** `namespace/name` of the workload. */
  readonly key: string;
  readonly namespace: string;
  readonly labels: Labels;
  readonly serviceAccount: string;
}

interface WorkloadSpec {
  readonly template: {
    readonly metadata?: { readonly labels?: Labels };
    readonly spec: { readonly serviceAccountName?: string };
  };
}

const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet'];

/** The pods of every workload. */
export function readPods(objects: readonly KubeObject[]): readonly Pods[] {
  return objects
    .filter(({ kind }) => WORKLOADS.includes(kind))
    .map(({ metadata: { name, namespace = '' }, spec }) => {
      const { template } = spec as WorkloadSpec;
      return {
        key: `${namespace}/${name}`,
        namespace,
        labels: template.metadata?.labels ?? {},
        serviceAccount: template.spec.serviceAccountName ?? 'default',
      };
    });
}

/** The pods of a namespace that a selector selects. */
export function selectPods(pods: readonly Pods[], namespace: string, selector: Labels): readonly Pods[] {
  return pods.filter((pod) => pod.namespace === namespace && selects(selector, pod.labels));
}
