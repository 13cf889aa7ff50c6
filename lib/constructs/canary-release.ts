import { Construct } from 'constructs';
import { Code, MeshError, quoted } from '../errors';
import type { HttpMatch } from '../intent/http-match';
import { requireLabelValue } from '../intent/names';
import type { Port } from '../intent/port';
import type { ReleaseIntent } from '../intent/release';
import { requireDistinct, stableShare } from '../intent/release';
import { requireChoosable } from '../intent/release-order';
import { serviceKey } from '../intent/service';
import { requireKnown } from './grant';
import { emit } from './emit';
import { Mesh } from './mesh';
import type { MeshedService } from './meshed-service';
import type { WorkloadSource } from '../synthesis/workload-source';
import type { Workload } from './workload';

/** The version that takes what no candidate takes. */
export interface StableVersion {
  /** Its name, the value of the label `version` of its pods. */
  readonly version: string;
  /**
   * Its pods.
   * @default - the service's own workload
   */
  readonly workload?: Workload;
  /**
   * Its share of the requests in percent.
   * @default - what the candidate leaves of 100
   */
  readonly weightPercent?: number;
}

/** The version that is tried. */
export interface CandidateVersion {
  /** Its name, the value of the label `version` of its pods. */
  readonly version: string;
  /** Its pods. */
  readonly workload: Workload;
  /** Its share of the requests in percent, 0 to 100. Drawn anew for each request. */
  readonly weightPercent: number;
}

/** A version that is tried beside the candidate. */
export interface FurtherCandidate {
  /** Its name, the value of the label `version` of its pods. */
  readonly version: string;
  /** Its pods. */
  readonly workload: Workload;
  /** Its share of the requests in percent, 0 to 100. Drawn anew for each request. */
  readonly weightPercent: number;
  /**
   * Requests that go to it whatever the shares are; any of the matches suffices.
   * @default - none
   */
  readonly when?: HttpMatch[];
}

/** A release of a service. */
export interface CanaryReleaseProps {
  /** The service, which owns the Kubernetes Service, the identity and the policies of every version. */
  readonly service: MeshedService;
  /** The version that runs. */
  readonly stable: StableVersion;
  /**
   * The version that is tried.
   * @default - none: the stable version takes every request
   */
  readonly candidate?: CandidateVersion;
  /**
   * Requests that go to the candidate whatever the shares are; any of the matches suffices.
   * @default - none
   */
  readonly candidateWhen?: HttpMatch[];
  /**
   * Versions that are tried beside the candidate. Where matches of several candidates hold, the more specific one decides, and
   * among equals the candidate that is listed first.
   * @default - none
   */
  readonly furtherCandidates?: FurtherCandidate[];
  /**
   * Whether the release will be removed with the next change: requests then go to all pods already, and the stable version
   * stays defined until no proxy asks for it any more. Only without candidates.
   * @default false
   */
  readonly ending?: boolean;
}

/**
 * Versions of a service at the same time: chosen requests go to candidates, the rest by shares.
 *
 * Versions differ in the label `version`, which is added to pods that lack it, and run under the service's own service
 * account. Moving a service in or out of a release renames nothing.
 *
 * @example
 * import { App, Chart } from 'cdk8s';
 * import { CanaryRelease, HeaderMatch, HttpMatch, IstioMesh, Mesh, MeshedService, Port, Workload, ZeroTrustNamespace } from 'cdk8s-mesh';
 * const app = new App();
 * Mesh.use(app, new IstioMesh({ version: '1.30.3' }));
 * const chart = new Chart(app, 'shop', { namespace: 'shop' });
 * const shop = new ZeroTrustNamespace(chart, 'Namespace', { name: 'shop' });
 * const users = new MeshedService(chart, 'Users', { name: 'users', namespace: shop, ports: [Port.http(80)] });
 * const version = (name: string) => Workload.external({
 *   kind: 'Deployment', name: `users-${name}`, labels: { app: 'users', version: name }, serviceAccount: 'users', containerPorts: [80],
 * });
 * new CanaryRelease(chart, 'Release', {
 *   service: users,
 *   stable: { version: 'v1', workload: version('v1') },
 *   candidate: { version: 'v2', workload: version('v2'), weightPercent: 10 },
 *   candidateWhen: [HttpMatch.allOf({ headers: [HeaderMatch.exact('x-canary', 'true')] })],
 * });
 */
