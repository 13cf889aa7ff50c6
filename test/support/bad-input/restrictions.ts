import type { MeshedService, TokenIssuerProps } from '../../../lib';
import {
  Claim,
  Enforcement,
  IstioPathNormalization,
  MeshedNamespace,
  MeshedService as Service,
  Operation,
  PathMatch,
  Peer,
  Port,
  SourceAddresses,
  TokenIssuer,
  TokenKeys,
  Workload,
} from '../../../lib';
import { Code } from '../../../lib/errors';
import { MeshApp, PROVIDERS, deployment, printed } from '../mesh-app';
import { onDay } from '../on-day';
import type { Provocation } from './provocation';
import { untyped } from './provocation';

const PORTS = [
  Port.http(80, { containerPort: 8080 }),
  Port.tcp(6379, { name: 'redis' }),
  Port.https(8443, { name: 'hook' }),
];
const ADMIN = Operation.http({ paths: [PathMatch.prefix('/admin')] });
const BOT = Peer.serviceAccount('ops', 'bot', { podLabels: { app: 'bot' } });
const KEYS = TokenKeys.url('https://login.example.com/keys');
const LOGIN = { issuer: 'https://login.example.com', keys: KEYS, audiences: ['shop'] };
const ISSUER = new TokenIssuer(LOGIN);
const OTHER = new TokenIssuer({ ...LOGIN, issuer: 'https://other.example.com' });

/** Limits the service `cart`, and synthesizes. */
const limit = (run: (cart: MeshedService, app: MeshApp) => void) => () => {
  const app = new MeshApp({ providers: PROVIDERS ?? [] });
  const workload = Workload.of(deployment(app.chart, 'cart', { ports: [8080, 6379, 8443] }));
  run(app.service('cart', { ports: PORTS, workload }), app);
  return printed(() => app.objects());
};

const issuer = (props: Partial<TokenIssuerProps>) => () => new TokenIssuer({ ...LOGIN, ...props });
const refused = (code: Code) => (input: string, value: string, provoke: () => unknown) => ({
  input,
  code,
  value,
  provoke,
});
const denial = refused(Code.DENIAL);
const token = refused(Code.TOKEN);

const DENIALS: readonly Provocation[] = [
  denial(
    'a denial of everything',
    'shop/cart',
    limit((cart) => cart.access.denyFromAll({})),
  ),
  denial(
    'a denial of no operation',
    'shop/cart',
    limit((cart) => cart.access.denyFrom(BOT, { operations: [] })),
  ),
  denial(
    'a denial of all but nobody',
    'denyFromAllBut',
    limit((cart) => cart.access.denyFromAllBut([])),
  ),
  denial(
    'a denial of the Kubernetes API, which nobody can tell',
    'shop/cart',
    limit((cart) => cart.access.denyFrom(Peer.kubernetesApi())),
  ),
  denial('a denial of an identity where plain text has none', 'denyFromAllBut', () => {
    const app = new MeshApp();
    const namespace = new MeshedNamespace(app.chart, 'Old', { name: 'old' });
    app.service('cart', { namespace }).access.denyFrom(BOT);
  }),
  denial(
    'a denial of an identity on a port that is open to plain text',
    'hook',
    limit((cart) => {
      cart.access.allowFrom(Peer.kubernetesApi(), { ports: ['hook'] });
      cart.access.denyFrom(BOT);
    }),
  ),
  denial(
    'a grant that is wholly denied',
    'shop/cart',
    limit((cart) => {
      cart.access.allowFrom(BOT, { ports: ['http'], operations: [ADMIN] });
      cart.access.denyFrom(Peer.namespace('ops'), { ports: ['http'] });
    }),
  ),
  denial(
    'a denial of the namespace of the gateway, which denies some of what the gateway may do',
    'shop/cart',
    limit((cart) => {
      cart.access.allowFrom(Peer.ingressGateway(), { ports: ['http'] });
      cart.access.denyFrom(Peer.namespace('istio-ingress'), { ports: ['http'], operations: [ADMIN] });
    }),
  ),
  {
    input: 'a denial of HTTP operations on TCP, which would deny everything there',
    code: Code.OPERATION_ON_TCP,
    value: 'redis',
    provoke: limit((cart) => cart.access.denyFrom(BOT, { ports: ['redis'], operations: [ADMIN] })),
  },
  {
    input: 'a denial of HTTP operations on all ports when one is TCP',
    code: Code.OPERATION_ON_TCP,
    value: 'redis',
    provoke: limit((cart) => cart.access.denyFromAll({ operations: [ADMIN] })),
  },
  {
    input: 'a denial of clients by somebody who cannot tell them',
    code: Code.CONDITION,
    value: 'shop/cart',
    provoke: limit((cart) =>
      cart.access.denyFromAll({ ports: ['http'], addresses: SourceAddresses.client('10.8.0.0/16') }),
    ),
  },
  {
    input: 'a denial of a regular expression',
    code: Code.UNSUPPORTED,
    value: '/a.*',
    provoke: limit((cart) =>
      cart.access.denyFromAll({ ports: ['http'], operations: [Operation.http({ paths: [PathMatch.regex('/a.*')] })] }),
    ),
  },
  {
    input: 'silently a denial by path that another way to write it passes',
    code: Code.PATH_DENIAL,
    value: '/admin',
    provoke: limit((cart) => cart.access.denyFromAll({ ports: ['http'], operations: [ADMIN] })),
  },
  {
    input: 'silently a grant below a path that `..` leads out of',
    code: Code.PATH_GRANT,
    value: '/api',
    provoke: () => {
      const app = new MeshApp({ pathNormalization: IstioPathNormalization.NONE });
      const api = Operation.http({ paths: [PathMatch.prefix('/api')] });
      app.service('cart').access.allowFrom(BOT, { operations: [api] });
      return printed(() => app.objects());
    },
  },
  {
    input: 'a denial at a service of another app',
    code: Code.GRANT,
    value: 'bank/ledger',
    provoke: () =>
      Service.fromRef(new MeshApp().chart, 'Ledger', {
        name: 'ledger',
        namespace: 'bank',
        serviceAccount: 'ledger',
        podLabels: { app: 'ledger' },
        ports: [Port.http(80)],
      }).access.denyFrom(BOT),
  },
  {
    input: 'an unknown normalization of paths',
    code: Code.MESH_OPTION,
    value: 'merge',
    provoke: () => new MeshApp({ pathNormalization: untyped('merge') }),
  },
  {
    input: 'a dry run of one grant',
    code: Code.DRY_RUN,
    value: 'shop/cart',
    provoke: limit((cart) => cart.access.allowFrom(BOT, untyped({ enforcement: {} }))),
  },
];

