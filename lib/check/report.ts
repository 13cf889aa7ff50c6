import type { TextProblem } from '../manifests/documents';
import type { LeftAlone } from '../manifests/located';
import type { Spot } from '../manifests/place';
import type { Severity } from '../rules';

/** A finding as it is reported: part of the contract with whoever reads the JSON. */
export interface ReportedFinding {
  readonly code: string;
  /** The code under which `istioctl analyze` knows the same mistake. */
  readonly istio: string | null;
  readonly severity: Severity;
  /** `Kind namespace/name`, or `Kind name` where the object names no namespace. */
  readonly resource: string;
  /** Null where the object as a whole is meant. */
  readonly field: string | null;
  readonly message: string;
  readonly fix: string;
  readonly file: string | null;
  readonly line: number | null;
  /** Path of the construct that made the object, where that is known. */
  readonly construct: string | null;
}

/** Where a waiver was written. */
export type WaiverSource = 'annotation' | 'file' | 'baseline';

/** Why a finding counts for nothing. */
export interface ReportedWaiver {
  readonly source: WaiverSource;
  /** Null for findings that were there before. */
  readonly reason: string | null;
  /** The last day on which it holds; null for findings that were there before. */
  readonly until: string | null;
}

/** Whether a waiver still does something. */
export type WaiverState = 'used' | 'unused' | 'expired';

/** A waiver, and whether it does something. */
export interface WaiverStatus extends ReportedWaiver {
  readonly code: string;
  readonly resource: string;
  readonly state: WaiverState;
  /** Where it is written, as `file:line`; null where nobody knows. */
  readonly place: string | null;
}

/** A finding, and what is shown of it beside its data. */
export interface Judged {
  readonly finding: ReportedFinding;
  readonly spot: Spot | undefined;
  /** Undefined where the finding counts. */
  readonly waiver: ReportedWaiver | undefined;
}

/** What was checked and what came out. */
export interface Report {
  readonly findings: readonly Judged[];
  readonly waived: readonly Judged[];
  /** What could not be read. */
  readonly problems: readonly TextProblem[];
  readonly leftAlone: readonly LeftAlone[];
  readonly waivers: readonly WaiverStatus[];
  /** Entries of the baseline that are found no more. */
  readonly gone: readonly BaselineEntry[];
  readonly objects: number;
  readonly files: number;
  /** The release of Istio for which it was judged. */
  readonly istio: string;
  readonly complete: boolean;
}

/** What makes two findings of different days the same one. Lines move, so they are no part of it. */
export interface BaselineEntry {
  readonly code: string;
  readonly resource: string;
  readonly field: string | null;
}
