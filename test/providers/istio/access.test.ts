import type { Grant } from '../../../lib/intent/access';
import { Operation } from '../../../lib/intent/operation';
import { PathMatch } from '../../../lib/intent/path-match';
import type { CallerRef } from '../../../lib/intent/peer';
import { Port } from '../../../lib/intent/port';
import { authorizationPolicySpec } from '../../../lib/providers/istio/access';
import { grantToCart, istioSettings, meshOf, shopRef, shopService } from '../../support/istio-intent';

const PORTS = [Port.http(80, { containerPort: 8080 }), Port.http(81, { name: 'admin', containerPort: 8081 })];
const SETTINGS = istioSettings({
  ingressGateway: { namespace: 'edge', serviceAccount: 'gateway', podLabels: { istio: 'ingress' } },
});
const get = (...paths: string[]) =>
  Operation.http({ methods: ['GET'], paths: paths.map((path) => PathMatch.exact(path)) });

/** Each rule as `principals -> operations`. */
function rules(...grants: readonly Grant[]): string[] {
  const cart = shopService('cart', { ports: PORTS });
  const callers = ['web', 'job'].map((name) => shopService(name, { serviceAccount: `${name}-sa` }));
  const spec = authorizationPolicySpec(SETTINGS, cart, meshOf([cart, ...callers], grants));
  return (spec.rules ?? []).map(({ from, to }) => {
    const who = from?.flatMap(({ source }) => source?.principals ?? []).join(' ') ?? 'anybody';
    const what = (to ?? []).map(({ operation: { ports, methods, paths } = {} }) =>
      [ports?.join(','), methods?.join(','), paths?.join(',')].filter((part) => part !== undefined).join(' '),
    );
    return `${who.replace(/cluster\.local\/ns\//g, '')}: ${what.join(' | ')}`;
  });
}

const web = (overrides: Partial<Grant> = {}) => grantToCart(shopRef('web'), overrides);
const job = (overrides: Partial<Grant> = {}) => grantToCart(shopRef('job'), overrides);

test('without grants every call is refused', () => {
  const cart = shopService('cart');
  expect(authorizationPolicySpec(SETTINGS, cart, meshOf([cart]))).toEqual({
    selector: { matchLabels: { app: 'cart' } },
    action: 'ALLOW',
  });
});

test('a grant names container ports, never the ports of the Service', () => {
  expect(rules(web())).toEqual(['shop/sa/web-sa: 8080,8081']);
  expect(rules(web({ ports: ['admin'] }))).toEqual(['shop/sa/web-sa: 8081']);
});

test('callers that may do the same share a rule', () => {
  expect(rules(web(), job())).toEqual(['shop/sa/job-sa shop/sa/web-sa: 8080,8081']);
});

test('callers that may do different things never share a rule', () => {
  expect(rules(web({ ports: ['http'] }), job({ ports: ['admin'] }))).toEqual([
    'shop/sa/job-sa: 8081',
    'shop/sa/web-sa: 8080',
  ]);
});

test('a grant of a whole port covers the operations that were granted on it', () => {
  expect(rules(web({ ports: ['http'], operations: [get('/a')] }), web({ ports: ['http'] }))).toEqual([
    'shop/sa/web-sa: 8080',
  ]);
  expect(rules(web({ operations: [get('/a')] }), web({ ports: ['http'] }))).toEqual([
    'shop/sa/web-sa: 8080 | 8081 GET /a',
  ]);
});

test('operations with equal ports and methods become one, in a fixed order', () => {
  const read = { ports: ['http'], operations: [get('/b', '/a'), get('/a', '/c')] };
  expect(rules(web(read))).toEqual(['shop/sa/web-sa: 8080 GET /a,/b,/c']);
});

test('operations with different methods, or without paths, stay apart', () => {
  const operations = [get('/a'), Operation.http({ methods: ['POST'], paths: [PathMatch.exact('/a')] })];
  expect(rules(web({ ports: ['http'], operations }))).toEqual(['shop/sa/web-sa: 8080 GET /a | 8080 POST /a']);
  const wide = [get('/a'), Operation.http({ methods: ['GET'] })];
  expect(rules(web({ ports: ['http'], operations: wide }))).toEqual(['shop/sa/web-sa: 8080 GET /a | 8080 GET']);
});

test('gRPC methods are POST to their paths, a whole gRPC service is a prefix on a segment border', () => {
  const cart = shopService('cart', { ports: [Port.grpc(9000)] });
  const operations = [Operation.grpc('shop.Cart', 'Get', 'Add'), Operation.grpc('shop.Admin')];
  const spec = authorizationPolicySpec(SETTINGS, cart, meshOf([cart, shopService('web')], [web({ operations })]));
  expect(spec.rules?.[0]?.to).toEqual([
    {
      operation: {
        ports: ['9000'],
        methods: ['POST'],
        paths: ['/shop.Admin', '/shop.Admin/*', '/shop.Cart/Add', '/shop.Cart/Get'],
      },
    },
  ]);
});

test('the root prefix is every path, a template is passed on', () => {
  const paths = [PathMatch.prefix('/'), PathMatch.template('/users/{*}')];
  expect(rules(web({ ports: ['http'], operations: [Operation.http({ paths })] }))).toEqual([
    'shop/sa/web-sa: 8080 /*,/users/{*}',
  ]);
});

test.each<[string, CallerRef, string]>([
  ['a service is its account', shopRef('web'), 'shop/sa/web-sa'],
  ['a service account is itself', { kind: 'serviceAccount', namespace: 'ops', serviceAccount: 'bot' }, 'ops/sa/bot'],
  ['a namespace is every account in it', { kind: 'namespace', namespace: 'ops' }, 'ops/sa/*'],
  ['the gateway is the account that the mesh was given', { kind: 'ingressGateway' }, 'edge/sa/gateway'],
  ['the Kubernetes API has no identity', { kind: 'kubernetesApi' }, 'anybody'],
])('%s', (_, caller, who) => {
  expect(rules(grantToCart(caller, { ports: ['admin'] }))).toEqual([`${who}: 8081`]);
});

test('who has no identity opens nothing for those who have one, and the other way round', () => {
  const api = grantToCart({ kind: 'kubernetesApi' }, { ports: ['admin'] });
  expect(rules(api, web({ ports: ['admin'] }))).toEqual(['shop/sa/web-sa: 8081', 'anybody: 8081']);
  expect(rules(api, web({ ports: ['http'] }))).toEqual(['shop/sa/web-sa: 8080', 'anybody: 8081']);
});

test('the trust domain of the mesh begins every identity', () => {
  const cart = shopService('cart');
  const mesh = meshOf([cart, shopService('web')], [web()]);
  expect(JSON.stringify(authorizationPolicySpec({ ...SETTINGS, trustDomain: 'corp' }, cart, mesh))).toContain(
    '"principals":["corp/ns/shop/sa/web"]',
  );
});
