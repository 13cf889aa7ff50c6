import type { HttpMatch } from '../intent/http-match';
import type { ReleaseController } from '../options/release-controller';
import type { Share } from '../options/share';
import type { MeshedService } from './meshed-service';
import type { Mirror } from './mirror';
import type { ReleasePlan } from './release-plan';
import type { Workload } from './workload';

/** The version that takes what no candidate takes. */
export interface StableVersion {
  /** Its name, the value of the label `version` of its pods. */
  readonly version: string;
  /**
   * Its pods.
   * @default - the service's own workload
   */
  readonly workload?: Workload;
  /**
   * Its share of the requests in percent.
   * @default - what the candidate leaves of 100
   */
  readonly weightPercent?: number;
}

/** The version that is tried. */
export interface CandidateVersion {
  /** Its name, the value of the label `version` of its pods. */
  readonly version: string;
  /** Its pods. */
  readonly workload: Workload;
  /**
   * Its share in percent, 0 to 100: a whole number. Not together with a plan.
   * @default - what the `plan` of the release says; an error where there is none
   */
  readonly weightPercent?: number;
}

/** A version that is tried beside the candidate. */
export interface FurtherCandidate {
  /** Its name, the value of the label `version` of its pods. */
  readonly version: string;
  /** Its pods. */
  readonly workload: Workload;
  /** Its share in percent, 0 to 100: a whole number. */
  readonly weightPercent: number;
  /**
   * Requests that go to it whatever the shares are; any of the matches suffices.
   * @default - none
   */
  readonly when?: HttpMatch[];
}

/** A release of a service. */
export interface CanaryReleaseProps {
  /** The service, which owns the Kubernetes Service, the identity and the policies of every version. */
  readonly service: MeshedService;
  /**
   * The version that runs.
   * @default - with a `controller`, it is made from the service's own workload; needed without one
   */
  readonly stable?: StableVersion;
  /**
   * The version that is tried.
   * @default - none: the stable version takes every request
   */
  readonly candidate?: CandidateVersion;
  /**
   * Requests that go to the candidate whatever the shares are; any of the matches suffices.
   * @default - none
   */
  readonly candidateWhen?: HttpMatch[];
  /**
   * The steps by which the share of the candidate grows, instead of its `weightPercent`. A commit moves one step forward, one back,
   * or to `at: 0`; with `previous` of `Mesh.use`, every other move is an error at synth.
   * @default - the share is `weightPercent` of the candidate
   */
  readonly plan?: ReleasePlan;
  /**
   * A controller in the cluster that makes the candidate from each change of the service's own workload, a Deployment, and
   * moves its share. It excludes everything else but `candidateWhen`.
   * @default - none: shares are those that are written here
   */
  readonly controller?: ReleaseController;
  /**
   * Versions that are tried beside the candidate. Where matches of several candidates hold, the more specific one decides, and
   * among equals the candidate that is listed first.
   * @default - none
   */
  readonly furtherCandidates?: FurtherCandidate[];
  /**
   * What percentages are shares of.
   * @default Share.requests()
   */
  readonly share?: Share;
  /**
   * Copies of requests, to a version that takes none itself or to another service.
   * @default - none
   */
  readonly mirror?: Mirror;
  /**
   * Whether the release will be removed with the next change: requests then go to all pods already, and the stable version
   * stays defined until no proxy asks for it any more. Only without candidates.
   * @default false
   */
  readonly ending?: boolean;
}
