import type {
  AllowOptions,
  EgressGatewayProps,
  ExplainResilienceOptions,
  ExternalHostProps,
  SimpleTlsOptions,
  TlsOriginationOptions,
} from '../../../lib';
import { EgressGateway, Port, TlsOrigination, WildcardResolution } from '../../../lib';
import { caller, grpcCall, httpCall } from './matches';
import { hostProtections } from './resilience';
import {
  always,
  become,
  both,
  factories,
  listOf,
  mostly,
  named,
  ofWorld,
  often,
  part,
  seldom,
  struct,
  values,
  weighted,
} from './some';
import type { Any, World } from './world';

const tlsOptions = {
  port: often(values([443, 8443], [0])),
  serverName: mostly(values(['edge.example.com'], ['Edge'])),
  certificateNames: mostly(values([['a.example.com'], ['a.example.com', 'b.example.com']], [[], ['A']])),
};
const simple = become(
  struct<SimpleTlsOptions>('SimpleTlsOptions')({ ...tlsOptions, caCredential: mostly(values(['their-ca'], ['Ca'])) }),
  'TlsOrigination.simple',
  (options) => TlsOrigination.simple(options),
);
/** Without a gateway, which alone may read a certificate. */
const direct = become(part<SimpleTlsOptions>('SimpleTlsOptions')(tlsOptions), 'TlsOrigination.simple', (options) =>
  TlsOrigination.simple(options),
);
const mutual = both(
  values(['client'], ['Client']),
  struct<TlsOriginationOptions>('TlsOriginationOptions')(tlsOptions),
  (credential, options) => TlsOrigination.mutual(credential, options),
);
const originateTls = factories<typeof TlsOrigination>('TlsOrigination')({ simple, mutual });
const through: Any<EgressGateway> = become(
  struct<EgressGatewayProps>('EgressGatewayProps')({
    name: always(values(['egress'], ['Egress'])),
    namespace: always(values(['egress'], ['Egress'])),
    podLabels: always(values<Readonly<Record<string, string>>>([{ istio: 'egress' }], [{}])),
    service: seldom(values(['egress-service'], ['1'])),
    port: seldom(values([8443], [0])),
    containerPort: seldom(values([9443], [0])),
    networkPolicy: seldom(values([true, false])),
  }),
  'new EgressGateway',
  (props, world: World) => new EgressGateway(world.app.chart, 'Egress', props),
);
const names = { name: seldom(values(['outside'], ['Out'])), namespace: seldom(values(['shop', 'other'], ['Shop'])) };
const host = part<ExternalHostProps>('ExternalHostProps');

/** A host outside the mesh. */
export const external: Any<ExternalHostProps> = weighted(
  [
    3,
    host({
      ...hostProtections,
      ...names,
      host: always(values(['api.stripe.com'], ['*.local', 'stripe'])),
      ports: always(values([[Port.http(80)], [Port.http(80), Port.https(443)]], [[]])),
      originateTls: often(named('TlsOrigination.simple', direct)),
    }),
  ],
  [
    3,
    host({
      ...hostProtections,
      ...names,
      host: always(values(['api.stripe.com'])),
      ports: always(values([[Port.http(80)]])),
      originateTls: mostly(originateTls),
      through: always(through),
    }),
  ],
  [
    1,
    host({
      ...names,
      host: always(values(['*.example.com'])),
      ports: always(values([[Port.https(443)]], [[Port.http(80)]])),
      wildcard: mostly(values(Object.values(WildcardResolution))),
    }),
  ],
);

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
