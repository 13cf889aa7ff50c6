import { Code, MeshError } from '../../errors';
import { byCodeUnits, didYouMean } from '../../intent/names';
import type { IstioVersion } from '../../providers/istio/version';

const PROFILES = ['ambient', 'demo', 'preview', 'remote', 'stable'];
const PLATFORMS = ['gke', 'k3d', 'k3s', 'microk8s', 'minikube', 'openshift'].map((name) => `platform-${name}`);
const COMPATIBILITY = /^compatibility-version-1\.(\d+)$/;

/** Profiles of `istioctl`, and what to do where charts are installed. */
const NOT_OF_CHARTS: Readonly<Record<string, string>> = {
  default: 'leave `profile` out, and name `gateways`',
  minimal: 'leave `profile` and `gateways` out',
  empty: 'leave out what is not to be installed',
};

/** A profile that the charts of a release know. */
export function requireProfile(profile: string, { minor }: IstioVersion): string {
  const compatible = Number(COMPATIBILITY.exec(profile)?.[1]);
  if ([...PROFILES, ...PLATFORMS].includes(profile) || (compatible < minor && compatible >= minor - 3)) {
    return profile;
  }
  const known = [...PROFILES, ...PLATFORMS, ...[1, 2, 3].map((back) => `compatibility-version-1.${minor - back}`)];
  const fix = NOT_OF_CHARTS[profile];
  throw new MeshError(
    Code.INSTALL,
    fix === undefined
      ? `profile \`${profile}\` is none of the charts of Istio 1.${minor}${didYouMean(profile, known)}`
      : `profile \`${profile}\` is one of \`istioctl\`, and no chart has it`,
    fix ?? `use one of ${known.sort(byCodeUnits).join(', ')}`,
  );
}
