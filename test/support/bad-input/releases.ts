import type { CanaryReleaseProps, FurtherCandidate, MeshedService, MirrorVersionOptions } from '../../../lib';
import {
  CanaryRelease,
  HeaderMatch,
  HttpMatch,
  IdDigits,
  Mirror,
  PathMatch,
  Peer,
  Port,
  Share,
  UserKey,
  Workload,
} from '../../../lib';
import { Code } from '../../../lib/errors';
import { MeshApp, deployment } from '../mesh-app';
import type { Provocation } from './provocation';
import { untyped } from './provocation';
import { foreign } from './routes';

type Overrides = Partial<Omit<CanaryReleaseProps, 'service'>>;

const ASKS = HttpMatch.allOf({ headers: [HeaderMatch.exact('x-a', '1')] });

const BY_ID = Share.users(UserKey.header('x-user-id', IdDigits.DECIMAL));

export const RELEASES: readonly Provocation[] = [
  ...[-1, 101, 0.5, Number.NaN].map((weightPercent) => ({
    input: `the weight ${weightPercent}`,
    code: Code.WEIGHT,
    value: String(weightPercent),
    provoke: () => released((app) => ({ candidate: candidate(app, { weightPercent }) })),
  })),
  {
    input: 'weights that do not add up',
    code: Code.WEIGHT,
    value: '90',
    provoke: () => released(() => ({ stable: { version: 'v1', weightPercent: 80 } })),
  },
  {
    input: 'shares of several candidates above 100',
    code: Code.WEIGHT,
    value: 'v3 95',
    provoke: () => released((app) => ({ furtherCandidates: [further(app, { weightPercent: 95 })] })),
  },
  {
    input: 'a stable weight that leaves a share to nobody',
    code: Code.WEIGHT,
    value: 'v1 60',
    provoke: () => alone(() => ({ stable: { version: 'v1', weightPercent: 60 } })),
  },
  {
    input: 'two candidates of one version',
    code: Code.VERSION,
    value: 'v2',
    provoke: () => released((app) => ({ furtherCandidates: [further(app, { version: 'v2' })] })),
  },
  {
    input: 'two candidates that have one name in the mesh',
    code: Code.VERSION,
    value: '2_0',
    provoke: () =>
      released((app) => ({
        candidate: candidate(app, { version: '2.0' }),
        furtherCandidates: [further(app, { version: '2_0' })],
      })),
  },
  {
    input: 'two candidates that choose the same requests',
    code: Code.RELEASE,
    value: 'v2`, `v3',
    provoke: () => released((app) => ({ candidateWhen: [ASKS], furtherCandidates: [further(app, { when: [ASKS] })] })),
  },
  {
    input: 'a candidate whose requests another one takes',
    code: Code.RELEASE,
    value: 'v3',
    provoke: () =>
      released((app) => ({
        candidateWhen: [HttpMatch.allOf({ path: PathMatch.exact('/a'), methods: ['GET', 'PUT'] })],
        furtherCandidates: [
          further(app, {
            when: ['GET', 'PUT'].map((one) => HttpMatch.allOf({ path: PathMatch.exact('/a'), methods: [one] })),
          }),
        ],
      })),
  },
  {
    input: 'a further candidate without workload',
    code: Code.RELEASE,
    value: 'v3',
    provoke: () =>
      released((app) => ({ furtherCandidates: [further(app, { workload: untyped<Workload>(undefined) })] })),
  },
  {
    input: 'requests for a candidate that is not there',
    code: Code.RELEASE,
    value: 'candidateWhen',
    provoke: () => alone(() => ({ candidateWhen: [ASKS] })),
  },
  {
    input: 'a release that is ending and tries a version',
    code: Code.RELEASE,
    value: 'v2',
    provoke: () => released(() => ({ ending: true })),
  },
  {
    input: 'a release that is ending and mirrors to a version',
    code: Code.RELEASE,
    value: 'v3',
    provoke: () => alone((app) => ({ ending: true, mirror: shadow(app) })),
  },
  ...[0, -1, 101, 0.00001, Number.NaN].map((percent) => ({
    input: `a mirror of ${percent} percent`,
    code: Code.WEIGHT,
    value: String(percent),
    provoke: () => alone((app) => ({ mirror: shadow(app, { percent }) })),
  })),
  {
    input: 'a mirror that is the service itself',
    code: Code.RELEASE,
    value: 'shop/cart',
    provoke: () => alone((_, cart) => ({ mirror: Mirror.toService(cart, { percent: 1 }) })),
  },
  {
    input: 'a mirror that is the stable version',
    code: Code.VERSION,
    value: 'v1',
    provoke: () => alone((app) => ({ mirror: shadow(app, { version: 'v1' }) })),
  },
  {
    input: 'a mirror that is the candidate',
    code: Code.VERSION,
    value: 'v2',
    provoke: () => released((app) => ({ mirror: shadow(app, { version: 'v2' }) })),
  },
  {
    input: 'a mirror without workload',
    code: Code.RELEASE,
    value: 'v3',
    provoke: () => alone((app) => ({ mirror: shadow(app, { workload: untyped<Workload>(undefined) }) })),
  },
  {
    input: 'a mirror that is no service',
    code: Code.RELEASE,
    value: 'namespace',
    provoke: () => Mirror.toService(Peer.namespace('ops'), { percent: 1 }),
  },
  {
    input: 'a mirror of another mesh',
    code: Code.GRANT,
    value: 'bank/ledger',
    provoke: () => alone(() => ({ mirror: Mirror.toService(foreign(), { percent: 1 }) })),
  },
  {
    input: 'a mirror that has several ports for requests',
    code: Code.RELEASE,
    value: 'shop/audit',
    provoke: () =>
      alone((app) => {
        const ports = [Port.http(80, { containerPort: 8080 }), Port.http(81, { name: 'admin', containerPort: 8080 })];
        return { mirror: Mirror.toService(app.service('audit', { ports }), { percent: 1 }) };
      }).objects(),
  },
  {
    input: 'a mirror that a caller may not call',
    code: Code.RELEASE,
    value: 'shop/audit',
    provoke: () =>
      alone((app, cart) => {
        cart.access.allowFrom(app.service('web'));
        return { mirror: Mirror.toService(app.service('audit'), { percent: 1 }) };
      }).objects(),
  },
  {
    input: 'a mirror of connections',
    code: Code.RELEASE,
    value: 'mirror',
    provoke: () => alone((app) => ({ mirror: shadow(app) }), { ports: [Port.tcp(6379, { containerPort: 8080 })] }),
  },
  {
    input: 'a mirror of requests that stay open',
    code: Code.RELEASE,
    value: 'http',
    provoke: () =>
      alone((app) => ({ mirror: shadow(app) }), { ports: [Port.http(80, { containerPort: 8080, streaming: true })] }),
  },
  {
    input: 'a mirror of calls of gRPC that does not say which',
    code: Code.RELEASE,
    value: 'grpc',
    provoke: () => alone((app) => ({ mirror: shadow(app) }), { ports: [Port.grpc(8080)] }),
  },
  {
    input: 'a share of users without a key',
    code: Code.RELEASE,
    value: "UserKey.header('x-user-id', IdDigits.DECIMAL)",
    provoke: () => Share.users(untyped<UserKey>(undefined)),
  },
  {
    input: 'a share of users of a service without requests',
    code: Code.RELEASE,
    value: 'Share.users',
    provoke: () => alone(() => ({ share: BY_ID }), { ports: [Port.tcp(6379, { containerPort: 8080 })] }),
  },
  {
    input: 'a share of users that leaves requests without an id no version',
    code: Code.WEIGHT,
    value: 'v1',
    provoke: () =>
      released((app) => ({
        share: BY_ID,
        candidate: candidate(app, { weightPercent: 60 }),
        furtherCandidates: [further(app, { weightPercent: 40 })],
      })),
  },
  {
    input: 'an id in a header whose name has capitals',
    code: Code.MATCH,
    value: 'X-User-Id',
    provoke: () => UserKey.header('X-User-Id', IdDigits.DECIMAL),
  },
  {
    input: 'an id in a cookie that has no name',
    code: Code.MATCH,
    value: 'u=d',
    provoke: () => UserKey.cookie('u=d', IdDigits.DECIMAL),
  },
  {
    input: 'a regular expression that RE2 refuses for a candidate',
    code: Code.MATCH,
    value: '(?!a)',
    provoke: () =>
      released(() => ({ candidateWhen: [HttpMatch.allOf({ headers: [HeaderMatch.regex('x-a', '(?!a)')] })] })),
  },
  {
    input: 'a candidate without workload',
    code: Code.RELEASE,
    value: 'v2',
    provoke: () => released((app) => ({ candidate: candidate(app, { workload: untyped<Workload>(undefined) }) })),
  },
  {
    input: 'a stable version without workload where the service has none',
    code: Code.RELEASE,
    value: 'v1',
    provoke: () => released(() => ({}), { workload: undefined }),
  },
  {
    input: 'a stable version with a workload where the service has one',
    code: Code.RELEASE,
    value: 'v1',
    provoke: () =>
      released((app) => ({ stable: { version: 'v1', workload: Workload.of(deployment(app.chart, 'cart-v1')) } })),
  },
  {
    input: 'a candidate with the version label of the stable version',
    code: Code.VERSION,
    value: 'v1',
    provoke: () => released((app) => ({ candidate: candidate(app, { version: 'v1' }) })),
  },
  {
    input: 'two versions that have one name in the mesh',
    code: Code.VERSION,
    value: '1-0',
    provoke: () => released((app) => ({ stable: { version: '1.0' }, candidate: candidate(app, { version: '1-0' }) })),
  },
  {
    input: 'a version that no label can carry',
    code: Code.NAME,
    value: 'v 2',
    provoke: () => released((app) => ({ candidate: candidate(app, { version: 'v 2' }) })),
  },
  {
    input: 'pods that call their version otherwise',
    code: Code.VERSION,
    value: 'version: blue',
    provoke: () =>
      released((app) => ({
        candidate: candidate(app, {
          workload: Workload.of(
            deployment(app.chart, 'cart-v2', {
              labels: { app: 'cart', version: 'blue' },
              matchLabels: { app: 'cart', version: 'blue' },
            }),
          ),
        }),
      })).objects(),
  },
  {
    input: 'a version under a service account of its own',
    code: Code.SERVICE_ACCOUNT,
    value: 'robot',
    provoke: () =>
      released(
        (app) => ({
          candidate: candidate(app, {
            workload: Workload.of(
              deployment(app.chart, 'cart-v2', { labels: { app: 'cart', version: 'v2' }, serviceAccountName: 'robot' }),
            ),
          }),
        }),
        { serviceAccount: 'cart' },
      ).objects(),
  },
  {
    input: 'one workload for both versions',
    code: Code.WORKLOAD_TWICE,
    value: 'Deployment cart',
    provoke: () =>
      released(
        (app) => {
          const workload = Workload.of(deployment(app.chart, 'cart'));
          return { stable: { version: 'v1', workload }, candidate: { version: 'v2', workload, weightPercent: 10 } };
        },
        { workload: undefined },
      ).objects(),
  },
  {
    input: 'versions whose pods have no label in common',
    code: Code.SELECTOR,
    value: 'Deployment kart-v2',
    provoke: () =>
      released((app) => ({
        candidate: candidate(app, { workload: Workload.of(deployment(app.chart, 'kart-v2')) }),
      })).objects(),
  },
  {
    input: 'a second release of a service',
    code: Code.RELEASE,
    value: 'shop/Release',
    provoke: () => {
      const app = new MeshApp();
      const service = app.service('cart');
      const release = { service, stable: { version: 'v1' }, candidate: candidate(app) };
      new CanaryRelease(app.chart, 'Release', release);
      new CanaryRelease(app.chart, 'Again', release);
    },
  },
  {
    input: 'a release of a service without ports',
    code: Code.RELEASE,
    value: 'shop/cart',
    provoke: () => released(() => ({}), { ports: [] }),
  },
  {
    input: 'requests for the candidate of a service without requests',
    code: Code.RELEASE,
    value: 'candidateWhen',
    provoke: () =>
      released(() => ({ candidateWhen: [ASKS] }), {
        ports: [Port.tcp(6379, { containerPort: 8080 })],
      }),
  },
  {
    input: 'a caller of another mesh for the candidate',
    code: Code.GRANT,
    value: 'bank/ledger',
    provoke: () => released(() => ({ candidateWhen: [HttpMatch.allOf({ callers: [foreign()] })] })),
  },
  {
    input: 'a match without conditions',
    code: Code.MATCH,
    value: 'headers',
    provoke: () => HttpMatch.allOf({ headers: [] }),
  },
  {
    input: 'two conditions on one header in one match',
    code: Code.MATCH,
    value: 'x-a',
    provoke: () => HttpMatch.allOf({ headers: [HeaderMatch.exact('x-a', '1'), HeaderMatch.prefix('x-a', '2')] }),
  },
  {
    input: 'a header name in capitals, which no proxy compares',
    code: Code.MATCH,
    value: 'X-Canary',
    provoke: () => HeaderMatch.exact('X-Canary', 'true'),
  },
  {
    input: 'a header that is compared with nothing',
    code: Code.MATCH,
    value: 'x-canary',
    provoke: () => HeaderMatch.exact('x-canary', ''),
  },
];

