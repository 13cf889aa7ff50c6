import type { MeshedServiceProps, PortOptions, ResilienceOptions } from '../../../lib';
import { Port } from '../../../lib';
import { httpCall, operation } from './matches';
import { protections, rarer, timeout } from './resilience';
import { always, become, both, factories, listOf, named, often, part, seldom, struct, values, weighted } from './some';
import type { Any } from './world';

/** What a service says of itself here; its name and workload are those of the world. */
export type ServiceOptions = ResilienceOptions & Pick<MeshedServiceProps, 'ports' | 'streamingOperations'>;

const streaming = { some: values([true, false]), percent: 10 };
const http = become(
  struct<PortOptions>('PortOptions')({
    containerPort: always(values([8080], [0])),
    name: seldom(values(['http'], ['HTTP', ''])),
    streaming,
  }),
  'Port.http',
  (options) => Port.http(80, options),
);
const grpc = become(part<PortOptions>('PortOptions')({ streaming }), 'Port.grpc', (options) =>
  Port.grpc(9000, options),
);
const blind = part<PortOptions>('PortOptions')({ streaming: { some: values([false], [true]), percent: 5 } });
const tcp = become(blind, 'Port.tcp', (options) => Port.tcp(6379, { name: 'redis', ...options }));
const tls = become(blind, 'Port.tls', (options) => Port.tls(6443, options));
const https = become(blind, 'Port.https', (options) => Port.https(8443, options));
const port: Any<Port> = factories<typeof Port>('Port')({ http, grpc, tcp, tls, https });
const connection = weighted([5, named('Port.tcp', tcp)], [2, named('Port.tls', tls)], [2, named('Port.https', https)]);
const request = named('Port.http', http);

/** Ports of every kind. */
export const allPorts: Any<Port[]> = both(
  both(request, named('Port.grpc', grpc), (one, two) => [one, two]),
  connection,
  (two, one) => [...two, one],
);
/** A port of HTTP. */
export const onePort: Any<Port[]> = become(request, 'list', (only) => [only]);
/** Ports without requests: one that tells no names, and one that does. */
export const connectionPorts: Any<Port[]> = both(named('Port.tcp', tcp), named('Port.tls', tls), (one, two) => [
  one,
  two,
]);
/** Ports as they come. */
export const anyPorts: Any<Port[]> = listOf(port, 0, 3);

/** Few protections, so that most of them agree. */
export const service = (ports: Any<Port[]>, percent: number): Any<ServiceOptions> =>
  struct<ServiceOptions>('MeshedServiceProps')({
    ...rarer(protections, percent),
    streamingOperations: { some: listOf(weighted([5, httpCall], [1, operation]), 1, 1), percent: 8 },
    streamIdleTimeout: { some: timeout, percent: 1 },
    ports: always(ports),
  });
/** A service that has what may stay open. */
export const streamingService: Any<ServiceOptions> = part<ServiceOptions>('MeshedServiceProps')({
  streamingOperations: always(listOf(httpCall, 1, 1)),
  streamIdleTimeout: always(timeout),
  rateLimit: often(protections.rateLimit.some),
  ports: always(allPorts),
});
const blindOf = (ports: Any<Port[]>, percent?: number) => {
  const { connectionPool, outlierDetection, locality } =
    percent === undefined ? protections : rarer(protections, percent);
  return part<ServiceOptions>('MeshedServiceProps')({
    connectionPool,
    outlierDetection,
    locality,
    ports: always(ports),
  });
};
/** A service of which the mesh sees no requests. */
export const blindService: Any<ServiceOptions> = blindOf(become(connection, 'list', (only) => [only]));
/** The same with two ports. */
export const connectedService: Any<ServiceOptions> = blindOf(connectionPorts, 20);
