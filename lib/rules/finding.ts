import type { LocatedObject } from '../manifests/located';

/** An error breaks traffic or protection; a warning is likely a mistake. */
export type Severity = 'error' | 'warning';

/** What a rule has found in one object. */
export interface Violation {
  readonly object: LocatedObject;
  /** The field concerned, such as `spec.http[0].route[1].weight`; left out for the object as a whole. */
  readonly field?: string;
  /** What is wrong, with values in backticks; lower case, without a final period. */
  readonly message: string;
  /** What to do. Default: what the rule says in general. */
  readonly fix?: string;
}

/** A violation with what its rule says of it. */
export interface Finding extends Violation {
  readonly code: string;
  readonly severity: Severity;
  /** The code under which `istioctl analyze` knows the same mistake. */
  readonly istio?: string;
  readonly fix: string;
}
