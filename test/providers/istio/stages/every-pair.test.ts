import type { CanaryReleaseProps } from '../../../../lib';
import { CanaryRelease, MeshedService, Port, Workload } from '../../../../lib';
import type { StandingObject } from '../../../../lib/providers/provider';
import { stageProblems } from '../../../../lib/providers/istio/stages/stage';
import type { Manifest } from '../../../support/mesh-app';
import { MeshApp, deployment, printed } from '../../../support/mesh-app';

type Release = Pick<CanaryReleaseProps, 'ending' | 'plan'> & { readonly stable: string; readonly candidate?: string };

/** The objects of a service on HTTP and TCP in a release, or without one, where its pods are of one version. */
function state(release: Release | string): readonly StandingObject[] {
  const app = new MeshApp();
  const pods = (version: string) =>
    Workload.of(deployment(app.chart, `users-${version}`, { labels: { app: 'users', version }, ports: [8080, 9090] }));
  const { stable, candidate, ...rest } = typeof release === 'string' ? { stable: release } : release;
  const service = new MeshedService(app.chart, 'Users', {
    name: 'users',
    namespace: app.shop,
    workload: pods(stable),
    ports: [Port.http(80, { containerPort: 8080 }), Port.tcp(9090)],
  });
  if (typeof release !== 'string') {
    const tried = candidate === undefined ? {} : { candidate: { version: candidate, workload: pods(candidate) } };
    new CanaryRelease(app.chart, 'Release', { service, stable: { version: stable }, ...tried, ...rest });
  }
  let objects: readonly Manifest[] = [];
  printed(() => (objects = app.objects()));
  return objects.map((object) => ({ object: { ...object }, place: object.metadata.name }));
}

const first = (at: number) => state({ stable: 'v1', candidate: 'v2', plan: { steps: [5, 25, 50, 100], at } });
const second = (at: number) => state({ stable: 'v2', candidate: 'v3', plan: { steps: [20, 100], at } });

const STATES: Readonly<Record<string, readonly StandingObject[]>> = {
  'none v1': state('v1'),
  'none v2': state('v2'),
  'none v3': state('v3'),
  'ending v1': state({ stable: 'v1', ending: true }),
  'ending v2': state({ stable: 'v2', ending: true }),
  'ending v3': state({ stable: 'v3', ending: true }),
  'only v1': state({ stable: 'v1' }),
  'only v2': state({ stable: 'v2' }),
  'only v3': state({ stable: 'v3' }),
  'first 0': first(0),
  'first 1': first(1),
  'first 2': first(2),
  'first 3': first(3),
  'first 4': first(4),
  'second 0': second(0),
  'second 1': second(1),
  'second 2': second(2),
};

// Where requests go to all pods, no version is asked for by name, and whatever begins without a share may come.
const FROM_ALL_PODS = [
  ...['none v1', 'none v2', 'none v3', 'ending v1', 'ending v2', 'ending v3', 'only v1', 'only v2', 'only v3'],
  ...['first 0', 'second 0'],
];

/** Where one change may lead. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'none v1': FROM_ALL_PODS,
  'none v2': FROM_ALL_PODS,
  'none v3': FROM_ALL_PODS,
  'ending v1': FROM_ALL_PODS,
  'ending v2': FROM_ALL_PODS,
  'ending v3': FROM_ALL_PODS,
  'only v1': ['ending v1', 'only v1', 'first 0'],
  'only v2': ['ending v2', 'only v2', 'first 4', 'second 0'],
  'only v3': ['ending v3', 'only v3', 'second 2'],
  'first 0': ['ending v1', 'only v1', 'first 0', 'first 1'],
  'first 1': ['first 0', 'first 1', 'first 2'],
  'first 2': ['first 0', 'first 1', 'first 2', 'first 3'],
  'first 3': ['first 0', 'first 2', 'first 3', 'first 4'],
  'first 4': ['ending v2', 'only v2', 'first 0', 'first 3', 'first 4', 'second 0'],
  'second 0': ['ending v2', 'only v2', 'second 0', 'second 1'],
  'second 1': ['second 0', 'second 1', 'second 2'],
  'second 2': ['ending v3', 'only v3', 'second 0', 'second 1', 'second 2'],
};

test.each(Object.entries(STATES))('from `%s`, one change leads only where it may', (from, before) => {
  const allowed = Object.entries(STATES)
    .filter(([, after]) => stageProblems(before, after).length === 0)
    .map(([to]) => to);
  expect(allowed).toEqual(ALLOWED[from]);
});

test('whatever is refused is told with the step that may come next, or with the version that goes too early', () => {
  const told = Object.values(STATES).flatMap((before) =>
    Object.values(STATES).flatMap((after) => stageProblems(before, after)),
  );
  expect(told.length).toBeGreaterThan(100);
  for (const { code, message, fix } of told) {
    expect(`${code} ${message}`).toMatch(/^MESH-API-067 .*`v\d`|^MESH-API-069 .*subset `v\d`/);
    expect(fix).toMatch(/`at: \d`|`\d+` percent|a stable version that runs|in the next one/);
  }
});

test('a service that leaves takes its plan and its versions along', () => {
  for (const before of Object.values(STATES)) expect(stageProblems(before, [])).toEqual([]);
});

test('the first commit may begin anywhere', () => {
  for (const after of Object.values(STATES)) expect(stageProblems([], after)).toEqual([]);
});

test.each([
  ['first 2', 'only v1', 'candidate `v2` is removed at `at: 2` (25%)'],
  ['first 2', 'only v2', '`v2` becomes the stable version at `at: 2` (25%)'],
  ['first 3', 'second 0', '`v2` becomes the stable version, and had `at: 3` (50%) of its plan'],
])('from `%s` to `%s` is told as a jump of the plan, not only as a version that goes', (from, to, message) => {
  const [only, ...others] = stageProblems(STATES[from] ?? [], STATES[to] ?? []);
  expect(only).toMatchObject({ code: 'MESH-API-067', message: expect.stringContaining(message) as string });
  expect(others).toEqual([]);
});
