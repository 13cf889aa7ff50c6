import type { ManifestView } from '../manifests/view';
import type { Severity, Violation } from './finding';

/** Manifests as YAML that say what a rule means; they are its tests and its documentation. */
export interface RuleExamples {
  /** The release of Istio for which they are read. Default: the newest. */
  readonly istio?: string;
  /** The rule fires on each of them. */
  readonly bad: readonly string[];
  /** Nearly bad: the rule does not fire on any of them. */
  readonly good: readonly string[];
}

/** One mistake, and how it is found. */
export interface Rule {
  /** `MESH-CHK-nnn`. It never changes its meaning and is never used again. */
  readonly code: string;
  /** The code under which `istioctl analyze` knows the same mistake, such as `IST0101`. */
  readonly istio?: string;
  /** Further codes of it that are this mistake, too. */
  readonly istioToo?: readonly string[];
  readonly severity: Severity;
  /** What is wrong, in a few words. */
  readonly title: string;
  /** What happens because of it. */
  readonly why: string;
  readonly fix: string;
  /** Read as a complete set of manifests. */
  readonly examples: RuleExamples;
  readonly check: (view: ManifestView) => readonly Violation[];
}
