import { Code, MeshError } from '../../errors';
import { byCodeUnits, didYouMean } from '../../intent/names';
import type { IstioVersion } from '../../providers/istio/version';

/** Profiles of the charts, and the minor release that brought them where the charts of an older one are known here, too. */
const PROFILES: ReadonlyMap<string, number> = new Map([
  ['ambient', 0],
  ['demo', 0],
  ['preview', 0],
  ['remote', 24],
  ['stable', 0],
  ['platform-gke', 25],
  ['platform-k3d', 24],
  ['platform-k3s', 24],
  ['platform-microk8s', 24],
  ['platform-minikube', 24],
  ['platform-openshift', 24],
]);
const COMPATIBILITY = /^compatibility-version-1\.(\d+)$/;

/** Profiles of `istioctl` that mean no more than that nothing else is chosen. */
const NONE = ['default', 'minimal'];

/** What a profile means to the charts: a profile of theirs, or none. */
export function chartProfile(profile: string | undefined, { minor }: IstioVersion): string | undefined {
  if (profile === undefined || NONE.includes(profile)) return undefined;
  const compatible = Number(COMPATIBILITY.exec(profile)?.[1]);
  const since = PROFILES.get(profile);
  if ((since !== undefined && since <= minor) || (compatible < minor && compatible >= minor - 3)) return profile;
  const known = [
    ...NONE,
    ...[...PROFILES].flatMap(([name, from]) => (from <= minor ? [name] : [])),
    ...[1, 2, 3].map((back) => `compatibility-version-1.${minor - back}`),
  ];
  throw new MeshError(
    Code.INSTALL,
    `profile \`${profile}\` is none of the charts of Istio 1.${minor}${since === undefined ? didYouMean(profile, known) : `, but of those from 1.${since} on`}`,
    profile === 'empty' ? 'leave out what is not to be installed' : `use one of ${known.sort(byCodeUnits).join(', ')}`,
  );
}
