import type { CanaryReleaseProps, FurtherCandidate } from '../../../lib';
import { CanaryRelease, HeaderMatch, HttpMatch, PathMatch, Port, Workload } from '../../../lib';
import { Code } from '../../../lib/errors';
import { MeshApp, deployment } from '../mesh-app';
import type { Provocation } from './provocation';
import { untyped } from './provocation';
import { foreign } from './routes';

type Overrides = Partial<Omit<CanaryReleaseProps, 'service'>>;

const ASKS = HttpMatch.allOf({ headers: [HeaderMatch.exact('x-a', '1')] });

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
    provoke: () => alone({ stable: { version: 'v1', weightPercent: 60 } }),
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
    provoke: () => alone({ candidateWhen: [ASKS] }),
  },
  {
    input: 'a release that is ending and tries a version',
    code: Code.RELEASE,
    value: 'v2',
    provoke: () => released(() => ({ ending: true })),
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
function alone(release: Overrides): MeshApp {
  const app = new MeshApp();
  new CanaryRelease(app.chart, 'Release', { service: app.service('cart'), stable: { version: 'v1' }, ...release });
  return app;
}