const TOKENS: readonly Provocation[] = [
  token(
    'a token requirement that excepts every path',
    '/',
    limit((cart) => cart.access.requireToken({ issuers: [ISSUER], exceptPaths: [PathMatch.prefix('/')] })),
  ),
  token('an issuer without a name', '', issuer({ issuer: '' })),
  token('an issuer that is a pattern', 'https://*.example.com', issuer({ issuer: 'https://*.example.com' })),
  token('an issuer without audiences', 'audiences', issuer({ audiences: [] })),
  token('an issuer with audiences and any', 'anyAudience', issuer({ anyAudience: true })),
  token('keys that nobody can discover', 'login', issuer({ issuer: 'login', keys: TokenKeys.discovered() })),
  token('keys in plain text', 'http://login.example.com/keys', () => TokenKeys.url('http://login.example.com/keys')),
  token('keys that are none', 'keys', () => TokenKeys.inline('{"keys":[]}')),
  token('keys that are no JSON', 'keys', () => TokenKeys.inline('-----BEGIN PUBLIC KEY-----')),
  token('a private key', 'd', () => TokenKeys.inline('{"keys":[{"kty":"RSA","n":"x","e":"AQAB","d":"secret"}]}')),
  token('a symmetric key', 'k', () => TokenKeys.inline('{"keys":[{"kty":"oct","k":"secret"}]}')),
  token('a header that is none', 'x token', issuer({ fromHeaders: [{ name: 'x token' }] })),
  token(
    'a token rule without issuer',
    'shop/cart',
    limit((cart) => cart.access.requireToken({ issuers: [] })),
  ),
  token(
    'a token rule for no path',
    'shop/cart',
    limit((cart) => cart.access.requireToken({ issuers: [ISSUER], paths: [] })),
  ),
  token(
    'an issuer that is described in two ways',
    'https://login.example.com',
    limit((cart) => {
      cart.access.requireToken({ issuers: [ISSUER] });
      cart.access.requireToken({ issuers: [new TokenIssuer({ ...LOGIN, audiences: ['other'] })] });
    }),
  ),
  token(
    'a claim of a token that nobody checks',
    'shop/cart',
    limit((cart) => cart.access.allowFrom(BOT, { ports: ['http'], claims: [Claim.of('groups').isOneOf('admin')] })),
  ),
  token(
    'a token of an issuer that the service does not take',
    'https://other.example.com',
    limit((cart) => {
      cart.access.requireToken({ issuers: [ISSUER] });
      cart.access.allowFrom(BOT, { ports: ['http'], tokenFrom: [OTHER] });
    }),
  ),
  token(
    'a claim that any of several issuers could make',
    'tokenFrom',
    limit((cart) => {
      cart.access.requireToken({ issuers: [ISSUER, OTHER] });
      cart.access.allowFrom(BOT, { ports: ['http'], claims: [Claim.of('groups').isOneOf('admin')] });
    }),
  ),
  token(
    'a token of nobody',
    'tokenFrom',
    limit((cart) => cart.access.allowFrom(BOT, { tokenFrom: [] })),
  ),
  token('a claim with brackets', 'a[b]', () => Claim.of('a[b]')),
  token('a claim without name', 'Claim.path', () => Claim.path()),
  token('a pattern as value of a claim', 'adm*', () => Claim.of('groups').isOneOf('adm*')),
  token('a claim that can be nothing', 'groups', () => Claim.of('groups').isOneOf()),
  {
    input: 'a token on TCP',
    code: Code.OPERATION_ON_TCP,
    value: 'redis',
    provoke: limit((cart) => cart.access.requireToken({ issuers: [ISSUER], ports: ['redis'] })),
  },
  {
    input: 'a token at a service without requests',
    code: Code.OPERATION_ON_TCP,
    value: 'shop/redis',
    provoke: () => {
      const app = new MeshApp();
      app.service('redis', { ports: [Port.tcp(6379)] }).access.requireToken({ issuers: [ISSUER] });
    },
  },
  {
    input: 'a claim on TCP',
    code: Code.CONDITION,
    value: 'redis',
    provoke: limit((cart) =>
      cart.access.allowFrom(BOT, { ports: ['redis'], claims: [Claim.of('groups').isOneOf('admin')] }),
    ),
  },
  {
    input: 'a claim in a grant beside a wider one, which asks for none',
    code: Code.CONDITION,
    value: 'claims',
    provoke: limit((cart) => {
      cart.access.requireToken({ issuers: [ISSUER] });
      cart.access.allowFrom(BOT, { ports: ['http'], claims: [Claim.of('groups').isOneOf('admin')] });
      cart.access.allowFrom(Peer.namespace('ops'), { ports: ['http'] });
    }),
  },
];

