import type {
  CanaryReleaseProps,
  CandidateVersion,
  FurtherCandidate,
  MirrorServiceOptions,
  MirrorVersionOptions,
  ReleasePlan,
  StableVersion,
} from '../../../lib';
import { IdDigits, Mirror, Share, UserKey } from '../../../lib';
import { controller } from './controllers';
import { headerMatch, httpCall, match, operation } from './matches';
import {
  always,
  become,
  both,
  factories,
  listOf,
  mostly,
  ofWorld,
  often,
  oneOf,
  part,
  seldom,
  struct,
  values,
  weighted,
} from './some';
import type { Any, World } from './world';

const workload = (version: string) => always(ofWorld('workload', (world: World) => world.workload(version)));
const service = always(ofWorld('cart', (world: World) => world.cart));
const digits = values(Object.values(IdDigits));

const userKey: Any<UserKey> = factories<typeof UserKey>('UserKey')({
  header: both(values(['x-user-id'], ['X-User-Id', '']), digits, (name, kind) => UserKey.header(name, kind)),
  cookie: both(values(['uid'], ['u d', '']), digits, (name, kind) => UserKey.cookie(name, kind)),
});
const share: Any<Share> = factories<typeof Share>('Share', { users: 2 })({
  requests: become(values(['']), 'Share.requests', () => Share.requests()),
  users: become(userKey, 'Share.users', (key) => Share.users(key)),
});

const copying = {
  percent: always(values([0.01, 12.5, 100], [0, 101, 0.00001])),
  operations: { some: listOf(weighted([5, httpCall], [1, operation]), 1, 2), percent: 80 },
};
const mirror: Any<Mirror> = factories<typeof Mirror>('Mirror', { toVersion: 3, toService: 4 })({
  toVersion: become(
    struct<MirrorVersionOptions>('MirrorVersionOptions')({
      ...copying,
      version: always(values(['shadow'], ['a b', ''])),
      workload: workload('shadow'),
    }),
    'Mirror.toVersion',
    (options) => Mirror.toVersion(options),
  ),
  toService: both(
    weighted([9, ofWorld('other', (world: World) => world.other)], [1, ofWorld('cart', (world: World) => world.cart)]),
    struct<MirrorServiceOptions>('MirrorServiceOptions')({
      ...copying,
      port: { some: values(['http'], ['none']), percent: 90 },
    }),
    (to, options) => Mirror.toService(to, options),
  ),
});

const whole = (good: readonly number[]) => values(good, [101, 0.5, -1]);
const version = (name: string) => always(values([name], [`${name} `, '']));
const stable: Any<StableVersion> = part<StableVersion>('StableVersion')({ version: version('v1') });
const candidate: Any<CandidateVersion> = struct<CandidateVersion>('CandidateVersion')({
  version: always(values(['v2'], ['v1', 'v 2'])),
  workload: workload('v2'),
  weightPercent: always(whole([0, 1, 20, 33, 60])),
});
const planned: Any<CandidateVersion> = part<CandidateVersion>('CandidateVersion')({
  version: always(values(['v2'], ['v1'])),
  workload: workload('v2'),
});
const further = (name: string, good: readonly number[]): Any<FurtherCandidate> =>
  struct<FurtherCandidate>('FurtherCandidate')({
    version: version(name),
    workload: workload(name),
    weightPercent: always(whole(good)),
    when: mostly(listOf(match, 1, 1)),
  });
const furtherCandidates = oneOf(
  listOf(further('v3', [0, 5, 20]), 1, 1),
  both(further('v3', [0, 5, 20]), further('v4', [5]), (one, two) => [one, two]),
);
const plan: Any<ReleasePlan> = struct<ReleasePlan>('ReleasePlan')({
  steps: always(
    values(
      [
        [5, 25, 50, 70],
        [1, 2, 3],
      ],
      [[], [25, 5], [5, 101], [0, 5], [5, 5]],
    ),
  ),
  at: always(values([0, 1, 2, 3], [-1, 5, 1.5])),
});

const candidateWhen = seldom(listOf(match, 1, 2));
const release = part<CanaryReleaseProps>('CanaryReleaseProps');
/** Releases that this library moves. */
const weightedRelease = release({
  service,
  stable: always(stable),
  candidate: always(candidate),
  candidateWhen,
  furtherCandidates: often(furtherCandidates),
  share: always(share),
  mirror: { some: mirror, percent: 75 },
  ending: often(values([false])),
});
const plannedRelease = release({
  service,
  stable: always(stable),
  candidate: always(planned),
  candidateWhen,
  plan: always(plan),
  furtherCandidates: seldom(furtherCandidates),
  share: always(share),
});
/** Shares that are all written down, mostly so that they add up. */
const statedRelease = release({
  service,
  stable: always(
    struct<StableVersion>('StableVersion')({
      version: version('v1'),
      weightPercent: always(values([80], [81, 80.5])),
      workload: { some: ofWorld('workload', (world: World) => world.workload('v1')), percent: 3 },
    }),
  ),
  candidate: always(
    part<CandidateVersion>('CandidateVersion')({
      version: version('v2'),
      workload: workload('v2'),
      weightPercent: always(values([20])),
    }),
  ),
});
const lonelyRelease = release({
  service,
  stable: always(stable),
  mirror: { some: mirror, percent: 85 },
  ending: seldom(values([true])),
});
const anyRelease: Any<CanaryReleaseProps> = struct<CanaryReleaseProps>('CanaryReleaseProps')({
  service,
  stable: { some: stable, percent: 90 },
  candidate: often(oneOf(candidate, planned)),
  candidateWhen,
  plan: seldom(plan),
  controller: seldom(controller),
  furtherCandidates: seldom(furtherCandidates),
  share: always(share),
  mirror: seldom(mirror),
  ending: seldom(values([true])),
});

/** Versions of a service, and who chooses them. */
export const releases: Any<CanaryReleaseProps> = weighted(
  [7, weightedRelease],
  [5, plannedRelease],
  [5, statedRelease],
  [4, lonelyRelease],
  [1, anyRelease],
);
/** Versions that the workload of a service of its own stands for. */
export const bringingRelease: Any<CanaryReleaseProps> = release({
  service,
  stable: always(part<StableVersion>('StableVersion')({ version: version('v1'), workload: workload('v1') })),
  candidate: often(candidate),
});
/** Releases that a controller moves. */
export const controlledRelease: Any<CanaryReleaseProps> = weighted(
  [
    9,
    release({
      service,
      controller: always(controller),
      candidateWhen: seldom(listOf(headerMatch, 1, 1)),
    }),
  ],
  [1, release({ service, controller: always(controller), candidate: seldom(candidate), mirror: seldom(mirror) })],
);
