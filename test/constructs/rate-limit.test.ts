import { Duration } from 'cdk8s';
import type { MeshedServiceProps } from '../../lib';
import { CanaryRelease, ExternalHost, Port, RateLimit, Workload } from '../../lib';
import { schemaProblems, synthesize } from '../../lib/testing';
import type { Manifest } from '../support/mesh-app';
import { MeshApp, at, deployment } from '../support/mesh-app';

const LIMIT = RateLimit.perPod({ requests: 100, per: Duration.seconds(1) });

interface Patch {
  readonly match: object;
  readonly patch: { readonly value: { readonly typed_config: Readonly<Record<string, unknown>> } };
}

function filters(app: MeshApp): Manifest[] {
  expect(schemaProblems(synthesize(app.chart))).toEqual([]);
  return app.objects().filter(({ kind }) => kind === 'EnvoyFilter');
}

function limited(props: Partial<MeshedServiceProps> = {}): Manifest {
  const app = new MeshApp();
  app.service('cart', { rateLimit: LIMIT, ...props });
  filters(app);
  return app.find('EnvoyFilter', 'cart');
}

function patches(filter: Manifest): readonly Patch[] {
  return at(filter, 'spec', 'configPatches') as readonly Patch[];
}

test('each pod takes so many requests, counted right before its application', () => {
  expect(limited({ rateLimit: RateLimit.perPod({ requests: 100, per: Duration.minutes(1), burst: 250 }) })).toEqual({
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: { name: 'cart', namespace: 'shop' },
    spec: {
      workloadSelector: { labels: { app: 'cart' } },
      configPatches: [
        {
          applyTo: 'HTTP_FILTER',
          match: {
            context: 'SIDECAR_INBOUND',
            listener: {
              filterChain: {
                destinationPort: 8080,
                filter: {
                  name: 'envoy.filters.network.http_connection_manager',
                  subFilter: { name: 'envoy.filters.http.router' },
                },
              },
            },
          },
          patch: {
            operation: 'INSERT_BEFORE',
            value: {
              name: 'envoy.filters.http.local_ratelimit',
              typed_config: {
                '@type': 'type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit',
                stat_prefix: 'http_local_rate_limiter',
                token_bucket: { max_tokens: 250, tokens_per_fill: 100, fill_interval: '60s' },
                filter_enabled: {
                  runtime_key: 'local_rate_limit_enabled',
                  default_value: { numerator: 100, denominator: 'HUNDRED' },
                },
                filter_enforced: {
                  runtime_key: 'local_rate_limit_enforced',
                  default_value: { numerator: 100, denominator: 'HUNDRED' },
                },
                response_headers_to_add: [
                  {
                    append_action: 'OVERWRITE_IF_EXISTS_OR_ADD',
                    header: { key: 'x-local-rate-limit', value: 'true' },
                  },
                ],
                rate_limited_as_resource_exhausted: true,
              },
            },
          },
        },
      ],
    },
  });
});

test('as many requests may come at once as come in the time', () => {
  const [patch] = patches(limited());
  const bucket = { max_tokens: 100, tokens_per_fill: 100, fill_interval: '1s' };
  expect(patch?.patch.value.typed_config.token_bucket).toEqual(bucket);
});

test('times are seconds, the only unit that Envoy reads there', () => {
  const [patch] = patches(limited({ rateLimit: RateLimit.perPod({ requests: 5, per: Duration.millis(250) }) }));
  expect(patch?.patch.value.typed_config.token_bucket).toHaveProperty('fill_interval', '0.25s');
});

test('each port that carries requests is limited by itself, and no other', () => {
  const found = patches(
    limited({
      ports: [
        Port.http(80, { containerPort: 8081 }),
        Port.http(81, { containerPort: 8081, name: 'twin' }),
        Port.grpc(9000, { containerPort: 8080 }),
        Port.tcp(6379),
      ],
      workload: Workload.external({
        kind: 'Deployment',
        name: 'cart',
        labels: { app: 'cart' },
        serviceAccount: 'cart',
        containerPorts: [8080, 8081, 6379],
      }),
    }),
  );
  expect(found.map((patch) => at(patch, 'match', 'listener', 'filterChain', 'destinationPort'))).toEqual([8080, 8081]);
});

test('the pods of all versions are limited', () => {
  const app = new MeshApp();
  const pods = (version: string) => Workload.of(deployment(app.chart, version, { labels: { app: 'cart', version } }));
  const service = app.service('cart', { rateLimit: LIMIT, workload: pods('v1') });
  new CanaryRelease(app.chart, 'Release', {
    service,
    stable: { version: 'v1' },
    candidate: { version: 'v2', workload: pods('v2'), weightPercent: 10 },
  });
  expect(at(filters(app)[0], 'spec', 'workloadSelector', 'labels')).toEqual({ app: 'cart' });
});

test('what the mesh says holds for services that say nothing, where there are requests', () => {
  const app = new MeshApp({ defaults: { rateLimit: LIMIT } });
  app.service('cart');
  app.service('free', { rateLimit: RateLimit.off() });
  app.service('redis', { ports: [Port.tcp(6379, { containerPort: 8080 })] });
  new ExternalHost(app.chart, 'Stripe', { host: 'api.stripe.com', ports: [Port.https(443)] });
  expect(filters(app).map(({ metadata }) => metadata.name)).toEqual(['cart']);
});

test('without a limit there is no filter', () => {
  const app = new MeshApp();
  app.service('cart');
  expect(filters(app)).toEqual([]);
});
