import { readPaths } from '../manifests/folder';
import type { LocatedObject } from '../manifests/located';
import type { Severity } from '../rules';
import { checkManifests } from './check';
import { baselineOf, meshConfigOf, meshNetworksOf, waiversOf } from './files';
import type { Report } from './report';

/** What to read, and what to know about it. */
export interface PathOptions {
  readonly paths: readonly string[];
  readonly complete: boolean;
  readonly context: readonly string[];
  /** A file with the configuration of the mesh. */
  readonly meshConfig?: string;
  readonly meshNetworks?: string;
  /** A minor release. */
  readonly istio?: string;
  /** Files. */
  readonly baseline?: string;
  readonly waivers?: string;
}

/** Checks what files and folders hold. */
export function checkPaths(
  options: PathOptions,
  today: string,
  constructOf?: (object: LocatedObject) => string | undefined,
): Report {
  const { paths, context, complete, meshConfig, meshNetworks, istio, waivers, baseline } = options;
  return checkManifests({
    manifests: readPaths(paths),
    context: readPaths(context),
    view: {
      complete,
      ...(istio !== undefined && { istio }),
      ...(meshConfig !== undefined && { meshConfig: meshConfigOf(meshConfig) }),
      ...(meshNetworks !== undefined && { meshNetworks: meshNetworksOf(meshNetworks) }),
    },
    waivers: waivers === undefined ? [] : waiversOf(waivers),
    baseline: baseline === undefined ? [] : baselineOf(baseline),
    today,
    ...(constructOf !== undefined && { constructOf }),
  });
}

/** Whether a report is one of failure. */
export function isFailure({ findings, problems }: Report, failOn: Severity): boolean {
  return problems.length > 0 || findings.some(({ finding }) => failOn === 'warning' || finding.severity === 'error');
}
