import type {
  IngressHostProps,
  IngressPassthroughOptions,
  IngressPortProps,
  IngressRouteProps,
  IngressTlsOptions,
  OptionalTokensOptions,
  RequiredTokensOptions,
  RouteOptions,
} from '../../../lib';
import { TokenIssuer, TokenKeys } from '../../../lib';
import {
  CertificateIssuerKind,
  IngressApi,
  IngressHost,
  IngressTls,
  IngressTokens,
  RouteAction,
  TlsVersion,
} from '../../../lib';
import { claimMatch, grantedPath } from './matches';
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

const tlsOptions = struct<IngressTlsOptions>('IngressTlsOptions')({
  minVersion: often(values(Object.values(TlsVersion))),
  redirectHttp: often(values([true, false])),
});
const credential = values(['shop-tls'], ['Shop', '']);
const withCredential = both(credential, tlsOptions, (name, options) => IngressTls.credential(name, options));
const mutual = both(credential, tlsOptions, (name, options) => IngressTls.mutual(name, options));
const certManager = become(values(['letsencrypt'], ['Lets Encrypt', '']), 'IngressTls.certManager', (issuer) =>
  IngressTls.certManager({ issuer, issuerKind: CertificateIssuerKind.CLUSTER_ISSUER }),
);
const plaintext = become(values(['']), 'IngressTls.plaintext', () => IngressTls.plaintext());
const passthrough = become(
  struct<IngressPassthroughOptions>('IngressPassthroughOptions')({ redirectHttp: mostly(values([true, false])) }),
  'IngressTls.passthrough',
  (options) => IngressTls.passthrough(options),
);
/** How clients reach what carries requests. */
const tls: Any<IngressTls> = weighted(
  [4, named('IngressTls.credential', withCredential)],
  [4, named('IngressTls.mutual', mutual)],
  [4, named('IngressTls.certManager', certManager)],
  [4, named('IngressTls.plaintext', plaintext)],
  [
    1,
    factories<typeof IngressTls>('IngressTls')({
      credential: withCredential,
      mutual,
      certManager,
      plaintext,
      passthrough,
    }),
  ],
);
const LOGIN = new TokenIssuer({ issuer: 'https://login.example.com', keys: TokenKeys.discovered(), anyAudience: true });
const issuers = values([[LOGIN]], [[]]);
const optional = become(
  struct<OptionalTokensOptions>('OptionalTokensOptions')({ issuers: always(issuers) }),
  'IngressTokens.optional',
  (options) => IngressTokens.optional(options),
);
const optionalTokens = listOf(named('IngressTokens.optional', optional), 1, 1);
const required = (percentOfPaths: number, percentOfExceptions: number) =>
  become(
    struct<RequiredTokensOptions>('RequiredTokensOptions')({
      issuers: always(issuers),
      paths: { some: listOf(grantedPath, 1, 2), percent: percentOfPaths },
      exceptPaths: { some: listOf(grantedPath, 1, 1), percent: percentOfExceptions },
      exceptPreflight: often(values([true, false])),
    }),
    'IngressTokens.required',
    (options) => IngressTokens.required(options),
  );
/** What the gateway demands of tokens; most routes have other paths. */
const tokens = listOf(
  factories<typeof IngressTokens>('IngressTokens', { required: 3 })({ required: required(10, 75), optional }),
  1,
  1,
);
/** The same where a route has all paths. */
const tokensOfPaths = listOf(named('IngressTokens.required', required(75, 10)), 1, 1);
/** A rule by claims, which only gateways make. */
const claimRoute = part<RouteOptions>('RouteOptions')({
  name: always(values(['by-claim'], ['By Claim'])),
  matches: always(listOf(claimMatch, 1, 1)),
  action: always(
    named(
      'RouteAction.respond',
      become(values([404, 403], [99]), 'RouteAction.respond', (status) => RouteAction.respond(status)),
    ),
  ),
});
const host = values(['a.example.com'], ['a', 'A.example.com']);
const hosts = values([['a.example.com'], ['a.example.com', 'b.example.com']], [[], ['a']]);
const broadHosts = values([['*.example.com'], ['*']], [['*.*.com']]);
const gatewayPort = values([8443, 443], [0]);
const entrance: Any<IngressHost> = become(
  weighted(
    [
      1,
      part<IngressHostProps>('IngressHostProps')({
        name: always(values(['entrance'])),
        hosts: always(hosts),
        tls: always(tls),
        api: always(values([IngressApi.STANDARD])),
        namespace: always(values(['edge'], ['shop'])),
        tokens: often(tokens),
      }),
    ],
    [
      6,
      part<IngressHostProps>('IngressHostProps')({
        name: always(values(['entrance'], ['Shop', ''])),
        hosts: always(hosts),
        tls: always(tls),
        gatewayPort: often(gatewayPort),
        api: often(values([IngressApi.MESH])),
        namespace: often(values(['shop'])),
        tokens: mostly(tokens),
      }),
    ],
    [
      4,
      struct<IngressHostProps>('IngressHostProps')({
        name: always(values(['entrance'])),
        hosts: always(broadHosts),
        tls: always(tls),
        wildcard: { some: values([true]), percent: 90 },
        gatewayPort: seldom(gatewayPort),
        api: seldom(values([IngressApi.MESH], ['kubernetes' as IngressApi])),
        namespace: often(values(['shop'])),
        tokens: { some: tokens, percent: 2 },
      }),
    ],
  ),
  'new IngressHost',
  (props, world: World) => new IngressHost(world.app.chart, 'Entrance', props),
);