const CHECKS: readonly Provocation[] = [
  {
    input: 'a check by a provider that the mesh does not have',
    code: Code.PROVIDER_UNKNOWN,
    value: 'opaa',
    provoke: limit((cart) => cart.access.checkWith('opaa')),
  },
  {
    input: 'a check by a tracing provider',
    code: Code.CHECK,
    value: 'otel',
    provoke: limit((cart) => cart.access.checkWith('otel')),
  },
  {
    input: 'a check on TCP',
    code: Code.OPERATION_ON_TCP,
    value: 'redis',
    provoke: limit((cart) => cart.access.checkWith('opa', { ports: ['redis'] })),
  },
  {
    input: 'checks by two providers',
    code: Code.CHECK,
    value: 'shop/cart',
    provoke: () => {
      const more = (PROVIDERS ?? []).filter(({ name }) => name === 'opa').map((opa) => ({ ...opa, name: 'other' }));
      const app = new MeshApp({ providers: [...(PROVIDERS ?? []), ...more] });
      const cart = app.service('cart');
      cart.access.checkWith('opa');
      cart.access.checkWith('other');
      app.objects();
    },
  },
  {
    input: 'an audit that nobody fulfils',
    code: Code.UNSUPPORTED,
    value: 'shop/cart',
    provoke: limit((cart) => cart.access.markForAudit()),
  },
];

const SCRAPING: readonly Provocation[] = [
  {
    input: 'scraping by whoever has no known identity',
    code: Code.GRANT,
    value: 'scraper',
    provoke: limit((cart) => cart.access.allowScraping({ port: 'http' })),
  },
  {
    input: 'scraping of a TCP port',
    code: Code.OPERATION_ON_TCP,
    value: 'redis',
    provoke: () => {
      const prometheus = { namespace: 'monitoring', serviceAccount: 'prometheus', podLabels: { app: 'prometheus' } };
      const app = new MeshApp({ scraper: prometheus });
      app.service('cart', { ports: PORTS }).access.allowScraping({ port: 'redis' });
    },
  },
];

const REHEARSAL = { reason: 'callers are being collected', until: '2026-12-31' };

const DRY_RUNS: readonly Provocation[] = [
  {
    input: 'a dry run without a reason',
    code: Code.DRY_RUN,
    value: 'reason',
    provoke: () => Enforcement.dryRun({ ...REHEARSAL, reason: ' ' }),
  },
  {
    input: 'a dry run without an end that is a day',
    code: Code.END_DATE,
    value: 'later',
    provoke: () => Enforcement.dryRun({ ...REHEARSAL, until: 'later' }),
  },
  {
    input: 'a dry run past its end',
    code: Code.ENDED,
    value: '2026-12-31',
    provoke: () => {
      const app = new MeshApp();
      app.service('cart', { enforcement: Enforcement.dryRun(REHEARSAL) });
      onDay('2027-01-01', () => printed(() => app.objects()));
    },
  },
  {
    input: 'silently a dry run',
    code: Code.DRY_RUN_ON,
    value: 'shop/cart',
    provoke: () => {
      const app = new MeshApp();
      app.service('cart', { enforcement: Enforcement.dryRun(REHEARSAL) });
      return printed(() => onDay('2026-06-01', () => app.objects()));
    },
  },
  {
    input: 'a dry run beside a provider that goes on refusing',
    code: Code.DRY_RUN,
    value: 'shop/cart',
    provoke: () => {
      const app = new MeshApp({ providers: PROVIDERS ?? [] });
      app.service('cart', { enforcement: Enforcement.dryRun(REHEARSAL) }).access.checkWith('opa');
      onDay('2026-06-01', () => printed(() => app.objects()));
    },
  },
];

export const RESTRICTIONS: readonly Provocation[] = [...DENIALS, ...TOKENS, ...CHECKS, ...DRY_RUNS, ...SCRAPING];
