import { Code, MeshError, quoted } from '../errors';
import type { HttpMatch } from './http-match';
import type { MirrorIntent } from './mirror';
import type { PlanIntent } from './release-plan';
import type { UserKeyIntent, UserShare } from './user-share';
import { userShares } from './user-share';

/** One version of a service and its share of the requests. */
export interface VersionShare {
  readonly version: string;
  readonly weightPercent: number;
}

/** A version that is tried. */
export interface CandidateIntent extends VersionShare {
  /** Requests that go to it whatever the shares; any of the matches suffices. */
  readonly when: readonly HttpMatch[];
  /** It is tried beside the candidate. */
  readonly further?: boolean;
}

/** What percentages are shares of. */
export type ShareIntent = { readonly kind: 'requests' } | { readonly kind: 'users'; readonly key: UserKeyIntent };

/** Versions of a service at the same time. */
export interface ReleaseIntent {
  readonly stable: VersionShare;
  readonly share: ShareIntent;
  readonly mirror?: MirrorIntent;
  /** None while only the stable version runs. */
  readonly candidates: readonly CandidateIntent[];
  /** The release is about to go: its versions stay defined, and no route names them any more. */
  readonly ending: boolean;
  /** By which the share of the first candidate grows. */
  readonly plan?: PlanIntent;
  /** Whether shares are moved in the cluster, so that versions are destinations even without one. */
  readonly driven?: boolean;
}

/** What is written down of a release whose shares a controller moves, and which makes both versions of one workload. */
export const DRIVEN: ReleaseIntent = {
  stable: { version: 'stable', weightPercent: 100 },
  share: { kind: 'requests' },
  candidates: [{ version: 'canary', weightPercent: 0, when: [] }],
  ending: false,
  driven: true,
};

/** One version, or all pods, and its share of the requests; without a weight, it takes all of them. */
export interface Destination {
  readonly version?: string;
  readonly weightPercent?: number;
}

/** Every version that can be a destination, the stable one first. */
export function versionsOf({ stable, candidates, mirror }: ReleaseIntent): readonly string[] {
  const copies = mirror?.to.kind === 'version' ? [mirror.to.version] : [];
  return [...[stable, ...candidates].map(({ version }) => version), ...copies];
}

/** The version that stands for the service where one has to: the stable one while it has a share; undefined is any pod. */
export function mainVersion(release: ReleaseIntent): string | undefined {
  return release.ending ? undefined : takers(release)[0]?.version;
}

/**
 * Where requests go that no candidate chooses, and connections. A version without a share is no destination, so that it can
 * be removed safely.
 */
export function destinationsOf(release: ReleaseIntent): readonly Destination[] {
  if (release.ending) {
    return [{}];
  }
  const taking = takers(release);
  // Who cannot be known again stays with the stable version.
  const shared = release.share.kind === 'users' && taking.length > 1 ? [release.stable] : taking;
  return shared.map(({ version, weightPercent }) => (shared.length === 1 ? { version } : { version, weightPercent }));
}

/** Users of each candidate, where percentages are shares of users. */
export function usersOf(release: ReleaseIntent): readonly UserShare[] {
  const { share, candidates } = release;
  return share.kind === 'users' && takers(release).length > 1 ? userShares(share.key, candidates) : [];
}

function takers({ stable, candidates, driven = false }: ReleaseIntent): readonly VersionShare[] {
  return [stable, ...candidates].filter(({ weightPercent }) => driven || weightPercent > 0);
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
