import { Yaml } from 'cdk8s';
import type { CanaryReleaseProps, MeshedServiceProps } from '../../lib';
import {
  CanaryRelease,
  HeaderMatch,
  HttpMatch,
  IngressRoute,
  IngressTls,
  Operation,
  Port,
  Retries,
  Workload,
} from '../../lib';
import { schemaProblems, synthesize } from '../../lib/testing';
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
  [0, 'v1'],
  [100, 'v2'],
])(
  'at %i percent, %s takes all that is shared, nothing is routed to the other version, and both stay defined',
  (percent, subset) => {
    const app = new MeshApp();
    released({ candidate: { version: 'v2', workload: version(app, 'v2'), weightPercent: percent } }, {}, app);
    const found = app.objects();
    expect(subsetsIn(find(found, 'VirtualService', 'users'))).toEqual([subset]);
    expect(JSON.stringify(find(found, 'VirtualService', 'users'))).not.toContain('weight');
    expect(at(find(found, 'DestinationRule', 'users'), 'spec', 'subsets')).toMatchObject([
      { name: 'v1' },
      { name: 'v2' },
    ]);
  },
);

describe('several candidates', () => {
  const header = (name: string, value = '1') => HttpMatch.allOf({ headers: [HeaderMatch.exact(name, value)] });

  /** Routes as `match -> subset weight`. */
  function routes(release: Partial<CanaryReleaseProps>, second: readonly HttpMatch[], weights = [10, 5]): string[] {
    const app = new MeshApp();
    released(
      {
        ...release,
        candidate: { version: 'v2', workload: version(app, 'v2'), weightPercent: weights[0] ?? 0 },
        furtherCandidates: [
          { version: 'v3', workload: version(app, 'v3'), weightPercent: weights[1] ?? 0, when: [...second] },
        ],
      },
      { retries: Retries.off() },
      app,
    );
    expect(schemaProblems(synthesize(app.chart))).toEqual([]);
    return (at(app.find('VirtualService', 'users'), 'spec', 'http') as object[]).map((route) => {
      const to = (at(route, 'route') as object[]).map((end) => [at(end, 'destination', 'subset'), at(end, 'weight')]);
      const match = ((at(route, 'match') ?? []) as object[]).map((one) => Object.keys(at(one, 'headers') as object));
      return `${match.join(' or ')} -> ${to.map((end) => end.join(' ').trim()).join(', ')}`;
    });
  }

  test('take fixed shares, and the stable version takes the rest', () => {
    expect(routes({}, [])).toEqual([' -> v1 85, v2 10, v3 5']);
  });

  test('each take the requests that they choose', () => {
    expect(routes({ candidateWhen: CANARY }, [header('x-next')], [0, 0])).toEqual([
      'x-canary -> v2',
      'x-next -> v3',
      ' -> v1',
    ]);
  });

  test('are tried from the specific to the general, whatever the order of the candidates', () => {
    const both = HttpMatch.allOf({ headers: [HeaderMatch.exact('x-canary', 'true'), HeaderMatch.exact('x-eu', '1')] });
    expect(routes({ candidateWhen: [...CANARY, header('x-b')] }, [both], [0, 0])).toEqual([
      'x-canary,x-eu -> v3',
      'x-canary or x-b -> v2',
      ' -> v1',
    ]);
  });

  test('that choose requests equally are tried in the order of the list', () => {
    expect(routes({ candidateWhen: [header('x-b')] }, [header('x-a')], [0, 0]).slice(0, 2)).toEqual([
      'x-b -> v2',
      'x-a -> v3',
    ]);
  });
});

describe('the end of a release', () => {
  test('a release of the stable version alone routes everything to it', () => {
    const app = stableAlone();
    const found = app.objects();
    expect(subsetsIn(find(found, 'VirtualService', 'users'))).toEqual(['v1']);
    expect(at(find(found, 'DestinationRule', 'users'), 'spec', 'subsets')).toMatchObject([{ name: 'v1' }]);
  });

  test('a release that is ending routes to all pods and still defines the stable version', () => {
    const app = stableAlone({ ending: true });
    const found = app.objects();
    expect(subsetsIn(find(found, 'VirtualService', 'users'))).toEqual([]);
    expect(at(find(found, 'DestinationRule', 'users'), 'spec', 'subsets')).toMatchObject([{ name: 'v1' }]);
  });

  test('both hold at an ingress, too', () => {
    for (const [ending, subsets] of [
      [false, ['v1']],
      [true, []],
    ] as const) {
      const app = new MeshApp();
      const service = app.service('users', { workload: version(app, 'v1') });
      new CanaryRelease(app.chart, 'Release', { service, stable: { version: 'v1' }, ending });
      new IngressRoute(app.chart, 'Ingress', { host: 'users.example.com', service, tls: IngressTls.plaintext() });
      expect(subsetsIn(app.find('VirtualService', 'users-ingress'))).toEqual(subsets);
      expect(schemaProblems(synthesize(app.chart))).toEqual([]);
    }
  });

  function stableAlone(release: Partial<CanaryReleaseProps> = {}): MeshApp {
    const app = new MeshApp();
    const service = app.service('users', { workload: version(app, 'v1') });
    new CanaryRelease(app.chart, 'Release', { service, stable: { version: 'v1' }, ...release });
    expect(schemaProblems(synthesize(app.chart))).toEqual([]);
    return app;
  }
});

function subsetsIn(object: object): string[] {
  return [...new Set(JSON.stringify(object).match(/"subset":"[^"]*"/g))].map((text) => text.split('"')[3] ?? '').sort();
}

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
