import { Construct } from 'constructs';
import { Code, MeshError } from '../errors';
import type { HttpMatch } from '../intent/http-match';
import { requireLabelValue } from '../intent/names';
import type { Port } from '../intent/port';
import { requireShares } from '../intent/release';
import { serviceKey } from '../intent/service';
import { requireKnown } from './access';
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

/** A release of a service. */
export interface CanaryReleaseProps {
  /** The service, which owns the Kubernetes Service, the identity and the policies of every version. */
  readonly service: MeshedService;
  /** The version that runs. */
  readonly stable: StableVersion;
  /** The version that is tried. */
  readonly candidate: CandidateVersion;
  /**
   * Requests that go to the candidate whatever the shares are; any of the matches suffices.
   * @default - none
   */
  readonly candidateWhen?: HttpMatch[];
}

/**
 * Two versions of a service at the same time: chosen requests go to the candidate, the rest by shares.
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
    const { service, stable, candidate } = props;
    const entry = service._entry;
    const key = serviceKey(entry.declaration.ref);
    if (entry.release !== undefined) {
      throw new MeshError(
        Code.RELEASE,
        `\`${key}\` has a release at \`${entry.release.construct.node.path}\` already, and another at \`${this.node.path}\``,
        'declare one release per service',
      );
    }
    requireShareable(key, entry.declaration.ports, props.candidateWhen ?? []);
    for (const { version } of [stable, candidate]) {
      requireLabelValue(`version of \`${key}\``, version);
    }
    if (stable.version === candidate.version) {
      throw new MeshError(
        Code.VERSION,
        `stable and candidate of \`${key}\` have the same version label \`${stable.version}\``,
        'give the candidate a version of its own',
      );
    }
    const [plainStable, plainCandidate] = [stable, candidate].map(({ version }) => version.replace(/[._]/g, '-'));
    if (plainStable === plainCandidate) {
      throw new MeshError(
        Code.VERSION,
        `versions \`${stable.version}\` and \`${candidate.version}\` of \`${key}\` differ in punctuation only, which a mesh may ignore`,
        'give the candidate a version that differs in letters or digits',
      );
    }
    const shares = {
      stable: { version: stable.version, weightPercent: stable.weightPercent ?? 100 - candidate.weightPercent },
      candidate: { version: candidate.version, weightPercent: candidate.weightPercent },
    };
    requireShares(key, [shares.candidate, shares.stable]);
    const mesh = Mesh.of(this);
    requireKnown(
      mesh,
      `the release of \`${key}\``,
      (props.candidateWhen ?? []).flatMap((match) => match._conditions.callers),
    );
    mesh._registry.released.add(entry);
    entry.release = {
      construct: this,
      intent: { ...shares, candidateWhen: props.candidateWhen ?? [] },
      stable: stableWorkload(key, entry.workload, stable),
      candidate: requireWorkload(key, candidate.version, workloadOf(candidate)),
    };
    // Below the service, so that the names of its constructs do not depend on where the release stands.
    mesh._provider.releaseObjects(entry.declaration).forEach((plan) => emit(service, mesh, plan));
  }
}

function requireShareable(key: string, ports: readonly Port[], candidateWhen: readonly HttpMatch[]): void {
  if (ports.length === 0) {
    throw new MeshError(
      Code.RELEASE,
      `\`${key}\` has no port, so that there is nothing to share between versions`,
      'declare its `ports`',
    );
  }
  if (candidateWhen.length > 0 && !ports.some((port) => port.carriesRequests)) {
    throw new MeshError(
      Code.RELEASE,
      `\`${key}\` has no HTTP or gRPC port, so that there are no requests for \`candidateWhen\` to match`,
      'leave `candidateWhen` out: connections are shared by weight alone',
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