const route = part<IngressRouteProps>('IngressRouteProps');
const service = always(ofWorld('cart', (world: World) => world.cart));
const ofRequests = {
  service,
  port: { some: values(['http'], ['redis', 'none']), percent: 90 },
  paths: often(listOf(grantedPath, 1, 2)),
  methods: often(values([['GET'], ['GET', 'POST']], [['get']])),
  name: often(values(['shop-ingress'], ['Shop', ''])),
};

/** Where requests enter. */
export const requestIngress: Any<IngressRouteProps> = weighted(
  [
    4,
    route({
      ...ofRequests,
      host: always(host),
      tls: always(tls),
      gatewayPort: often(gatewayPort),
      api: often(values([IngressApi.MESH])),
      tokens: often(tokens),
    }),
  ],
  [2, route({ ...ofRequests, hosts: always(hosts), tls: always(tls) })],
  [
    3,
    route({
      ...ofRequests,
      hosts: always(broadHosts),
      wildcard: { some: values([true]), percent: 93 },
      tls: always(tls),
    }),
  ],
  [
    2,
    route({
      ...ofRequests,
      host: always(host),
      tls: always(tls),
      tokens: always(optionalTokens),
      routes: always(listOf(claimRoute, 1, 1)),
    }),
  ],
  [5, route({ service, host: always(host), tls: always(tls), tokens: always(tokensOfPaths) })],
  [5, route({ ...ofRequests, at: always(entrance) })],
  [
    1,
    struct<IngressRouteProps>('IngressRouteProps')({
      ...ofRequests,
      host: often(host),
      hosts: seldom(hosts),
      wildcard: seldom(values([true, false])),
      tls: mostly(tls),
      gatewayPort: seldom(gatewayPort),
      api: seldom(values([IngressApi.MESH], [IngressApi.STANDARD])),
      at: seldom(entrance),
      tokens: seldom(tokens),
      routes: { some: listOf(claimRoute, 1, 1), percent: 5 },
    }),
  ],
);
/** Where requests enter, and TLS that passes through, where a port has it. */
export const ingress: Any<IngressRouteProps> = weighted(
  [16, requestIngress],
  [4, route({ service, host: always(host), tls: always(named('IngressTls.passthrough', passthrough)) })],
);

const taken = named(
  'IngressTls.credential',
  become(credential, 'IngressTls.credential', (name) => IngressTls.credential(name)),
);

/** Where connections enter, if a port takes them. */
export const portIngress: Any<IngressPortProps> = weighted(
  [
    1,
    part<IngressPortProps>('IngressPortProps')({
      service,
      gatewayPort: always(values([5671, 6379], [0])),
      tls: always(named('IngressTls.plaintext', plaintext)),
      name: often(values(['cart-port'], ['Shop', ''])),
    }),
  ],
  [
    4,
    struct<IngressPortProps>('IngressPortProps')({
      service,
      gatewayPort: always(values([5671, 6379], [0])),
      tls: always(taken),
      port: mostly(values(['redis'], ['none'])),
      hosts: mostly(values([['c.example.com']])),
      name: often(values(['cart-port'], ['Shop', ''])),
    }),
  ],
);