type Candidate = NonNullable<CanaryReleaseProps['candidate']>;

function candidate(app: MeshApp, overrides: Partial<Candidate> = {}): Candidate {
  const labels = { app: 'cart', version: 'v2' };
  return {
    version: 'v2',
    weightPercent: 10,
    ...('workload' in overrides ? {} : { workload: Workload.of(deployment(app.chart, 'cart-v2', { labels })) }),
    ...overrides,
  } as Candidate;
}

function further(app: MeshApp, overrides: Partial<FurtherCandidate> = {}): FurtherCandidate {
  const labels = { app: 'cart', version: 'v3' };
  const workload = Workload.of(deployment(app.chart, 'cart-v3', { labels }));
  return { version: 'v3', weightPercent: 5, workload, ...overrides };
}

function released(overrides: (app: MeshApp) => Overrides, service: Parameters<MeshApp['service']>[1] = {}): MeshApp {
  const app = new MeshApp();
  const labels = { app: 'cart', version: 'v1' };
  const own = 'workload' in service ? {} : { workload: Workload.of(deployment(app.chart, 'cart', { labels })) };
  const chosen = overrides(app);
  new CanaryRelease(app.chart, 'Release', {
    service: app.service('cart', { ...own, ...service }),
    stable: { version: 'v1' },
    ...chosen,
    candidate: chosen.candidate ?? candidate(app),
  });
  return app;
}

/** A release of the stable version alone. */
function alone(
  release: (app: MeshApp, cart: MeshedService) => Overrides,
  service: Parameters<MeshApp['service']>[1] = {},
): MeshApp {
  const app = new MeshApp();
  const cart = app.service('cart', service);
  new CanaryRelease(app.chart, 'Release', { service: cart, stable: { version: 'v1' }, ...release(app, cart) });
  return app;
}

function shadow(app: MeshApp, overrides: Partial<MirrorVersionOptions> = {}): Mirror {
  const labels = { app: 'cart', version: 'v3' };
  const workload = Workload.of(deployment(app.chart, 'cart-v3', { labels }));
  return Mirror.toVersion({ version: 'v3', workload, percent: 10, ...overrides });
}
