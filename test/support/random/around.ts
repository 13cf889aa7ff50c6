import type { AllowOptions, ExplainResilienceOptions, ExternalHostProps } from '../../../lib';
import { Port } from '../../../lib';
import { caller, grpcCall, httpCall } from './matches';
import { hostProtections } from './resilience';
import { always, listOf, ofWorld, often, part, struct, values, weighted } from './some';
import type { Any, World } from './world';

/** A host outside the mesh. */
export const external: Any<ExternalHostProps> = part<ExternalHostProps>('ExternalHostProps')({
  ...hostProtections,
  host: always(values(['api.stripe.com'], ['*.local', 'stripe'])),
  ports: always(values([[Port.http(80)], [Port.http(80), Port.https(443)]], [[]])),
});

/** What a caller may do at the port of HTTP. */
export const httpGrant: Any<AllowOptions> = part<AllowOptions>('AllowOptions')({
  ports: always(values([['http']], [['none'], []])),
  operations: often(listOf(httpCall, 1, 1)),
});
/** What a caller may do. */
export const grant: Any<AllowOptions> = weighted(
  [2, httpGrant],
  [
    1,
    part<AllowOptions>('AllowOptions')({
      ports: always(values([['grpc']])),
      operations: always(listOf(grpcCall, 1, 1)),
    }),
  ],
);
const route = ofWorld('route', (world: World) => world.cart._entry.routes[0]?.name ?? 'none');
const version = ofWorld('version', (world: World) => world.cart._entry.release?.intent.stable.version ?? 'v1');
/** What is asked of the levels, by route as often as said. */
export const explaining = (routed: number, versioned = 2): Any<ExplainResilienceOptions> =>
  struct<ExplainResilienceOptions>('ExplainResilienceOptions')({
    port: often(values(['http'], ['none'])),
    version: { some: weighted([40, version], [1, values<string>([], ['v9'])]), percent: versioned },
    caller: often(caller),
    route: { some: weighted([20, route], [1, values<string>([], ['none'])]), percent: routed },
  });
