import { ApiObject } from 'cdk8s';
import {
  Claim,
  InitContainers,
  MigrationStage,
  Operation,
  PathMatch,
  Peer,
  Port,
  TokenIssuer,
  TokenKeys,
} from '../lib';
import type { MeshedService } from '../lib';
import { MigratingShop } from './support/migrating-shop';
import type { Manifest } from './support/mesh-app';
import { MeshApp, at, printed } from './support/mesh-app';

const READ = Operation.http({ methods: ['GET'] });
const ADMIN = Operation.http({ paths: [PathMatch.prefix('/admin')] });
const LOGIN = new TokenIssuer({
  issuer: 'https://login.example.com',
  keys: TokenKeys.discovered(),
  audiences: ['shop'],
});

/** A service with a port for requests and one without. */
function cart(): MeshedService {
  const ports = [Port.http(80, { containerPort: 8080 }), Port.tcp(6379, { name: 'redis' })];
  return new MeshApp().service('cart', { ports });
}

describe('2. methods and paths on a TCP port', () => {
  test('cannot be granted, which would refuse everything there', () => {
    expect(() => cart().access.allowFrom(Peer.namespace('ops'), { operations: [READ] })).toThrow('MESH-API-041');
  });

  test('cannot be denied, which would deny everything there', () => {
    expect(() => cart().access.denyFromAll({ operations: [ADMIN] })).toThrow('MESH-API-041');
  });
});

describe('3. plain text refused while a caller has no proxy', () => {
  const chartWith = (stage: MigrationStage) => {
    const shop = new MigratingShop({ stage, strict: ['cart'] });
    shop.get('cart').access.allowFrom(Peer.namespace('ops'));
    return () => shop.objects();
  };

  test('fails where a service begins to refuse it, and not before', () => {
    expect(chartWith(MigrationStage.OBSERVED)).not.toThrow();
    expect(chartWith(MigrationStage.STRICT_WORKLOADS)).toThrow('MESH-API-103');
  });

  test('fails in a zero-trust namespace, where the namespace of a caller lacks the label', () => {
    const app = new MeshApp();
    app.service('cart').access.allowFrom(Peer.namespace('ops'));
    new ApiObject(app.chart, 'Ops', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ops' } });
    expect(() => app.objects()).toThrow('MESH-API-103');
  });
});

describe('9. identities that are those of many, and callers without any', () => {
  test('the account `default` is no caller, and no account of a service', () => {
    expect(() => Peer.serviceAccount('ops', 'default')).toThrow('MESH-API-031');
    expect(() => new MeshApp().service('cart', { serviceAccount: 'default' })).toThrow('MESH-API-031');
  });

  test('a policy that allows names who may call, and never who may not, which would admit plain text', () => {
    const app = new MeshApp();
    const service = app.service('cart');
    service.access.allowFrom(app.service('frontend'));
    service.access.allowFrom(Peer.namespace('ops'), { operations: [READ] });
    service.access.denyFromAllBut([Peer.namespace('shop'), Peer.namespace('ops')]);
    let found: Manifest[] = [];
    printed(() => (found = app.objects()));
    const policies = found.filter(({ kind }) => kind === 'AuthorizationPolicy');
    const allowing = policies.filter(({ spec }) => at({ spec }, 'spec', 'action') !== 'DENY');
    expect(JSON.stringify(allowing)).toContain('principals');
    expect(JSON.stringify(allowing)).not.toMatch(/"not[A-Z]/);
    expect(JSON.stringify(policies)).toContain('notPrincipals');
  });
});

describe('13. a token that nobody has to have', () => {
  test('each service that checks tokens denies requests without one', () => {
    const app = new MeshApp();
    const service = app.service('cart');
    service.access.allowFrom(app.service('frontend'));
    service.access.requireToken({ issuers: [LOGIN] });
    const found = app.objects();
    const requiring = found.filter((object) => JSON.stringify(object).includes('notRequestPrincipals'));
    expect(found.filter(({ kind }) => kind === 'RequestAuthentication')).toHaveLength(1);
    expect(requiring.map((object) => at(object, 'spec', 'action'))).toEqual(['DENY']);
  });

  test('a claim in a grant at a service that checks no token is an error', () => {
    const app = new MeshApp();
    const claims = [Claim.of('groups').isOneOf('admin')];
    app.service('cart').access.allowFrom(Peer.namespace('ops'), { claims });
    expect(() => app.objects()).toThrow('MESH-API-054');
  });

  test('a claim in a grant beside a wider one, which asks for none, is an error', () => {
    const app = new MeshApp();
    const service = app.service('cart');
    service.access.requireToken({ issuers: [LOGIN] });
    service.access.allowFrom(Peer.namespace('ops'), { claims: [Claim.of('groups').isOneOf('admin')] });
    service.access.allowFrom(Peer.namespace('ops'));
    expect(() => app.objects()).toThrow('MESH-API-049');
  });
});

describe('17. init containers that call the mesh before their proxy starts', () => {
  test('are an error without native sidecars, and fine with them', () => {
    const app = (nativeSidecars: boolean) => {
      const made = new MeshApp({ nativeSidecars });
      made.service('cart', { initContainers: InitContainers.CALL_OTHERS });
      return made;
    };
    expect(() => app(false).objects()).toThrow('MESH-API-121');
    expect(() => app(true).objects()).not.toThrow();
  });
});
