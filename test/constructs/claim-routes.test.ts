import { Duration } from 'cdk8s';
import type { IngressRouteProps, MeshedService } from '../../lib';
import {
  Claim,
  HeaderMatch,
  HttpMatch,
  IngressRoute,
  IngressTls,
  IngressTokens,
  PathMatch,
  Peer,
  RouteAction,
  Timeout,
  TokenIssuer,
  TokenKeys,
} from '../../lib';
import type { KubeObject } from '../../lib/testing';
import { schemaProblems } from '../../lib/testing';
import type { Manifest } from '../support/mesh-app';
import { MeshApp, at, find, names } from '../support/mesh-app';

const LOGIN = new TokenIssuer({ issuer: 'https://login.example.com', keys: TokenKeys.discovered(), anyAudience: true });
const STAFF = HttpMatch.allOf({ claims: [Claim.of('groups').isOneOf('staff')] });

interface Http {
  readonly match?: readonly Readonly<Record<string, unknown>>[];
  readonly route?: readonly { readonly destination: { readonly host: string } }[];
  readonly timeout?: string;
}

/** The objects of a route to `web` with rules of its own, beside a service `beta`. */
function synthesized(
  routes: (beta: MeshedService) => IngressRouteProps['routes'],
  props: Partial<IngressRouteProps> = {},
  declare: (app: MeshApp, web: MeshedService) => void = () => undefined,
): Manifest[] {
  const app = new MeshApp();
  const [service, beta] = [app.service('web'), app.service('beta')];
  declare(app, service);
  beta.access.allowFrom(Peer.ingressGateway());
  new IngressRoute(app.chart, 'Ingress', {
    host: 'a.example.com',
    tls: IngressTls.credential('a-tls'),
    service,
    tokens: [IngressTokens.optional({ issuers: [LOGIN] })],
    routes: routes(beta) ?? [],
    ...props,
  });
  const found = app.objects();
  expect(schemaProblems(found as unknown as KubeObject[])).toEqual([]);
  return found;
}

const http = (found: readonly Manifest[], name = 'web-ingress') =>
  at(find(found, 'VirtualService', name), 'spec', 'http') as readonly Http[];
const hosts = (routes: readonly Http[]) =>
  routes.map(({ route }) => route?.map(({ destination }) => destination.host.replace(/\..*/, '')).join());
const toBeta = (match: HttpMatch) => (beta: MeshedService) => [
  { name: 'beta', matches: [match], action: RouteAction.forward({ service: beta }) },
];

test('a gateway leads requests on by a claim, and those without it to the next route', () => {
  const found = http(synthesized(toBeta(STAFF)));
  expect(found[0]?.match).toMatchObject([{ headers: { '@request.auth.claims[groups]': { exact: 'staff' } } }]);
  expect(hosts(found)).toEqual(expect.arrayContaining(['beta', 'web']));
  expect(hosts(found).at(-1)).toBe('web');
  expect(found.at(-1)?.match).toBeUndefined();
});

test('claims inside of claims, several values and any value are told as a gateway compares them', () => {
  const match = HttpMatch.allOf({
    claims: [
      Claim.path('realm.access', 'roles').isOneOf('a.b', 'c'),
      Claim.of('tier').isPresent(),
      Claim.of('https://example.com/plan').isOneOf('gold'),
    ],
    headers: [HeaderMatch.exact('x-beta', 'yes')],
  });
  expect(http(synthesized(toBeta(match)))[0]?.match).toMatchObject([
    {
      headers: {
        'x-beta': { exact: 'yes' },
        '@request.auth.claims[realm.access][roles]': { regex: 'a\\.b|c' },
        '@request.auth.claims[tier]': { regex: '.+' },
        '@request.auth.claims[https://example.com/plan]': { exact: 'gold' },
      },
    },
  ]);
});

test('proxies of the mesh get no route of a gateway', () => {
  const found = synthesized(toBeta(STAFF));
  expect(JSON.stringify(http(found, 'web'))).not.toContain('claims');
  expect(hosts(http(found, 'web'))).not.toContain('beta');
});

test('rules of a gateway stand among those of the service by how narrow they are', () => {
  const found = http(
    synthesized(
      toBeta(HttpMatch.allOf({ path: PathMatch.prefix('/api'), claims: [Claim.of('groups').isOneOf('staff')] })),
      {},
      (_, web) => {
        web.addRoute({
          name: 'api',
          matches: [HttpMatch.allOf({ path: PathMatch.prefix('/api') })],
          timeout: Timeout.of(Duration.seconds(3)),
        });
        web.addRoute({
          name: 'health',
          matches: [HttpMatch.allOf({ path: PathMatch.exact('/api/health') })],
          timeout: Timeout.of(Duration.seconds(1)),
        });
      },
    ),
  );
  const order = found.map(({ route, timeout }) => `${hosts([{ route: route ?? [] }]).join()} ${timeout ?? ''}`);
  expect([...new Set(order)]).toEqual(['web 1s', 'beta 15s', 'web 3s', 'web 15s']);
});

test('of two rules by one claim, that with a further one comes first', () => {
  const found = http(
    synthesized((beta) => [
      { name: 'staff', matches: [STAFF], action: RouteAction.forward({ service: beta }) },
      {
        name: 'admins',
        matches: [
          HttpMatch.allOf({ claims: [Claim.of('groups').isOneOf('staff'), Claim.of('level').isOneOf('admin')] }),
        ],
        action: RouteAction.respond(403),
      },
    ]),
  );
  expect(Object.keys(found[0]?.match?.[0]?.['headers'] ?? {})).toHaveLength(2);
});

test('a gateway is granted what rules of its own make of a request, and nothing that they answer', () => {
  const rewrite = synthesized(
    () => [
      {
        name: 'staff',
        matches: [HttpMatch.allOf({ path: PathMatch.prefix('/api'), claims: [Claim.of('groups').isOneOf('staff')] })],
        action: RouteAction.forward({ rewritePath: '/internal' }),
      },
    ],
    { paths: [PathMatch.prefix('/api')] },
  );
  expect(JSON.stringify(find(rewrite, 'AuthorizationPolicy', 'web').spec)).toContain('/internal/*');
  const answered = synthesized(() => [
    {
      name: 'closed',
      matches: [HttpMatch.allOf({ path: PathMatch.prefix('/') })],
      action: RouteAction.respond(404),
    },
  ]);
  expect(JSON.stringify(find(answered, 'AuthorizationPolicy', 'web').spec)).not.toContain('istio-ingress');
});

test('a required token on some paths is enough for claims on these', () => {
  const found = synthesized(
    toBeta(HttpMatch.allOf({ path: PathMatch.prefix('/api/v2'), claims: [Claim.of('groups').isOneOf('staff')] })),
    { tokens: [IngressTokens.required({ issuers: [LOGIN], paths: [PathMatch.prefix('/api')] })] },
  );
  expect(names(found)).toContain('AuthorizationPolicy shop-web-ingress-token-required');
});
