import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MigrationStage } from '../lib';
import { temporaryFolder } from './outputs/folders';
import type { Migration } from './support/migrating-shop';
import { MigratingShop } from './support/migrating-shop';
import type { Manifest } from './support/mesh-app';
import { printed } from './support/mesh-app';
import type { Call, Pod } from './support/mtls';
import { accepted, modeOf } from './support/mtls';

const { ENROLLED, OBSERVED, STRICT_WORKLOADS, STRICT_NAMESPACES, STRICT_MESH } = MigrationStage;
const STAGES = [ENROLLED, OBSERVED, STRICT_WORKLOADS, STRICT_NAMESPACES, STRICT_MESH];
const LEGACY = { service: 'billing', ports: ['legacy'], reason: 'a mainframe calls it', until: '2099-12-31' };
const MIGRATION = { strict: ['cart', 'payment'], exceptions: [LEGACY] };

/** What stands at a stage; `none` is before the mesh, when there are the workloads and Services alone. */
type State = MigrationStage | 'none';
const STATES: readonly State[] = ['none', ...STAGES];
const made = new Map<State, readonly Manifest[]>(
  STATES.map((state) => [state, state === 'none' ? [] : objects({ ...MIGRATION, stage: state })]),
);

function objects(migration: Migration): readonly Manifest[] {
  let found: readonly Manifest[] = [];
  printed(() => (found = new MigratingShop(migration).objects()));
  // The others say nothing of who is refused; that the label of the namespace comes late shows in pods without a proxy.
  return found.filter(({ kind }) => ['PeerAuthentication', 'AuthorizationPolicy', 'DestinationRule'].includes(kind));
}

function at(state: State): readonly Manifest[] {
  return made.get(state) ?? [];
}

const PORTS = { web: [8080], cart: [8080], payment: [8080, 9443], billing: [8080, 5000] } as const;
const SERVICES = Object.keys(PORTS) as (keyof typeof PORTS)[];

interface Way {
  /** A service of the shop, or somebody who never has a proxy. */
  readonly from: string;
  readonly to: keyof typeof PORTS;
  readonly containerPort: number;
}

/** Every call that could be made, declared or not: by services, and by somebody outside. */
const WAYS: readonly Way[] = [...SERVICES, 'outside'].flatMap((from) =>
  SERVICES.flatMap((to) => PORTS[to].map((containerPort) => ({ from, to, containerPort }))),
);

function pod(name: string, sidecar: boolean): Pod {
  return { namespace: name === 'outside' ? 'ops' : 'shop', labels: { app: name }, serviceAccount: name, sidecar };
}

function call({ from, to, containerPort }: Way, callerHas: boolean, calleeHas: boolean): Call {
  const host = `${to}.shop.svc.cluster.local`;
  return { caller: pod(from, callerHas && from !== 'outside'), callee: pod(to, calleeHas), host, containerPort };
}

/** Whether a stage allows a call when it has come to rest: every pod of the shop is as the stage makes it. */
function allows(state: State, way: Way): boolean {
  return accepted(at(state), call(way, state !== 'none', state !== 'none'));
}

function refusesPlaintext(state: State, { to, containerPort }: Way): boolean {
  return modeOf(at(state), pod(to, true), containerPort) === 'STRICT';
}

const keyOf = ({ kind, metadata }: Manifest) => `${kind} ${metadata.namespace}/${metadata.name}`;

/** Everything that can stand on the way from one state to another, whatever is applied or deleted first. */
function mixtures(before: readonly Manifest[], after: readonly Manifest[]): readonly (readonly Manifest[])[] {
  const [was, is] = [before, after].map((list) => new Map(list.map((object) => [keyOf(object), object])));
  const keys = [...new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])];
  const changed = keys.filter((key) => JSON.stringify(was?.get(key)) !== JSON.stringify(is?.get(key)));
  return Array.from({ length: 2 ** changed.length }, (_, bits) =>
    keys.flatMap((key) => {
      const index = changed.indexOf(key);
      return (index < 0 || (bits >> index) % 2 === 1 ? is : was)?.get(key) ?? [];
    }),
  );
}

const PAIRS = STATES.slice(1).flatMap((state, i) => {
  const before = STATES[i] ?? 'none';
  return [
    { from: before, to: state },
    { from: state, to: before },
  ];
});

