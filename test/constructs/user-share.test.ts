import type { CanaryReleaseProps, MeshedServiceProps } from '../../lib';
import {
  CanaryRelease,
  HeaderMatch,
  HttpMatch,
  IdDigits,
  IngressRoute,
  IngressTls,
  LoadBalancing,
  Port,
  Retries,
  Share,
  UserKey,
  Workload,
} from '../../lib';
import { schemaProblems, synthesize } from '../../lib/testing';
import { MeshApp, at, deployment } from '../support/mesh-app';

const BY_HEADER = Share.users(UserKey.header('x-user-id', IdDigits.DECIMAL));
const BY_COOKIE = Share.users(UserKey.cookie('uid', IdDigits.HEXADECIMAL));
const LAST_10 = '.*0[0-9]';

function version(app: MeshApp, name: string): Workload {
  return Workload.of(
    deployment(app.chart, `users-${name}`, { labels: { app: 'users', version: name }, ports: [8080, 6379] }),
  );
}

function released(
  percent: number,
  release: Partial<CanaryReleaseProps> = {},
  service: Partial<MeshedServiceProps> = {},
): MeshApp {
  const app = new MeshApp();
  const users = app.service('users', { workload: version(app, 'v1'), retries: Retries.off(), ...service });
  new CanaryRelease(app.chart, 'Release', {
    service: users,
    stable: { version: 'v1' },
    candidate: { version: 'v2', workload: version(app, 'v2'), weightPercent: percent },
    share: BY_HEADER,
    ...release,
  });
  new IngressRoute(app.chart, 'Ingress', {
    host: 'a.example.com',
    service: users,
    port: 'http',
    tls: IngressTls.plaintext(),
  });
  expect(schemaProblems(synthesize(app.chart))).toEqual([]);
  return app;
}

/** Routes as `header: regex -> subsets`. */
function routes(app: MeshApp, name = 'users'): string[] {
  return (at(app.find('VirtualService', name), 'spec', 'http') as object[]).map((route) => {
    const headers = Object.entries(at((at(route, 'match') as object[] | undefined)?.[0], 'headers') ?? {});
    const asked = headers.map(([header, value]) => `${header} ${Object.values(value as object).join()}`);
    const ends = (at(route, 'route') as object[]).map((end) => [at(end, 'destination', 'subset'), at(end, 'weight')]);
    return [...asked, ends.map((end) => end.join(' ').trim()).join(', ')].join(' -> ');
  });
}

test('users of the share go to the candidate, everybody else to the stable version, and nothing is drawn', () => {
  expect(routes(released(10))).toEqual([`x-user-id ${LAST_10} -> v2`, 'v1']);
});

test('it holds at an ingress, too', () => {
  expect(routes(released(10), 'users-ingress')).toEqual([`x-user-id ${LAST_10} -> v2`, 'v1']);
});

test('ids may stand in a cookie', () => {
  expect(routes(released(50, { share: BY_COOKIE }))).toEqual([
    'cookie (.*;\\s*)?uid="?[^;"]*[0-7][0-9a-fA-F]"?(\\s*;.*)? -> v2',
    'v1',
  ]);
});

test('requests that a candidate chooses go there first, whoever sends them', () => {
  const candidateWhen = [HttpMatch.allOf({ headers: [HeaderMatch.exact('x-canary', '1')] })];
  expect(routes(released(10, { candidateWhen }))).toEqual(['x-canary 1 -> v2', `x-user-id ${LAST_10} -> v2`, 'v1']);
});

test('at 0 percent nobody has the candidate, at 100 everybody, also those without an id', () => {
  expect(routes(released(0))).toEqual(['v1']);
  expect(routes(released(100))).toEqual(['v2']);
});

test('connections go to the stable version, and to the candidate at 100 percent', () => {
  const ports = [Port.http(80, { containerPort: 8080 }), Port.tcp(6379)];
  for (const [percent, subset] of [
    [10, 'v1'],
    [100, 'v2'],
  ] as const) {
    const app = released(percent, {}, { ports });
    expect(at(app.find('VirtualService', 'users'), 'spec', 'tcp')).toMatchObject([
      { route: [{ destination: { subset } }] },
    ]);
  }
});

test('inside a version, consistent hash keeps a user on one pod', () => {
  const loadBalancing = LoadBalancing.consistentHash({ header: 'x-user-id' });
  const spec = released(10, {}, { loadBalancing }).find('DestinationRule', 'users').spec;
  expect(spec).toMatchObject({
    trafficPolicy: { loadBalancer: { consistentHash: { httpHeaderName: 'x-user-id' } } },
    // Subsets without a policy of their own have that of the host.
    subsets: [
      { name: 'v1', labels: { version: 'v1' } },
      { name: 'v2', labels: { version: 'v2' } },
    ],
  });
  expect(JSON.stringify(spec?.subsets)).not.toContain('trafficPolicy');
});

test('shares of requests are the default, and can be named', () => {
  expect(routes(released(10, { share: Share.requests() }))).toEqual(['v1 90, v2 10']);
});
