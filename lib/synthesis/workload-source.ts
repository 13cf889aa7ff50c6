import type { ApiObject } from 'cdk8s';
import type { Machines } from '../intent/machines';
import type { WorkloadView } from '../manifests/workload';

/** Where a workload's manifest comes from: an object of the tree, or somebody who says what it is like. */
export type WorkloadSource =
  | { readonly kind: 'object'; readonly apiObject: ApiObject }
  | { readonly kind: 'external'; readonly view: WorkloadView; readonly machines?: Machines };
