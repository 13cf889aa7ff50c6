import { Code, MeshError } from '../../errors';
import type { Unsupported } from '../provider';

/** A release of Istio. */
export interface IstioVersion {
  readonly text: string;
  readonly minor: number;
  readonly patch: number;
}

/** Fields that came after the oldest release that this library writes for, with the release that brought them. */
const SINCE = {
  'DestinationRule `warmup`': 24,
  'VirtualService `retries.backoff`': 26,
  'VirtualService `retries.retryIgnorePreviousHosts`': 26,
  'DestinationRule `retryBudget`': 27,
  'Gateway API `TLSRoute` at `v1`': 30,
  'ServiceEntry resolution `DYNAMIC_DNS` in sidecars': 30,
} as const;

/** The oldest minor release that serves every kind at the version that is emitted. */
const OLDEST_MINOR = 22;

/** Reads a version such as `1.30.3`. */
export function parseVersion(text: string): IstioVersion {
  const match = /^1\.(\d+)\.(\d+)$/.exec(text);
  const [minor, patch] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || minor < OLDEST_MINOR) {
    throw new MeshError(
      Code.MESH_OPTION,
      `version \`${text}\` is not a release of Istio that this library writes for`,
      `give the full number of the installed release from 1.${OLDEST_MINOR}.0 on, for example \`1.30.3\``,
    );
  }
  return { text, minor, patch };
}

/** Reads the minor release of Kubernetes from a version such as `1.33` or `1.33.2`. */
export function parseKubernetesMinor(text: string): number {
  const match = /^v?1\.(\d+)(\.\d+)?$/.exec(text);
  if (match === null) {
    throw new MeshError(
      Code.MESH_OPTION,
      `kubernetesVersion \`${text}\` is not a release of Kubernetes`,
      'give that of the oldest node, for example `1.33`',
    );
  }
  return Number(match[1]);
}

/** Whether the injector makes native sidecars where nobody says anything. */
export function nativeByDefault({ minor }: IstioVersion, kubernetesMinor: number | undefined): boolean {
  return minor >= 27 && kubernetesMinor !== undefined && kubernetesMinor >= 33;
}

/** What the installed version lacks of a feature, as a list of nothing or one entry. */
export function newerThan(
  version: IstioVersion,
  feature: keyof typeof SINCE,
  where: string,
  instead: string,
): readonly Unsupported[] {
  return version.minor >= SINCE[feature]
    ? []
    : [{ feature: `${feature} of ${where}`, reason: `it comes with Istio 1.${SINCE[feature]}`, instead }];
}
