import { Code, MeshError, quoted } from '../errors';
import type { HttpMatch } from './http-match';
import type { PlanIntent } from './release-plan';

/** One version of a service and its share of the requests. */
export interface VersionShare {
  readonly version: string;
  readonly weightPercent: number;
}

/** A version that is tried. */
export interface CandidateIntent extends VersionShare {
  /** Requests that go to it whatever the shares; any of the matches suffices. */
  readonly when: readonly HttpMatch[];
}

/** Versions of a service at the same time. */
export interface ReleaseIntent {
  readonly stable: VersionShare;
  /** None while only the stable version runs. */
  readonly candidates: readonly CandidateIntent[];
  /** The release is about to go: its versions stay defined, and no route names them any more. */
  readonly ending: boolean;
  /** By which the share of the first candidate grows. */
  readonly plan?: PlanIntent;
}

/** One version, or all pods, and its share of the requests; without a weight, it takes all of them. */
export interface Destination {
  readonly version?: string;
  readonly weightPercent?: number;
}

/** Every version that can be a destination, the stable one first. */
export function versionsOf({ stable, candidates }: ReleaseIntent): readonly string[] {
  return [stable, ...candidates].map(({ version }) => version);
}

/** Where what is shared by weight goes. A version without a share is no destination, so that it can be removed safely. */
export function sharedBy({ stable, candidates, ending }: ReleaseIntent): readonly Destination[] {
  if (ending) {
    return [{}];
  }
  const taking = [stable, ...candidates].filter(({ weightPercent }) => weightPercent > 0);
  return taking.map(({ version, weightPercent }) => (taking.length === 1 ? { version } : { version, weightPercent }));
}

/** The share of the stable version: what candidates leave of 100. Refuses shares that are none, or that do not add up. */
export function stableShare(owner: string, stable: Partial<VersionShare>, candidates: readonly VersionShare[]): number {
  candidates.forEach((share) => requireShare(owner, share));
  const taken = candidates.reduce((sum, { weightPercent }) => sum + weightPercent, 0);
  const { version = '', weightPercent = Math.max(0, 100 - taken) } = stable;
  const shares = [...candidates, { version, weightPercent }];
  requireShare(owner, { version, weightPercent });
  if (taken + weightPercent !== 100) {
    throw new MeshError(
      Code.WEIGHT,
      `weights of \`${owner}\` add up to \`${taken + weightPercent}\`: ${quoted(shares.map((s) => `${s.version} ${s.weightPercent}`))}`,
      'make them add up to 100, or leave the stable weight out',
    );
  }
  return weightPercent;
}

function requireShare(owner: string, { version, weightPercent }: VersionShare): void {
  if (!Number.isInteger(weightPercent) || weightPercent < 0 || weightPercent > 100) {
    throw new MeshError(
      Code.WEIGHT,
      `weightPercent \`${weightPercent}\` of version \`${version}\` of \`${owner}\` is no share`,
      'use a whole number from 0 to 100',
    );
  }
}

/** Refuses two versions of one name, or of names that a mesh takes for one. */
export function requireDistinct(owner: string, versions: readonly string[]): void {
  const plain = versions.map(comparableVersion);
  const second = plain.findIndex((version, index) => plain.indexOf(version) < index);
  if (second < 0) {
    return;
  }
  const [one, other] = [versions[plain.indexOf(plain[second] ?? '')], versions[second]];
  throw new MeshError(
    Code.VERSION,
    one === other
      ? `two versions of \`${owner}\` have the same version label \`${one ?? ''}\``
      : `versions \`${one ?? ''}\` and \`${other ?? ''}\` of \`${owner}\` differ in punctuation only, which a mesh may ignore`,
    one === other
      ? 'give the candidate a version of its own'
      : 'give the candidate a version that differs in letters or digits',
  );
}

/** A version as a mesh may compare it: some take no `.` and `_` in its name. */
export function comparableVersion(version: string): string {
  return version.replace(/[._]/g, '-');
}
