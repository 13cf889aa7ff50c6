import { Duration } from 'cdk8s';
import type { MeshedServiceProps } from '../../lib';
import { ConnectionPool, ExternalService, Operation, PathMatch, Port, RateLimit, Timeout } from '../../lib';
import { schemaProblems, synthesize } from '../../lib/testing';
import type { Manifest } from '../support/mesh-app';
import { MeshApp, at, names } from '../support/mesh-app';

const STREAMING = [Port.http(80, { containerPort: 8080, streaming: true })];
const WATCH = [Operation.grpc('shop.Cart', 'Watch')];

function objects(props: Partial<MeshedServiceProps>, defaults: Partial<MeshedServiceProps> = {}): Manifest[] {
  const app = new MeshApp({ defaults });
  app.service('cart', props);
  expect(schemaProblems(synthesize(app.chart))).toEqual([]);
  return app.objects();
}

/** `port limit` of each patch that ends streams. */
function limits(props: Partial<MeshedServiceProps>, defaults: Partial<MeshedServiceProps> = {}): string[] {
  const [filter] = objects(props, defaults).filter(({ kind }) => kind === 'EnvoyFilter');
  const patches = (at(filter, 'spec', 'configPatches') ?? []) as readonly object[];
  return patches.flatMap((patch) => {
    const limit = at(patch, 'patch', 'value', 'typed_config', 'stream_idle_timeout');
    const port = at(patch, 'match', 'listener', 'filterChain', 'destinationPort');
    return typeof limit === 'string' ? [`${Number(port)} ${limit}`] : [];
  });
}

test('what may stay open ends after an hour in which nothing is said', () => {
  const filter = objects({ ports: STREAMING }).find(({ kind }) => kind === 'EnvoyFilter');
  expect(at(filter, 'spec', 'workloadSelector', 'labels')).toEqual({ app: 'cart' });
  expect(at(filter, 'spec', 'configPatches')).toEqual([
    {
      applyTo: 'NETWORK_FILTER',
      match: {
        context: 'SIDECAR_INBOUND',
        listener: {
          filterChain: {
            destinationPort: 8080,
            filter: { name: 'envoy.filters.network.http_connection_manager' },
          },
        },
      },
      patch: {
        operation: 'MERGE',
        value: {
          name: 'envoy.filters.network.http_connection_manager',
          typed_config: {
            '@type':
              'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
            stream_idle_timeout: '3600s',
          },
        },
      },
    },
  ]);
});

test('streaming operations count as streaming ports do, where they can come', () => {
  const ports = [Port.http(80, { containerPort: 8080 }), Port.grpc(9000, { containerPort: 8080, name: 'grpc' })];
  expect(limits({ ports: ports.slice(0, 1), streamingOperations: WATCH })).toEqual([]);
  expect(limits({ ports: [Port.grpc(9000, { containerPort: 8080 })], streamingOperations: WATCH })).toEqual([
    '8080 3600s',
  ]);
  const events = [Operation.http({ paths: [PathMatch.exact('/events')] })];
  expect(limits({ ports: ports.slice(0, 1), streamingOperations: events })).toEqual(['8080 3600s']);
});

test('the limit is what the service says, else the mesh', () => {
  const minutes = (count: number) => ({ streamIdleTimeout: Timeout.of(Duration.minutes(count)) });
  expect(limits({ ports: STREAMING, ...minutes(5) }, minutes(10))).toEqual(['8080 300s']);
  expect(limits({ ports: STREAMING }, minutes(10))).toEqual(['8080 600s']);
});

test('without streams, and where the limit is off by name, there is no filter', () => {
  const kinds = (props: Partial<MeshedServiceProps>) => names(objects(props));
  expect(kinds({ streamIdleTimeout: undefined })).not.toContain('EnvoyFilter cart');
  expect(kinds({ ports: STREAMING, streamIdleTimeout: Timeout.off() })).not.toContain('EnvoyFilter cart');
});

test('one filter holds both kinds of limits', () => {
  const rateLimit = RateLimit.perPod({ requests: 5, per: Duration.seconds(1) });
  const found = objects({ ports: STREAMING, rateLimit }).filter(({ kind }) => kind === 'EnvoyFilter');
  expect(found.map((filter) => at(filter, 'spec', 'configPatches'))).toEqual([
    [expect.objectContaining({ applyTo: 'HTTP_FILTER' }), expect.objectContaining({ applyTo: 'NETWORK_FILTER' })],
  ]);
});

test('connections without requests end after silence, outside of the mesh also later than in an hour', () => {
  const app = new MeshApp();
  new ExternalService(app.chart, 'Db', {
    name: 'db',
    addresses: ['10.0.0.7'],
    ports: [Port.tcp(5432)],
    connectionPool: ConnectionPool.of({ tcpIdleTimeout: Duration.hours(3) }),
  });
  app.service('redis', {
    ports: [Port.tcp(6379, { containerPort: 8080 })],
    connectionPool: ConnectionPool.of({ tcpIdleTimeout: Duration.minutes(10) }),
  });
  app.service('cart');
  const idle = (name: string) =>
    at(app.find('DestinationRule', name), 'spec', 'trafficPolicy', 'connectionPool', 'tcp', 'idleTimeout');
  expect(['db', 'redis', 'cart'].map(idle)).toEqual(['10800s', '600s', undefined]);
});
