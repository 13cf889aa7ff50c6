import { Code, MeshError, quoted } from '../errors';
import type { HttpMatch } from './http-match';

/** One version of a service and its share of the requests. */
export interface VersionShare {
  readonly version: string;
  readonly weightPercent: number;
}

/** Versions that take requests at the same time. */
export interface ReleaseIntent {
  readonly stable: VersionShare;
  readonly candidate: VersionShare;
  /** Requests that go to the candidate whatever the shares; any of the matches suffices. */
  readonly candidateWhen: readonly HttpMatch[];
}

/** Refuses shares that are no shares. */
export function requireShares(owner: string, shares: readonly VersionShare[]): void {
  for (const { version, weightPercent } of shares) {
    if (!Number.isInteger(weightPercent) || weightPercent < 0 || weightPercent > 100) {
      throw new MeshError(
        Code.WEIGHT,
        `weightPercent \`${weightPercent}\` of version \`${version}\` of \`${owner}\` is no share`,
        'use a whole number from 0 to 100',
      );
    }
  }
  const total = shares.reduce((sum, share) => sum + share.weightPercent, 0);
  if (total !== 100) {
    throw new MeshError(
      Code.WEIGHT,
      `weights of \`${owner}\` add up to \`${total}\`: ${quoted(shares.map((s) => `${s.version} ${s.weightPercent}`))}`,
      'make them add up to 100, or leave the stable weight out',
    );
  }
}

/** A version as a mesh may compare it: some take no `.` and `_` in its name. */
export function comparableVersion(version: string): string {
  return version.replace(/[._]/g, '-');
}
