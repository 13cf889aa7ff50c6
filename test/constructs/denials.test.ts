import type { IstioMeshProps, MeshedService } from '../../lib';
import { IstioPathNormalization, Operation, PathMatch, Peer, Port, SourceAddresses, Workload } from '../../lib';
import type { KubeObject } from '../../lib/testing';
import { schemaProblems } from '../../lib/testing';
import type { Manifest } from '../support/mesh-app';
import { MeshApp, at, deployment, find, names, printed } from '../support/mesh-app';

const EDGE = { namespace: 'edge', serviceAccount: 'edge', podLabels: { istio: 'edge' }, trustedProxies: 0 };
const MERGING = { pathNormalization: IstioPathNormalization.MERGE_SLASHES, ingressGateway: EDGE };
const ADMIN = Operation.http({ paths: [PathMatch.prefix('/admin')] });

function limited(
  limit: (cart: MeshedService, frontend: MeshedService, app: MeshApp) => void,
  props: Partial<IstioMeshProps> = {},
): Manifest[] {
  const app = new MeshApp({ ...MERGING, ...props });
  const ports = [Port.http(80, { containerPort: 8080 }), Port.tcp(6379, { name: 'redis' })];
  const workload = Workload.of(deployment(app.chart, 'cart', { ports: [8080, 6379] }));
  limit(app.service('cart', { ports, workload }), app.service('frontend'), app);
  const found = app.objects();
  expect(schemaProblems(found as unknown as KubeObject[])).toEqual([]);
  return found;
}

function denied(found: readonly Manifest[]): unknown {
  const policy = find(found, 'AuthorizationPolicy', 'cart-denied');
  expect(at(policy, 'spec', 'action')).toBe('DENY');
  return at(policy, 'spec', 'rules');
}

test('denials are one policy beside the grants, whoever is denied what', () => {
  const found = limited((cart, frontend) => {
    cart.access.allowFrom(frontend);
    cart.access.denyFrom(frontend, { ports: ['http'], operations: [ADMIN] });
    cart.access.denyFrom(Peer.namespace('dev'));
    cart.access.denyFromAll({ ports: ['redis'], addresses: SourceAddresses.peer('10.8.0.0/16') });
  });
  expect(denied(found)).toEqual(
    [
      {
        from: [{ source: { ipBlocks: ['10.8.0.0/16'] } }],
        to: [{ operation: { ports: ['6379'] } }],
      },
      {
        from: [{ source: { principals: ['cluster.local/ns/shop/sa/frontend'] } }],
        to: [{ operation: { ports: ['8080'], paths: ['/admin', '/admin/*'] } }],
      },
      { from: [{ source: { principals: ['cluster.local/ns/dev/sa/*'] } }] },
    ].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
  );
  expect(names(found).filter((name) => name.includes('cart-denied'))).toHaveLength(1);
});

test('a denial leaves everything else as it was', () => {
  const without = limited((cart, frontend) => cart.access.allowFrom(frontend));
  const found = limited((cart, frontend) => {
    cart.access.denyFrom(Peer.namespace('dev'));
    cart.access.allowFrom(frontend);
  });
  const rest = found.filter(({ metadata }) => metadata.name !== 'cart-denied');
  expect(new Map(rest.map((o) => [`${o.kind} ${o.metadata.name}`, o]))).toEqual(
    new Map(without.map((o) => [`${o.kind} ${o.metadata.name}`, o])),
  );
});

test('the order and number of denials changes nothing', () => {
  const [one, two] = [Peer.namespace('dev'), Peer.namespace('test')];
  const found = limited((cart) => [one, two].forEach((peer) => cart.access.denyFrom(peer)));
  expect(limited((cart) => [two, one, two].forEach((peer) => cart.access.denyFrom(peer)))).toEqual(found);
});

test('a denial of all but some refuses callers without an identity, too', () => {
  const found = limited((cart, frontend) => cart.access.denyFromAllBut([frontend, Peer.namespace('ops')]));
  expect(denied(found)).toEqual([
    { from: [{ source: { notPrincipals: ['cluster.local/ns/ops/sa/*', 'cluster.local/ns/shop/sa/frontend'] } }] },
  ]);
});

test('a denied path is denied with a slash at its end, too; a gRPC method is one path', () => {
  const exact = Operation.http({ methods: ['POST'], paths: [PathMatch.exact('/pay')] });
  const found = limited((cart) => cart.access.denyFromAll({ ports: ['http'], operations: [exact] }));
  expect(denied(found)).toEqual([
    { to: [{ operation: { ports: ['8080'], methods: ['POST'], paths: ['/pay', '/pay/'] } }] },
  ]);
});

test('a denial by path warns where the mesh does not merge slashes', () => {
  const deny = (props: Partial<IstioMeshProps>) =>
    printed(() => limited((cart) => cart.access.denyFromAll({ ports: ['http'], operations: [ADMIN] }), props));
  expect(deny({ pathNormalization: IstioPathNormalization.BASE })).toContain('MESH-SEC-003');
  expect(deny({ pathNormalization: IstioPathNormalization.DECODE_AND_MERGE_SLASHES })).toBe('');
  expect(deny({})).toBe('');
});

test('clients of the gateway are denied by address', () => {
  const found = limited((cart) =>
    cart.access.denyFrom(Peer.ingressGateway(), {
      ports: ['http'],
      addresses: SourceAddresses.client('198.51.100.0/24'),
    }),
  );
  expect(denied(found)).toEqual([
    {
      from: [{ source: { principals: ['cluster.local/ns/edge/sa/edge'], remoteIpBlocks: ['198.51.100.0/24'] } }],
      to: [{ operation: { ports: ['8080'] } }],
    },
  ]);
});

describe('a grant and a denial', () => {
  const get = Operation.http({ methods: ['GET'] });
  test('that leaves something of it go together', () => {
    expect(() =>
      limited((cart, frontend) => {
        cart.access.allowFrom(frontend, { ports: ['http'] });
        cart.access.denyFrom(frontend, { ports: ['http'], operations: [get] });
        cart.access.denyFromAllBut([Peer.namespace('shop')]);
      }),
    ).not.toThrow();
  });

  test('are refused together where several denials leave nothing of the grant', () => {
    expect(() =>
      limited((cart, frontend) => {
        cart.access.allowFrom(frontend);
        cart.access.denyFromAll({ ports: ['redis'] });
        cart.access.denyFrom(Peer.namespace('shop'), { ports: ['http'] });
      }),
    ).toThrow(/grant to `shop\/frontend` to call `shop\/cart` is denied wholly by the denial of/);
  });

  test('of another caller under the same account are of one identity', () => {
    expect(() =>
      limited((cart, _, app) => {
        const [a, b] = ['a', 'b'].map((name) => app.service(name, { serviceAccount: 'both', sharedIdentity: true }));
        if (a === undefined || b === undefined) throw new Error('two services');
        cart.access.allowFrom(a);
        cart.access.denyFrom(b);
      }),
    ).toThrow('MESH-API-053');
  });
});
