/** Values of a chart. */
export type Values = Readonly<Record<string, unknown>>;

/** A chart to install, and how. */
export interface HelmRelease {
  readonly name: string;
  readonly namespace: string;
  readonly chart: string;
  /** Of the chart: releases of one install differ while it is upgraded. */
  readonly version: string;
  readonly values: Values;
  /** Names of the releases that must be there before. */
  readonly after: readonly string[];
  /** Whether it is a gateway through which requests leave the mesh. */
  readonly isEgress?: boolean;
}

/** Where charts come from. */
export interface HelmCharts {
  /** Name of the repository among the objects that deliver its charts. */
  readonly name: string;
  /** Its address: `https://…`, or `oci://…`. */
  readonly repository: string;
  /** Whether the user chose it. */
  readonly isChosen: boolean;
}

/** Fields of objects in the cluster that what was installed writes itself. */
export interface OwnField {
  readonly kind: string;
  /** As a path of jq. */
  readonly path: string;
}

/** What is to be installed. */
export interface HelmInstall {
  readonly charts: HelmCharts;
  /** In an order in which each stands behind those that it needs. */
  readonly releases: readonly HelmRelease[];
  /** Fields of webhook configurations that are not in the charts. */
  readonly ownFields: readonly OwnField[];
}

/** How many steps after the first a release can be installed. */
export function stepOf(releases: readonly HelmRelease[], { after }: HelmRelease): number {
  const before = releases.filter(({ name }) => after.includes(name));
  return Math.max(0, ...before.map((release) => stepOf(releases, release) + 1));
}