/** Calls that both states allow and that a mixture of them refuses, between pods that may or may not have been restarted. */
function refused(from: State, to: State, rolled: (way: Way) => boolean): readonly string[] {
  const kept = WAYS.filter((way) => allows(from, way) && allows(to, way));
  expect(kept.length).toBeGreaterThan(10);
  return mixtures(at(from), at(to)).flatMap((mixture) =>
    kept.flatMap((way) =>
      // Whether a call gets through depends on its two pods alone, so that this is any subset of pods, and mixed replicas.
      [true, false].flatMap((callerHas) =>
        [true, false].flatMap((calleeHas) =>
          (callerHas || !rolled(way)) && !accepted(mixture, call(way, callerHas, calleeHas))
            ? [`${way.from}${callerHas ? ' with' : ' without'} proxy -> ${way.to}:${way.containerPort}`]
            : [],
        ),
      ),
    ),
  );
}

test.each(
  PAIRS.filter(({ from, to }) => ![from, to].some((state) => WAYS.some((way) => refusesPlaintext(state, way)))),
)(
  'from $from to $to, in any order of objects and with any pods restarted or not, no call is refused',
  ({ from, to }) => {
    expect(refused(from, to, () => false)).toEqual([]);
  },
);

test.each(PAIRS)(
  'from $from to $to, in any order of objects, no call is refused whose caller has its proxy where plain text is refused',
  ({ from, to }) => {
    expect(refused(from, to, (way) => refusesPlaintext(from, way) || refusesPlaintext(to, way))).toEqual([]);
  },
);

test.each(PAIRS)('from $from to $to, what both refuse in plain text is refused in between', ({ from, to }) => {
  const both = WAYS.filter((way) => refusesPlaintext(from, way) && refusesPlaintext(to, way));
  const strict = [from, to].every((state) => WAYS.some((way) => refusesPlaintext(state, way)));
  expect(both.length > 0).toBe(strict);
  const let_in = mixtures(at(from), at(to)).flatMap((mixture) =>
    both.filter((way) => accepted(mixture, call(way, false, true))),
  );
  expect(let_in).toEqual([]);
});

test('at every stage, who has no identity is served where an exception or the Kubernetes API needs it', () => {
  for (const state of STATES) {
    expect(allows(state, { from: 'outside', to: 'billing', containerPort: 5000 })).toBe(true);
    expect(allows(state, { from: 'outside', to: 'payment', containerPort: 9443 })).toBe(true);
  }
});

test('from the stage on that says so, everybody else without an identity is refused', () => {
  const served = (state: State) =>
    WAYS.filter((way) => way.from === 'outside' && allows(state, way)).map(
      ({ to, containerPort }) => `${to}:${containerPort}`,
    );
  const exempted = ['payment:9443', 'billing:5000'];
  expect(served(OBSERVED)).toHaveLength(6);
  expect(served(STRICT_WORKLOADS)).toEqual(['web:8080', 'payment:9443', 'billing:8080', 'billing:5000']);
  expect(served(STRICT_NAMESPACES)).toEqual(exempted);
  expect(served(STRICT_MESH)).toEqual(exempted);
});

test.each(STATES.slice(2))(
  'an old pod that calls a new one is served before the first strict stage, and refused from it on: %s',
  (state) => {
    const old = call({ from: 'web', to: 'cart', containerPort: 8080 }, false, true);
    expect(accepted(at(state), old)).toBe(state === OBSERVED);
  },
);