export class CanaryRelease extends Construct {
  constructor(scope: Construct, id: string, props: CanaryReleaseProps) {
    super(scope, id);
    const { service, stable } = props;
    const entry = service._entry;
    const key = serviceKey(entry.declaration.ref);
    if (entry.release !== undefined) {
      throw new MeshError(
        Code.RELEASE,
        `\`${key}\` has a release at \`${entry.release.construct.node.path}\` already, and another at \`${this.node.path}\``,
        'declare one release per service',
      );
    }
    const candidates = candidatesOf(key, props);
    const intent = releaseIntent(key, props, candidates);
    requireShareable(key, entry.declaration.ports, intent);
    const mesh = Mesh.of(this);
    requireKnown(
      mesh,
      `the release of \`${key}\``,
      intent.candidates.flatMap(({ when }) => when.flatMap((match) => match._conditions.callers)),
    );
    mesh._registry.released.add(entry);
    entry.release = {
      construct: this,
      intent,
      workloads: [
        { version: stable.version, source: stableWorkload(key, entry.workload, stable) },
        ...candidates.map((candidate) => ({
          version: candidate.version,
          source: requireWorkload(key, candidate.version, workloadOf(candidate)),
        })),
      ],
    };
    // Below the service, so that the names of its constructs do not depend on where the release stands.
    mesh._provider.releaseObjects(entry.declaration).forEach((plan) => emit(service, mesh, plan));
  }
}

/** Every candidate, the first one with its matches. */
function candidatesOf(key: string, props: CanaryReleaseProps): readonly FurtherCandidate[] {
  const { candidate, candidateWhen, furtherCandidates = [], ending = false } = props;
  if (candidate === undefined && candidateWhen !== undefined) {
    throw new MeshError(
      Code.RELEASE,
      `\`${key}\` has \`candidateWhen\` and no candidate for it`,
      'give a `candidate`, or `when` to one of `furtherCandidates`',
    );
  }
  const candidates = [
    ...(candidate === undefined
      ? []
      : [{ ...candidate, ...(candidateWhen === undefined ? {} : { when: candidateWhen }) }]),
    ...furtherCandidates,
  ];
  if (ending && candidates.length > 0) {
    throw new MeshError(
      Code.RELEASE,
      `the release of \`${key}\` is \`ending\` and has candidates: ${quoted(candidates.map(({ version }) => version))}`,
      'remove the candidates in one change and set `ending` in the next one',
    );
  }
  return candidates;
}

function releaseIntent(
  key: string,
  { stable, ending = false }: CanaryReleaseProps,
  versions: readonly FurtherCandidate[],
): ReleaseIntent {
  const names = [stable, ...versions].map(({ version }) => requireLabelValue(`version of \`${key}\``, version));
  requireDistinct(key, names);
  const candidates = versions.map(({ version, weightPercent, when = [] }) => ({ version, weightPercent, when }));
  requireChoosable(key, candidates);
  const weightPercent = stableShare(key, stable, candidates);
  return { stable: { version: stable.version, weightPercent }, candidates, ending };
}

function requireShareable(key: string, ports: readonly Port[], { candidates }: ReleaseIntent): void {
  if (ports.length === 0) {
    throw new MeshError(
      Code.RELEASE,
      `\`${key}\` has no port, so that there is nothing to share between versions`,
      'declare its `ports`',
    );
  }
  const choosing = candidates.findIndex(({ when }) => when.length > 0);
  if (choosing >= 0 && !ports.some((port) => port.carriesRequests)) {
    throw new MeshError(
      Code.RELEASE,
      `\`${key}\` has no HTTP or gRPC port, so that there are no requests for matches of candidate \`${candidates[choosing]?.version ?? ''}\``,
      'leave `candidateWhen` and `when` out: connections are shared by weight alone',
    );
  }
}

/** Who writes JavaScript can leave the workload out. */
function workloadOf({ workload }: { readonly workload?: Workload }): WorkloadSource | undefined {
  return workload?._source;
}

function stableWorkload(
  key: string,
  own: WorkloadSource | undefined,
  { version, workload }: StableVersion,
): WorkloadSource {
  if (own !== undefined && workload !== undefined) {
    throw new MeshError(
      Code.RELEASE,
      `the stable version \`${version}\` of \`${key}\` brings a workload, and the service has one, too`,
      'leave one of them out: the workload of the service is its stable version',
    );
  }
  return requireWorkload(key, version, workload?._source ?? own);
}

function requireWorkload(key: string, version: string, source: WorkloadSource | undefined): WorkloadSource {
  if (source === undefined) {
    throw new MeshError(
      Code.RELEASE,
      `version \`${version}\` of \`${key}\` has no workload`,
      'give it a `workload`, for example `Workload.of(deployment)`',
    );
  }
  return source;
}
