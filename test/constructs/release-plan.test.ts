import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, App, Chart, Testing } from 'cdk8s';
import type { CanaryReleaseProps, MeshOptions } from '../../lib';
import {
  CanaryRelease,
  HeaderMatch,
  HttpMatch,
  IdDigits,
  IngressRoute,
  IngressTls,
  IstioMesh,
  Mesh,
  MeshApp,
  MeshedService,
  Port,
  Share,
  UserKey,
  Workload,
  ZeroTrustNamespace,
} from '../../lib';
import type { KubeObject } from '../../lib/testing';
import { schemaProblems } from '../../lib/testing';
import { temporaryFolder } from '../outputs/folders';
import type { Manifest } from '../support/mesh-app';
import { FULL_MESH, at, deployment, find, printed, thrown } from '../support/mesh-app';

const folder = temporaryFolder();
const PREVIOUS = join(folder, 'previous');
const STEPS = [5, 25, 50, 100];
const KEY = 'cdk8s-mesh.github.io/release-plan';

beforeEach(() => {
  rmSync(PREVIOUS, { recursive: true, force: true });
  mkdirSync(PREVIOUS);
});

type Release = Partial<Omit<CanaryReleaseProps, 'service' | 'stable' | 'candidate'>> & { readonly ports?: Port[] };

/** An app with a release of `users` from v1 to v2, below a mesh with these options. */
function users(release: Release, options: MeshOptions = {}, kind: typeof App = App) {
  const app = new kind({ outdir: join(folder, 'dist') });
  const mesh = Mesh.use(app, new IstioMesh(FULL_MESH), options);
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  const namespace = new ZeroTrustNamespace(chart, 'Namespace', { name: 'shop' });
  const pods = (version: string) =>
    Workload.of(deployment(chart, `users-${version}`, { labels: { app: 'users', version } }));
  const { ports = [Port.http(80, { containerPort: 8080 })], ...props } = release;
  const service = new MeshedService(chart, 'Users', { name: 'users', namespace, workload: pods('v1'), ports });
  new CanaryRelease(chart, 'Release', {
    service,
    stable: { version: 'v1' },
    candidate: { version: 'v2', workload: pods('v2') },
    ...props,
  });
  return { app, mesh, chart, service };
}

function objects(chart: Chart): (Manifest & KubeObject)[] {
  let found: (Manifest & KubeObject)[] = [];
  printed(() => (found = Testing.synth(chart) as (Manifest & KubeObject)[]));
  return found;
}

/** Lets these manifests be what ran before. */
function ranBefore(release: Release): void {
  printed(() => writeFileSync(join(PREVIOUS, 'shop.yaml'), users(release).app.synthYaml()));
}

function shares(virtualService: Manifest): unknown {
  const http = at(virtualService, 'spec', 'http') as {
    route: { destination: { subset: string }; weight?: number }[];
  }[];
  return Object.fromEntries(http.at(-1)?.route.map(({ destination, weight }) => [destination.subset, weight]) ?? []);
}

test.each([
  [0, { v1: undefined }],
  [1, { v1: 95, v2: 5 }],
  [2, { v1: 75, v2: 25 }],
  [4, { v2: undefined }],
])('step %d gives the candidate its share, and the stable version the rest', (step, expected) => {
  const found = objects(users({ plan: { steps: STEPS, at: step } }).chart);
  expect(shares(find(found, 'VirtualService', 'users'))).toEqual(expected);
  expect(at(find(found, 'DestinationRule', 'users'), 'spec', 'subsets')).toHaveLength(2);
  expect(schemaProblems(found)).toEqual([]);
});

test('without a share, chosen requests reach the candidate already', () => {
  const candidateWhen = [HttpMatch.allOf({ headers: [HeaderMatch.exact('x-canary', 'true')] })];
  const found = objects(users({ plan: { steps: STEPS, at: 0 }, candidateWhen }).chart);
  const http = at(find(found, 'VirtualService', 'users'), 'spec', 'http') as object[];
  expect(http[0]).toMatchObject({ route: [{ destination: { subset: 'v2' } }] });
});

test('the VirtualService of the service says which plan it follows, also for connections, and no other object does', () => {
  const plan = { steps: STEPS, at: 2 };
  const noted = (release: Release) =>
    objects(users(release).chart).flatMap(({ kind, metadata }) =>
      metadata.annotations?.[KEY] === undefined ? [] : [[kind, metadata.name, metadata.annotations[KEY]]],
    );
  const expected = [['VirtualService', 'users', 'stable=v1 candidate=v2 steps=5,25,50,100 at=2']];
  expect(noted({ plan })).toEqual(expected);
  expect(noted({ plan, ports: [Port.tcp(80, { containerPort: 8080 })] })).toEqual(expected);
});

test('without a plan, nothing is noted', () => {
  const { app, chart, service } = users({ plan: undefined, candidate: undefined } as Release);
  new IngressRoute(chart, 'Ingress', { host: 'shop.example', service, tls: IngressTls.credential('shop') });
  expect(printed(() => expect(app.synthYaml()).not.toContain(KEY))).toBe('');
});

