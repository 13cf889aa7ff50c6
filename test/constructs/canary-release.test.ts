import { Yaml } from 'cdk8s';
import type { CanaryReleaseProps, MeshedServiceProps } from '../../lib';
import { CanaryRelease, HeaderMatch, HttpMatch, Operation, Port, Retries, Workload } from '../../lib';
import { MeshApp, at, deployment, find, names } from '../support/mesh-app';

const CANARY = [HttpMatch.allOf({ headers: [HeaderMatch.exact('x-canary', 'true')] })];

function version(app: MeshApp, name: string): Workload {
  const labels = { app: 'users', version: name };
  return Workload.of(deployment(app.chart, `users-${name.replace(/[._]/g, '-')}`, { labels }));
}

/** The service `users` in a release of v1 and v2. */
function released(
  release: Partial<CanaryReleaseProps> = {},
  service: Partial<MeshedServiceProps> = {},
  app = new MeshApp(),
): MeshApp {
  const own = 'workload' in service ? service : { workload: version(app, 'v1'), ...service };
  new CanaryRelease(app.chart, 'Release', {
    service: app.service('users', own),
    stable: { version: 'v1' },
    ...release,
    candidate: release.candidate ?? { version: 'v2', workload: version(app, 'v2'), weightPercent: 10 },
  });
  return app;
}

test.each(['VirtualService', 'DestinationRule'])('the one %s of the service is what this YAML says', (kind) => {
  const app = released({ candidateWhen: CANARY }, { retries: Retries.off() });
  expect(Yaml.stringify(app.find(kind, 'users'))).toMatchSnapshot();
});

test('chosen requests go to the candidate before shares are drawn, safe methods before the rest', () => {
  const routes = at(released({ candidateWhen: CANARY }).find('VirtualService', 'users'), 'spec', 'http') as object[];
  const shape = routes.map((route) => ({
    methods: JSON.stringify(at(route, 'match') ?? '').includes('GET'),
    header: JSON.stringify(at(route, 'match') ?? '').includes('x-canary'),
    subsets: (at(route, 'route') as object[]).map((r) => [at(r, 'destination', 'subset'), at(r, 'weight')]),
  }));
  const shares = [
    ['v1', 90],
    ['v2', 10],
  ];
  expect(shape).toEqual([
    { header: true, methods: true, subsets: [['v2', undefined]] },
    { header: true, methods: false, subsets: [['v2', undefined]] },
    { header: false, methods: true, subsets: shares },
    { header: false, methods: false, subsets: shares },
  ]);
});

test('Service, policies and Sidecar select the pods of both versions', () => {
  const app = released();
  const found = app.objects();
  expect(at(find(found, 'Service', 'users'), 'spec', 'selector')).toEqual({ app: 'users' });
  for (const [kind, field] of [
    ['AuthorizationPolicy', 'selector'],
    ['NetworkPolicy', 'podSelector'],
  ] as const) {
    expect(at(find(found, kind, 'users'), 'spec', field)).toEqual({ matchLabels: { app: 'users' } });
  }
  expect(at(find(found, 'Sidecar', 'users'), 'spec', 'workloadSelector')).toEqual({ labels: { app: 'users' } });
});

test('both versions run under the account of the service', () => {
  const found = released().objects();
  for (const name of ['users-v1', 'users-v2']) {
    expect(at(find(found, 'Deployment', name), 'spec', 'template', 'spec', 'serviceAccountName')).toBe('users');
  }
  expect(names(found).filter((name) => name.startsWith('ServiceAccount'))).toEqual(['ServiceAccount users']);
});

test('the label of a version is added where it is absent', () => {
  const app = new MeshApp();
  const bare = (name: string) =>
    Workload.of(
      deployment(app.chart, name, {
        labels: { app: 'users', track: name },
        matchLabels: { app: 'users', track: name },
      }),
    );
  released({ candidate: { version: 'v2', workload: bare('new'), weightPercent: 10 } }, { workload: bare('old') }, app);
  const label = (name: string) => at(app.find('Deployment', name), 'spec', 'template', 'metadata', 'labels', 'version');
  expect([label('old'), label('new')]).toEqual(['v1', 'v2']);
});

test('a release moved in or out renames nothing', () => {
  const without = new MeshApp();
  without.service('users', { workload: version(without, 'v1') });
  const inside = names(released().objects()).filter((name) => name !== 'Deployment users-v2');
  expect(inside.sort()).toEqual(names(without.objects()).sort());
});

test('a service without a workload of its own takes both versions from the release', () => {
  const app = new MeshApp();
  released({ stable: { version: 'v1', workload: version(app, 'v1') } }, { workload: undefined }, app);
  expect(at(app.find('DestinationRule', 'users'), 'spec', 'subsets')).toMatchObject([{ name: 'v1' }, { name: 'v2' }]);
});

test.each([
  [0, 100],
  [100, 0],
])('a candidate may take %i percent', (candidate, stable) => {
  const app = new MeshApp();
  released({ candidate: { version: 'v2', workload: version(app, 'v2'), weightPercent: candidate } }, {}, app);
  const text = JSON.stringify(app.find('VirtualService', 'users'));
  expect(text).toContain(`"subset":"v1"},"weight":${stable}`);
  expect(text).toContain(`"subset":"v2"},"weight":${candidate}`);
});

test('every subset that a route names is defined, under a name that Istio takes', () => {
  const app = new MeshApp();
  const versions = { stable: { version: '1.4.0' }, candidate: { version: '1.5.0_rc', weightPercent: 1 } };
  released(
    { stable: versions.stable, candidate: { ...versions.candidate, workload: version(app, '1.5.0_rc') } },
    { workload: version(app, '1.4.0') },
    app,
  );
  const found = app.objects();
  expect(at(find(found, 'DestinationRule', 'users'), 'spec', 'subsets')).toEqual([
    { name: '1-4-0', labels: { version: '1.4.0' } },
    { name: '1-5-0-rc', labels: { version: '1.5.0_rc' } },
  ]);
  const named = JSON.stringify(find(found, 'VirtualService', 'users')).match(/"subset":"[^"]*"/g);
  expect([...new Set(named)].sort()).toEqual(['"subset":"1-4-0"', '"subset":"1-5-0-rc"']);
});

test('any of several matches suffices, all conditions of one match must hold', () => {
  const both = HttpMatch.allOf({ headers: [HeaderMatch.prefix('x-team', 'a'), HeaderMatch.regex('x-id', '.*7')] });
  const app = released({ candidateWhen: [...CANARY, both] }, { retries: Retries.off() });
  const [first] = at(app.find('VirtualService', 'users'), 'spec', 'http') as object[];
  expect(at(first, 'match')).toEqual([
    { headers: { 'x-canary': { exact: 'true' } } },
    { headers: { 'x-team': { prefix: 'a' }, 'x-id': { regex: '.*7' } } },
  ]);
});

test('streaming operations are shared between versions without timeout', () => {
  const watch = Operation.grpc('users.Users', 'Watch');
  const app = released({}, { ports: [Port.grpc(80, { containerPort: 8080 })], streamingOperations: [watch] });
  const routes = at(app.find('VirtualService', 'users'), 'spec', 'http') as object[];
  expect(routes.map((route) => [at(route, 'timeout'), (at(route, 'route') as object[]).length])).toEqual([
    [undefined, 2],
    ['15s', 2],
  ]);
});
