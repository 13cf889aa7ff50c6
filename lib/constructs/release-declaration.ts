import type { IConstruct } from 'constructs';
import { Code, MeshError, quoted } from '../errors';
import { givenMade, givenShape } from '../intent/given';
import { requireNoClaims } from '../intent/http-match';
import type { MirrorIntent } from '../intent/mirror';
import { mirroredRequests } from '../intent/mirror';
import { requireLabelValue } from '../intent/names';
import type { ServiceRef } from '../intent/peer';
import type { Port } from '../intent/port';
import type { ReleaseIntent } from '../intent/release';
import { requireDistinct, stableShare, versionsOf } from '../intent/release';
import { requireChoosable } from '../intent/release-order';
import type { ServiceDeclaration } from '../intent/service';
import { serviceKey } from '../intent/service';
import { Share } from '../options/share';
import type { ReleaseEntry, ServiceEntry } from '../synthesis/registry';
import type { WorkloadSource } from '../synthesis/workload-source';
import type { Mirror } from './mirror';
import { planned } from './release-plan';
import type { CanaryReleaseProps, FurtherCandidate, StableVersion } from './release-props';
import type { Workload } from './workload';

/** What a release says, with the pods of its versions. */
export function declareRelease(construct: IConstruct, entry: ServiceEntry, props: CanaryReleaseProps): ReleaseEntry {
  const { declaration, workload } = entry;
  const key = serviceKey(declaration.ref);
  const stable = requireStable(key, props);
  const { plan, weightPercent } = planned(key, props);
  const candidates = candidatesOf(key, props, weightPercent);
  return {
    construct,
    intent: { ...releaseIntent(declaration, stable, props, candidates), ...(plan === undefined ? {} : { plan }) },
    workloads: [
      { version: stable.version, source: stableWorkload(key, workload, stable) },
      ...candidates.map((candidate) => ({
        version: candidate.version,
        source: requireWorkload(key, candidate.version, workloadOf(candidate)),
      })),
      ...mirrorWorkloads(key, props.mirror),
    ],
  };
}

/** Refuses a second release of a service. */
export function requireFirst(construct: IConstruct, { declaration, release, delivery }: ServiceEntry): void {
  const other = release ?? delivery;
  if (other !== undefined) {
    throw new MeshError(
      Code.RELEASE,
      `\`${serviceKey(declaration.ref)}\` has a release at \`${other.construct.node.path}\` already, and another at \`${construct.node.path}\``,
      'declare one release per service',
    );
  }
}

function requireStable(key: string, { stable }: CanaryReleaseProps): StableVersion {
  if (stable === undefined) {
    throw new MeshError(
      Code.RELEASE,
      `the release of \`${key}\` has no \`stable\` version and no \`controller\``,
      'say which version runs, for example `stable: { version: "v1" }`',
    );
  }
  return givenShape(`the stable version of \`${key}\``, stable, {
    version: 'text',
    workload: 'made:_source?',
    weightPercent: 'anything?',
  });
}

/** Every candidate, the first one with its matches. */
function candidatesOf(key: string, props: CanaryReleaseProps, weightPercent: number): readonly FurtherCandidate[] {
  const { candidate, candidateWhen, furtherCandidates = [], mirror, ending = false } = props;
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
      : [{ ...candidate, weightPercent, ...(candidateWhen === undefined ? {} : { when: candidateWhen }) }]),
    ...furtherCandidates,
  ];
  candidates.forEach((each) =>
    givenShape<Pick<FurtherCandidate, 'version' | 'when'>>(`a candidate of \`${key}\``, each, {
      version: 'text',
      when: 'made:_conditions[]?',
    }),
  );
  const chosen = candidates.flatMap(({ when }) => when ?? []);
  chosen.forEach(({ _conditions }) =>
    givenMade(`a match of the release of \`${key}\``, _conditions, 'headers', 'an `HttpMatch`'),
  );
  requireNoClaims(`the release of \`${key}\``, chosen);
  const copies = mirror?._intent.to.kind === 'version' ? [mirror._intent.to.version] : [];
  const others = [...candidates.map(({ version }) => version), ...copies];
  if (ending && others.length > 0) {
    throw new MeshError(
      Code.RELEASE,
      `the release of \`${key}\` is \`ending\` and has further versions: ${quoted(others)}`,
      'remove them in one change and set `ending` in the next one',
    );
  }
  return candidates;
}