describe('compared with what ran before', () => {
  const APPS = [
    ['App', App],
    ['MeshApp', MeshApp],
  ] as const;
  const plan = (step: number) => ({ plan: { steps: STEPS, at: step } });
  const change = (step: number, kind?: typeof App) => users(plan(step), { previous: PREVIOUS }, kind).app.synthYaml();

  test.each(APPS)('an adjacent step is well in a %s, and no warning is printed', (_, kind) => {
    ranBefore(plan(1));
    expect(printed(() => [0, 1, 2].forEach((step) => change(step, kind)))).toBe('');
  });

  test.each([App, MeshApp])(
    'a jump fails the synth, with both places and the steps that may come next (%p)',
    (kind) => {
      ranBefore(plan(1));
      const message = thrown(() => change(3, kind));
      expect(message).toMatch(
        /\[\] MESH-API-067: the plan of candidate `v2` jumps from `at: 1` \(5%\) to `at: 3` \(50%\) for `users\.shop\.svc\.cluster\.local`: before `VirtualService shop\/users` \(`.*previous\/shop\.yaml:\d+`\), now `VirtualService shop\/users` \(`shop\/Users\/VirtualService`\); fix: one change moves one step: `at: 0`, `at: 1`, `at: 2`/,
      );
    },
  );

  test('Testing.synth of a chart refuses it, too', () => {
    ranBefore(plan(0));
    expect(thrown(() => Testing.synth(users(plan(2), { previous: PREVIOUS }).chart) as unknown)).toContain(
      'MESH-API-067',
    );
  });

  test('an empty folder is the first commit, and files that are no manifests do not count', () => {
    writeFileSync(join(PREVIOUS, '.gitkeep'), '');
    expect(printed(() => change(3))).toBe('');
  });

  test('a new plan begins without a share where anything ran before', () => {
    writeFileSync(join(PREVIOUS, 'a.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n');
    expect(thrown(() => change(1))).toContain('the plan of candidate `v2` begins at `at: 1` (5%)');
    expect(printed(() => change(0))).toBe('');
  });

  test('objects of the app that are not of this library count as well', () => {
    ranBefore(plan(0));
    const { app, chart } = users(plan(0), { previous: PREVIOUS });
    new ApiObject(chart, 'Mine', {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'mine' },
      spec: {
        hosts: ['shop.example'],
        gateways: ['mine'],
        http: [{ route: [{ destination: { host: 'elsewhere', subset: 'v9' } }] }],
      },
    });
    expect(thrown(() => app.synthYaml())).toMatch(
      /MESH-API-069: `VirtualService shop\/mine` \(`shop\/Mine`\) routes to subset `v9` of `elsewhere`/,
    );
  });

  test('matches of the candidate go in the change before the candidate', () => {
    const candidateWhen = [HttpMatch.allOf({ headers: [HeaderMatch.exact('x-canary', 'true')] })];
    const without = () => users({ candidate: undefined } as Release, { previous: PREVIOUS }).app.synthYaml();
    ranBefore({ ...plan(0), candidateWhen });
    expect(thrown(without)).toMatch(/MESH-API-069: subset `v2` of .* is removed/);
    expect(printed(() => change(0))).toBe('');
    ranBefore(plan(0));
    expect(printed(without)).toBe('');
  });

  test('a release that is under way may be given over to a plan with the share that it has', () => {
    const yaml = printedYaml(plan(2)).replace(/ +annotations:\n +cdk8s-mesh.*\n/, '');
    expect(yaml).not.toContain(KEY);
    writeFileSync(join(PREVIOUS, 'shop.yaml'), yaml);
    expect(printed(() => change(2))).toBe('');
    expect(thrown(() => change(1))).toContain('`at: 0`, or with the `25` percent that it has');
  });

  test('shares of users follow a plan as well', () => {
    const share = Share.users(UserKey.header('x-user-id', IdDigits.DECIMAL));
    ranBefore({ ...plan(1), share });
    const next = (step: number) => users({ ...plan(step), share }, { previous: PREVIOUS }).app.synthYaml();
    expect(printed(() => [0, 1, 2].forEach(next))).toBe('');
    expect(thrown(() => next(3))).toContain('MESH-API-067');
  });

  test('the folder of what ran before is not touched', () => {
    ranBefore(plan(1));
    const before = readFileSync(join(PREVIOUS, 'shop.yaml'), 'utf8');
    users(plan(2), { previous: PREVIOUS }).app.synth();
    expect(readFileSync(join(PREVIOUS, 'shop.yaml'), 'utf8')).toBe(before);
  });
});

function printedYaml(release: Release): string {
  let yaml = '';
  printed(() => (yaml = users(release).app.synthYaml()));
  return yaml;
}

test.each([
  ['dist', 'is'],
  ['dist/before', 'lies in'],
  ['.', 'contains'],
])('what ran before may not be in `%s`, also where it exists: it %s the output', (below, relation) => {
  const previous = join(folder, below);
  mkdirSync(previous, { recursive: true });
  expect(thrown(() => users({}, { previous }))).toContain(`${relation} the output folder`);
});

describe('warnings', () => {
  test('a plan that is compared with nothing is named', () => {
    const { mesh } = users({ plan: { steps: STEPS, at: 1 } });
    expect(mesh.warnings()).toEqual([
      expect.stringMatching(/^the plan of candidate `v2` \(`shop\/Users`\) is compared with nothing .*`previous`/),
    ]);
  });

  test('a plan that ends before 100 percent is named at its end only', () => {
    const warnings = (step: number) =>
      users({ plan: { steps: [5, 40], at: step } }, { previous: PREVIOUS }).mesh.warnings();
    expect(warnings(1)).toEqual([]);
    expect(warnings(2)).toEqual([
      expect.stringMatching(/is at its last step, `40` percent: to promote it, add a step of 100/),
    ]);
  });
});
