import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CanaryRelease,
  Claim,
  ExternalHost,
  IngressRoute,
  IngressTls,
  PathMatch,
  Peer,
  Port,
  TokenIssuer,
  TokenKeys,
  Workload,
} from '../../lib';
import { parseManifests } from '../../lib/manifests/located';
import { viewOf } from '../../lib/manifests/view';
import { findRule, runRules } from '../../lib/rules';
import type { Manifest } from '../support/mesh-app';
import { MeshApp, deployment } from '../support/mesh-app';

// What docs/check.md says that the constructs guarantee: the rules are silent on what they make, and fire without it.

/** What the platform has, and the app relies on. */
const PLATFORM = parseManifests(
  'platform.yaml',
  `apiVersion: v1
kind: Secret
metadata: { name: shop-example-com, namespace: istio-ingress }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: istio-ingress, namespace: istio-ingress }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: istio-ingress, namespace: istio-ingress }
spec:
  selector: { matchLabels: { istio: ingress } }
  template:
    metadata: { labels: { istio: ingress }, annotations: { inject.istio.io/templates: gateway } }
    spec: { serviceAccountName: istio-ingress, containers: [{ name: istio-proxy, image: auto }] }
`,
).objects;

/** A shop behind the ingress: web calls cart, cart calls pay, of which a new version is tried out, and pay calls out. */
function shop(): readonly Manifest[] {
  const app = new MeshApp();
  const replicas = 3;
  const of = (name: string, version = 'v1') => {
    const labels = { app: name.replace('-v2', ''), version };
    return Workload.of(deployment(app.chart, name, { replicas, labels, matchLabels: labels }));
  };
  const [web, cart, pay, quiet] = ['web', 'cart', 'pay', 'quiet'].map((name) =>
    app.service(name, { workload: of(name) }),
  );
  if (web === undefined || cart === undefined || pay === undefined || quiet === undefined)
    throw new Error('no services');
  cart.access.allowFrom(web);
  pay.access.allowFrom(cart);
  pay.access.allowTo(new ExternalHost(app.chart, 'Stripe', { host: 'api.stripe.com', ports: [Port.https(443)] }));
  new CanaryRelease(app.chart, 'Release', {
    service: pay,
    stable: { version: 'v1' },
    candidate: { version: 'v2', workload: of('pay-v2', 'v2'), weightPercent: 10 },
  });
  new IngressRoute(app.chart, 'Ingress', {
    host: 'shop.example.com',
    service: web,
    tls: IngressTls.credential('shop-example-com'),
    paths: [PathMatch.prefix('/api')],
  });
  const keys = TokenKeys.url('https://login.example.com/keys');
  const login = new TokenIssuer({ issuer: 'https://login.example.com', keys, audiences: ['shop'] });
  web.access.requireToken({ issuers: [login] });
  web.access.allowFrom(Peer.ingressGateway(), { claims: [Claim.of('groups').isOneOf('admin')] });
  return app.objects();
}

type Change = (objects: readonly Manifest[]) => readonly object[];

/** Without an object. */
const without =
  (kind: string, name: string): Change =>
  (objects) => {
    const left = objects.filter((object) => object.kind !== kind || object.metadata.name !== name);
    expect(left).not.toHaveLength(objects.length);
    return left;
  };

/** With an object whose text has been changed. */
const changed =
  (kind: string, name: string, from: string | RegExp, to: string): Change =>
  (objects) =>
    objects.map((object) => {
      if (object.kind !== kind || object.metadata.name !== name) return object;
      const [before, after] = [JSON.stringify(object), JSON.stringify(object).replace(from, to)];
      expect(after).not.toBe(before);
      return JSON.parse(after) as object;
    });

const both =
  (...changes: readonly Change[]): Change =>
  (objects) =>
    changes.reduce<readonly object[]>((all, change) => change(all as readonly Manifest[]), objects);

