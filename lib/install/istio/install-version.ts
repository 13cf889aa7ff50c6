import { Code, MeshError } from '../../errors';
import type { IstioVersion } from '../../providers/istio/version';
import { parseVersion } from '../../providers/istio/version';

/** The minor releases whose charts this library knows. */
const KNOWN = { oldest: 22, newest: 31 };

/** Charts are fetched by this number, so that it stands as releases are called. */
const RELEASE = /^1\.([1-9]\d?)\.(0|[1-9]\d{0,3})$/;

/** Reads the version that is to be installed; a newer one may have charts with other values. */
export function installVersion(text: string): IstioVersion {
  const minor = RELEASE.exec(text)?.[1];
  if (minor !== undefined && Number(minor) >= KNOWN.oldest && Number(minor) <= KNOWN.newest) return parseVersion(text);
  throw new MeshError(
    Code.MESH_OPTION,
    `version \`${text}\` is no release of Istio whose charts this library knows; the nearest are ${nearest(text).join(', ')}`,
    'give the full number of one of them, for example `1.30.3`',
  );
}

function nearest(text: string): readonly string[] {
  const meant = Number(/1\.(\d+)/.exec(text)?.[1] ?? KNOWN.newest);
  const known = Array.from({ length: KNOWN.newest - KNOWN.oldest + 1 }, (_, index) => KNOWN.newest - index);
  return known.sort((one, other) => Math.abs(one - meant) - Math.abs(other - meant)).map((minor) => `1.${minor}`);
}