describe('the check before the first strict stage', () => {
  const folder = temporaryFolder();

  /** What the command of the stage before prints where these pods run, of which each names its containers. */
  function check(pods: readonly (readonly [name: string, containers: string, init?: string])[]): string {
    const shop = new MigratingShop({ ...MIGRATION, stage: OBSERVED });
    let command = '';
    printed(() => (command = shop.migration?.nextChecks()[0]?.command ?? ''));
    const rows = pods.map(([name, containers, init = '<none>']) => `shop   ${name}   ${containers}   ${init}`);
    writeFileSync(join(folder, 'kubectl'), `#!/bin/sh\ncat <<'END'\n${rows.join('\n')}\nEND\n`);
    chmodSync(join(folder, 'kubectl'), 0o755);
    const env = { ...process.env, PATH: `${folder}:${process.env.PATH ?? ''}` };
    const { stdout, stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8', env });
    expect(stderr).toBe('');
    return stdout;
  }

  test('names the one pod that was not restarted, which is refused there', () => {
    const web: Way = { from: 'web', to: 'cart', containerPort: 8080 };
    expect(allows(OBSERVED, web) && allows(STRICT_WORKLOADS, web)).toBe(true);
    expect(refused(OBSERVED, STRICT_WORKLOADS, () => false)).toContain('web without proxy -> cart:8080');
    const said = check([
      ['web-7d4b9-x2x7q', 'server,istio-proxy'],
      ['web-5c6d8-old42', 'server'],
      ['cart-66f5b-8zk2p', 'server', 'istio-init,istio-proxy'],
    ]);
    expect(said.match(/\S+-\S+-\S+/g)).toEqual(['web-5c6d8-old42']);
  });

  test('prints nothing where every pod has its proxy, as a container or a native sidecar', () => {
    expect(
      check([
        ['web-7d4b9-x2x7q', 'istio-proxy,server'],
        ['cart-1', 'server', 'istio-proxy'],
      ]),
    ).toBe('');
  });

  test('does not take the name of a pod, or a container named like it, for a proxy', () => {
    expect(check([['istio-proxy-1', 'istio-proxy-helper']])).toContain('istio-proxy-1');
  });
});

describe('what the test of the stages would find', () => {
  const mode = (name: string, namespace: string, spec: object): Manifest => ({
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: { name, namespace },
    spec: spec as Record<string, unknown>,
  });
  const STRICT = { mtls: { mode: 'STRICT' } };
  const CART = { selector: { matchLabels: { app: 'cart' } } };
  const plain = call({ from: 'web', to: 'cart', containerPort: 8080 }, false, true);

  test('a port decides before its workload, that before its namespace, and that before the mesh', () => {
    const mesh = mode('default', 'istio-system', STRICT);
    const namespace = mode('default', 'shop', { mtls: { mode: 'PERMISSIVE' } });
    const workload = mode('cart', 'shop', { ...CART, ...STRICT });
    const port = mode('cart', 'shop', { ...CART, ...STRICT, portLevelMtls: { 8080: { mode: 'PERMISSIVE' } } });
    const unset = mode('cart', 'shop', { ...CART, portLevelMtls: { 9090: { mode: 'PERMISSIVE' } } });
    expect(
      [[], [mesh], [mesh, namespace], [mesh, namespace, workload], [namespace, port], [mesh, unset]].map((each) =>
        accepted(each, plain),
      ),
    ).toEqual([true, false, true, false, true, false]);
  });

  test('an exception that is applied after what it excepts from', () => {
    const late = mixtures(objects({ ...MIGRATION, exceptions: [], stage: STRICT_WORKLOADS }), at(STRICT_NAMESPACES));
    const way: Way = { from: 'outside', to: 'billing', containerPort: 5000 };
    expect(late.some((mixture) => !accepted(mixture, call(way, false, true)))).toBe(true);
  });

  test('mutual TLS that a DestinationRule asks for of pods that have no proxy yet', () => {
    const rule: Manifest = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: 'cart', namespace: 'shop' },
      spec: { host: 'cart.shop.svc.cluster.local', trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } },
    };
    const toOld = call({ from: 'web', to: 'cart', containerPort: 8080 }, true, false);
    expect(accepted([], toOld)).toBe(true);
    expect(accepted([rule], toOld)).toBe(false);
  });

  test('a policy that allows by identity, which a caller without a proxy has not', () => {
    const allow: Manifest = {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: 'cart', namespace: 'shop' },
      spec: { ...CART, rules: [{ from: [{ source: { principals: ['cluster.local/ns/shop/sa/web'] } }] }] },
    };
    expect(accepted([allow], plain)).toBe(false);
    expect(accepted([allow], call({ from: 'web', to: 'cart', containerPort: 8080 }, true, true))).toBe(true);
    expect(accepted([allow], call({ from: 'billing', to: 'cart', containerPort: 8080 }, true, true))).toBe(false);
  });
});