/** What takes the guarantee away, by `Construct code`. */
const TAKEN: Readonly<Record<string, Change>> = {
  'ZeroTrustNamespace MESH-CHK-503': changed('Namespace', 'shop', 'enabled', 'disabled'),
  'ZeroTrustNamespace MESH-CHK-501': changed(
    'Namespace',
    'shop',
    '{"istio-injection"',
    '{"istio.io/rev":"canary","istio-injection"',
  ),
  'ZeroTrustNamespace MESH-CHK-420': changed('PeerAuthentication', 'default', 'STRICT', 'PERMISSIVE'),
  'ZeroTrustNamespace MESH-CHK-404': both(
    without('AuthorizationPolicy', 'default-deny'),
    without('AuthorizationPolicy', 'cart'),
  ),
  'ZeroTrustNamespace MESH-CHK-703': changed('Sidecar', 'default', 'REGISTRY_ONLY', 'ALLOW_ANY'),
  'MeshedService MESH-CHK-309': changed('Service', 'cart', '"appProtocol":"http","name":"http"', '"name":"main"'),
  'MeshedService MESH-CHK-405': changed('AuthorizationPolicy', 'cart', 'sa/web', 'sa/default'),
  'MeshedService MESH-CHK-214': changed('AuthorizationPolicy', 'cart', 'sa/web', 'sa/wbe'),
  'MeshedService MESH-CHK-403': changed(
    'AuthorizationPolicy',
    'cart',
    /"rules":\[.*?\],"selector"/,
    '"rules":[{}],"selector"',
  ),
  'MeshedService MESH-CHK-402': changed('AuthorizationPolicy', 'cart', '"8080"', '"80"'),
  'MeshedService MESH-CHK-406': both(
    changed('AuthorizationPolicy', 'cart', 'sa/web', 'sa/cart'),
    changed('Deployment', 'web', '"serviceAccountName":"web"', '"serviceAccountName":"cart"'),
  ),
  'MeshedService MESH-CHK-705': changed('Sidecar', 'web', 'shop/cart.', 'shop/lost.'),
  'MeshedService MESH-CHK-601': changed('DestinationRule', 'cart', ',"maxEjectionPercent":50', ''),
  'MeshedService MESH-CHK-605': changed('VirtualService', 'cart', 'refused-stream,503"', 'refused-stream,503,5xx"'),
  'MeshedService MESH-CHK-304': changed(
    'VirtualService',
    'cart',
    /(},)({"retries")/,
    '$1{"match":[{"uri":{"prefix":"/only"}}],"retries"',
  ),
  'MeshedService MESH-CHK-413': both(
    changed('AuthorizationPolicy', 'web', /request\.auth\.claims\[groups\]/g, 'request.headers[x-groups]'),
    (objects) => objects.filter((object) => !JSON.stringify(object).includes('notRequestPrincipals')),
  ),
  'ExternalHost MESH-CHK-608': without('DestinationRule', 'api-stripe-com'),
  'ExternalHost MESH-CHK-702': changed('Sidecar', 'pay', 'shop/api.stripe.com', '~/*'),
  'CanaryRelease MESH-CHK-205': changed('DestinationRule', 'pay', '"name":"v2"', '"name":"v3"'),
  'CanaryRelease MESH-CHK-207': changed('DestinationRule', 'pay', '"version":"v2"', '"version":"v3"'),
  'IngressRoute MESH-CHK-201': without('Gateway', 'web-ingress'),
  'IngressRoute MESH-CHK-211': changed('Gateway', 'web-ingress', /shop\.example\.com/g, 'bank.example.com'),
  'IngressRoute MESH-CHK-210': changed(
    'Gateway',
    'web-ingress',
    '"credentialName":"shop-example-com"',
    '"credentialName":"lost"',
  ),
};

function codes(objects: readonly object[]): readonly string[] {
  const text = objects.map((object) => JSON.stringify(object)).join('\n---\n');
  const { objects: read, problems } = parseManifests('shop.yaml', text);
  expect(problems).toEqual([]);
  return runRules(viewOf(read, PLATFORM, { complete: true, istio: '1.30' })).map(({ code }) => code);
}

test('what the constructs make has no finding', () => {
  expect(codes(shop())).toEqual([]);
});

test.each(Object.entries(TAKEN))('%s: fires once the guarantee is taken away', (name, change) => {
  expect(codes(change(shop()))).toContain(name.split(' ')[1]);
});

test('the page has the same constructs and rules, and says of each rule what it is about', () => {
  const page = readFileSync(join(__dirname, '../../docs/check.md'), 'utf8');
  const section = page.slice(page.indexOf('## What the constructs guarantee'));
  const rows = [...section.matchAll(/^\| `(\w+)` +\| .+ \| \[(MESH-CHK-\d+)\]\(rules\.md#([\w-]+)\) +\|$/gm)];
  expect(rows.map(([, construct, code]) => `${construct} ${code}`)).toEqual(Object.keys(TAKEN));
  for (const [, , code = '', anchor = ''] of rows) {
    const title = `${code}: ${findRule(code)?.title ?? ''}`;
    expect(anchor).toBe(
      title
        .toLowerCase()
        .replace(/[^\w\s-]/g, '')
        .replace(/\s/g, '-'),
    );
  }
});
