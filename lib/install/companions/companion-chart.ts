import { Code, MeshError } from '../../errors';
import type { OwnField } from '../helm-release';

/** A chart of another project. */
export interface CompanionChart {
  readonly name: string;
  readonly repository: string;
  /** The oldest version whose values are those that are written here, as its first two numbers. */
  readonly oldest: readonly [number, number];
  /** Whether it owns something that a cluster has once. */
  readonly onceInCluster: boolean;
  readonly ownFields: readonly OwnField[];
}

const VERSION = /^(\d+)\.(\d+)\.\d+([-+][0-9A-Za-z.+-]+)?$/;

/** The version of a chart; refuses what is none, and what has other values. */
export function requireChartVersion({ name, oldest: [major, minor] }: CompanionChart, version: string): string {
  const [, first, second] = VERSION.exec(version) ?? [];
  if (first === undefined || second === undefined) {
    throw new MeshError(
      Code.COMPANION,
      `chartVersion \`${version}\` is no version of the chart \`${name}\``,
      `give the full number of one, of \`${major}.${minor}\` or later`,
    );
  }
  if (Number(first) > major || (Number(first) === major && Number(second) >= minor)) return version;
  throw new MeshError(
    Code.COMPANION,
    `chartVersion \`${version}\` of the chart \`${name}\` has other values than those that are written`,
    `take version \`${major}.${minor}\` or later`,
  );
}