function releaseIntent(
  { ref, ports }: ServiceDeclaration,
  stable: StableVersion,
  { candidate, share = Share.requests(), mirror, ending = false }: CanaryReleaseProps,
  versions: readonly FurtherCandidate[],
): ReleaseIntent {
  const key = serviceKey(ref);
  const candidates = versions.map(({ version, weightPercent, when = [] }) => ({
    version,
    weightPercent,
    when,
    ...(version === candidate?.version ? {} : { further: true }),
  }));
  const intent = {
    stable: { version: stable.version, weightPercent: stableShare(key, stable, candidates) },
    candidates,
    share: share._intent,
    ...(mirror === undefined ? {} : { mirror: mirror._intent }),
    ending,
  };
  const names = versionsOf(intent).map((version) => requireLabelValue(`version of \`${key}\``, version));
  requireDistinct(key, names);
  requireChoosable(key, candidates);
  requireRequests(key, ports, intent);
  requireHome(key, intent);
  if (mirror !== undefined) {
    requireMirror(ref, ports, mirror._intent);
  }
  return intent;
}

/** Refuses what needs requests on a service that has none. */
function requireRequests(key: string, ports: readonly Port[], { candidates, share, mirror }: ReleaseIntent): void {
  if (ports.length === 0) {
    throw new MeshError(
      Code.RELEASE,
      `\`${key}\` has no port, so that there is nothing to share between versions`,
      'declare its `ports`',
    );
  }
  const choosing = candidates.find(({ when }) => when.length > 0);
  const asked = [
    ...(choosing === undefined
      ? []
      : [`requests for \`candidateWhen\` or \`when\` of \`${choosing.version}\` to match`]),
    ...(share.kind === 'users' ? ['requests for `Share.users` to tell users by'] : []),
    ...(mirror === undefined ? [] : ['requests for `mirror` to copy']),
  ];
  if (asked[0] !== undefined && !ports.some((port) => port.carriesRequests)) {
    throw new MeshError(
      Code.RELEASE,
      `\`${key}\` has no HTTP or gRPC port, so that there are no ${asked[0]}`,
      'leave it out: connections are shared by weight alone',
    );
  }
}

/** Refuses shares of users that leave no version to those who cannot be known again. */
function requireHome(key: string, { stable, candidates, share }: ReleaseIntent): void {
  const taking = candidates.filter(({ weightPercent }) => weightPercent > 0);
  if (share.kind === 'users' && stable.weightPercent === 0 && taking.length > 1) {
    throw new MeshError(
      Code.WEIGHT,
      `the stable version \`${stable.version}\` of \`${key}\` has \`0\` percent of the users, so that requests without an id have no version`,
      'leave it a share, or give all 100 percent to one candidate',
    );
  }
}

function requireMirror(ref: ServiceRef, ports: readonly Port[], mirror: MirrorIntent): void {
  const key = serviceKey(ref);
  if (mirror.to.kind === 'service' && serviceKey(mirror.to.ref) === key) {
    throw new MeshError(
      Code.RELEASE,
      `\`${key}\` mirrors its requests to itself`,
      'name another service, or use `Mirror.toVersion` with a version that takes no requests',
    );
  }
  if (ports.every((port) => mirroredRequests(mirror, port).length === 0)) {
    throw new MeshError(
      Code.RELEASE,
      `no request of \`${key}\` would be mirrored: none of its ports ${quoted(ports.map(({ name }) => name))} carries requests that are safe to do twice and end by themselves`,
      'name the `operations` that may be done twice',
    );
  }
}

function mirrorWorkloads(key: string, mirror: Mirror | undefined): ReleaseEntry['workloads'] {
  const { to } = mirror?._intent ?? {};
  return to?.kind === 'version'
    ? [{ version: to.version, source: requireWorkload(key, to.version, mirror?._workload) }]
    : [];
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
