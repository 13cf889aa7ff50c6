import type { AllowOptions, ExplainResilienceOptions, ExternalHostProps, IngressRouteProps } from '../../../lib';
import { IngressTls, Port } from '../../../lib';
import { caller, grantedPath, operation } from './matches';
import { hostProtections } from './resilience';
import { always, become, factories, listOf, ofWorld, often, part, seldom, struct, values, weighted } from './some';
import type { Any, World } from './world';

/** A host outside the mesh. */
export const external: Any<ExternalHostProps> = part<ExternalHostProps>('ExternalHostProps')({
  ...hostProtections,
  host: always(values(['api.stripe.com'], ['*.local', 'stripe'])),
  ports: always(values([[Port.http(80)], [Port.http(80), Port.https(443)]], [[]])),
});

/** Where requests enter. */
export const ingress: Any<IngressRouteProps> = struct<IngressRouteProps>('IngressRouteProps')({
  host: always(values(['a.example.com'], ['a', '*.example.com'])),
  service: always(ofWorld('cart', (world: World) => world.cart)),
  tls: always(
    factories<typeof IngressTls>('IngressTls')({
      plaintext: become(values(['']), 'IngressTls.plaintext', () => IngressTls.plaintext()),
      credential: become(values(['shop-tls'], ['Shop', '']), 'IngressTls.credential', (name) =>
        IngressTls.credential(name),
      ),
    }),
  ),
  port: { some: values(['http'], ['redis', 'none']), percent: 90 },
  paths: often(listOf(grantedPath, 1, 2)),
  methods: seldom(values([['GET'], ['GET', 'POST']], [['get']])),
  name: often(values(['shop-ingress'], ['Shop', ''])),
});
/** What a caller may do. */
export const grant: Any<AllowOptions> = part<AllowOptions>('AllowOptions')({
  ports: always(values([['http']], [['none'], []])),
  operations: often(listOf(operation, 1, 1)),
});
const route = ofWorld('route', (world: World) => world.cart._entry.routes[0]?.name ?? 'none');
/** What is asked of the levels, by route as often as said. */
export const explaining = (routed: number): Any<ExplainResilienceOptions> =>
  struct<ExplainResilienceOptions>('ExplainResilienceOptions')({
    port: often(values(['http'], ['none'])),
    version: seldom(values(['v1'])),
    caller: often(caller),
    route: { some: weighted([20, route], [1, values<string>([], ['none'])]), percent: routed },
  });
