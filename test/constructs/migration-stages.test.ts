import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Chart } from 'cdk8s';
import { MeshedNamespace, MigrationStage, MtlsMigration, ZeroTrustNamespace } from '../../lib';
import { stage } from '../../lib/cli/stage';
import { temporaryFolder } from '../outputs/folders';
import type { Migration } from '../support/migrating-shop';
import { MigratingShop } from '../support/migrating-shop';
import { MeshApp, printed, thrown } from '../support/mesh-app';

const { ENROLLED, OBSERVED, STRICT_WORKLOADS, STRICT_NAMESPACES, STRICT_MESH } = MigrationStage;
const STAGES = [ENROLLED, OBSERVED, STRICT_WORKLOADS, STRICT_NAMESPACES, STRICT_MESH];
const LEGACY = { service: 'billing', ports: ['legacy'], reason: 'a mainframe calls it', until: '2099-12-31' };

const folder = temporaryFolder();
const PREVIOUS = join(folder, 'previous');
const NEXT = join(folder, 'next');

/** What stands in Git: a state of the app, by how it is made. */
type State = (previous: string | undefined) => { readonly app: { synthYaml(): string } };

const migrating =
  (migration: Migration): State =>
  (previous) =>
    new MigratingShop({ strict: ['cart'], ...migration }, previous === undefined ? {} : { previous });
const at = (stageOf: MigrationStage) => migrating({ stage: stageOf });
const meshed: State = (previous) => new MigratingShop(undefined, previous === undefined ? {} : { previous });
const zeroTrust: State = (previous) => {
  const app = new MeshApp({}, previous === undefined ? {} : { previous });
  app.service('cart');
  return app;
};

/** Manifests that are synthesized alone, written to a folder. */
function write(to: string, text: string): void {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to);
  writeFileSync(join(to, 'shop.yaml'), text);
}

const known = new Map<State, string>();

/** What a state becomes alone; each is synthesized once. */
function alone(state: State): string {
  const text = known.get(state) ?? synth(state);
  known.set(state, text);
  return text;
}

function synth(state: State, previous?: string): string {
  let text = '';
  printed(() => (text = state(previous).app.synthYaml()));
  return text;
}

/** What a synth says of a change, and what the command says; both have to agree. */
function change(before: State | undefined, after: State): string {
  write(PREVIOUS, before === undefined ? '' : alone(before));
  write(NEXT, alone(after));
  const said = stage(PREVIOUS, NEXT).join('\n');
  const failed = catching(() => synth(after, PREVIOUS));
  expect(codes(failed)).toEqual(codes(said));
  return said;
}

function catching(run: () => unknown): string {
  try {
    run();
    return '';
  } catch (error) {
    return String(error);
  }
}

function codes(text: string): readonly string[] {
  return text.match(/MESH-[A-Z]+-\d+/g) ?? [];
}

/** Everything that a namespace can be, in the order of the stages; the last one has no migration any more. */
const STATES: readonly (readonly [string, State])[] = [
  ['no migration', meshed],
  ...STAGES.map((each) => [each, at(each)] as const),
];
const PAIRS = STATES.flatMap(([from, before], i) =>
  STATES.map(([to, after], j) => ({ from, to, before, after, adjacent: Math.abs(i - j) <= 1 })),
);

test.each(PAIRS)('from $from to $to is well only if they are adjacent', ({ before, after, adjacent }) => {
  expect(codes(change(before, after))).toEqual(adjacent ? [] : ['MESH-API-101']);
});

test.each(STAGES)('the first commit of all may only enrol, not %s', (stageOf) => {
  expect(codes(change(undefined, at(stageOf)))).toEqual(stageOf === ENROLLED ? [] : ['MESH-API-101']);
});

test.each(STAGES)(
  'a zero-trust namespace may take over from strict namespaces only, and go back there only: %s',
  (each) => {
    const strict = each === STRICT_NAMESPACES || each === STRICT_MESH;
    expect(codes(change(at(each), zeroTrust))).toEqual(strict ? [] : ['MESH-API-101']);
    expect(codes(change(zeroTrust, at(each)))).toEqual(strict ? [] : ['MESH-API-101']);
  },
);

test('a jump names both places and what may come next', () => {
  const said = change(at(ENROLLED), at(STRICT_NAMESPACES));
  expect(said).toMatch(
    /^MESH-API-101: namespace `shop` jumps from `MigrationStage\.ENROLLED` to `MigrationStage\.STRICT_NAMESPACES`: before `PeerAuthentication shop\/default` \(`.*previous\/shop\.yaml:\d+`\), now `PeerAuthentication shop\/default` \(`.*next\/shop\.yaml:\d+`\); fix: one change moves one stage, so next may come: no migration, `MigrationStage\.ENROLLED`, `MigrationStage\.OBSERVED`$/,
  );
});

test('a namespace that leaves with everything takes its migration along', () => {
  const elsewhere: State = (previous) => {
    const app = new MeshApp({}, previous === undefined ? {} : { previous });
    new ZeroTrustNamespace(new Chart(app.app, 'bank'), 'Namespace', { name: 'bank' });
    return app;
  };
  expect(change(at(STRICT_NAMESPACES), elsewhere)).toBe('');
});

test.each([
  ['a stage that is none', /stage=observed/, 'stage=OBSERVED', 'which is no stage'],
  ['another mode', /mode: PERMISSIVE/, 'mode: STRICT', 'and its mode is `STRICT`'],
])('an annotation that was edited, or whose policy was, is an error: %s', (_, found, instead, message) => {
  write(PREVIOUS, synth(at(OBSERVED)).replace(found, instead));
  expect(readFileSync(join(PREVIOUS, 'shop.yaml'), 'utf8')).toContain(instead);
  const said = thrown(() => synth(at(OBSERVED), PREVIOUS));
  expect(said).toContain('MESH-API-102');
  expect(said).toContain(message);
});

describe('a second namespace', () => {
  /** The shop at one stage, and a namespace `bank` that is in the mesh, or not yet. */
  const and =
    (shopAt: MigrationStage, bank: MigrationStage | undefined): State =>
    (previous) => {
      const shop = new MigratingShop({ stage: shopAt, strict: ['cart'] }, previous === undefined ? {} : { previous });
      if (bank !== undefined) {
        const namespace = new MeshedNamespace(shop.chart, 'Bank', { name: 'bank' });
        new MtlsMigration(shop.chart, 'BankMigration', { namespaces: [namespace], stage: bank });
      }
      return shop;
    };

  test('may go its own way', () => {
    expect(change(and(STRICT_WORKLOADS, ENROLLED), and(STRICT_WORKLOADS, OBSERVED))).toBe('');
    expect(change(and(OBSERVED, undefined), and(OBSERVED, ENROLLED))).toBe('');
    expect(change(and(STRICT_WORKLOADS, undefined), and(STRICT_WORKLOADS, ENROLLED))).toBe('');
  });

  test('does not join in the change that begins to refuse plain text elsewhere: its pods may call there', () => {
    const said = change(and(OBSERVED, undefined), and(STRICT_WORKLOADS, ENROLLED));
    expect(codes(said)).toEqual(['MESH-API-101']);
    expect(said).toContain('namespace `bank` joins the mesh (`PeerAuthentication bank/default`');
    expect(said).toContain('`PeerAuthentication shop/cart`');
  });

  test('does not join while the whole mesh refuses plain text, nor in the change that ends this', () => {
    const said = change(and(STRICT_MESH, undefined), and(STRICT_NAMESPACES, ENROLLED));
    expect(codes(said)).toEqual(['MESH-API-101']);
    expect(said).toContain('`PeerAuthentication istio-system/default`');
    expect(change(and(STRICT_NAMESPACES, undefined), and(STRICT_NAMESPACES, ENROLLED))).toBe('');
  });
});

test('an exception comes a change before its namespace refuses plain text, or for a workload that says both itself', () => {
  const said = change(at(STRICT_WORKLOADS), migrating({ stage: STRICT_NAMESPACES, exceptions: [LEGACY] }));
  expect(codes(said)).toEqual(['MESH-API-101']);
  expect(said).toContain('`PeerAuthentication shop/billing`');
  const cart = { ...LEGACY, service: 'cart', ports: ['http'] };
  expect(change(at(OBSERVED), migrating({ stage: STRICT_WORKLOADS, exceptions: [cart] }))).toBe('');
  expect(
    change(
      migrating({ stage: STRICT_WORKLOADS, exceptions: [LEGACY] }),
      migrating({ stage: STRICT_NAMESPACES, exceptions: [LEGACY] }),
    ),
  ).toBe('');
  expect(change(at(STRICT_NAMESPACES), migrating({ stage: STRICT_NAMESPACES, exceptions: [LEGACY] }))).toBe('');
});

test('without what ran before, a warning says that nothing is compared', () => {
  const said = (previous?: string) => printed(() => at(ENROLLED)(previous).app.synthYaml());
  expect(said()).toContain('is compared with nothing that ran before');
  write(PREVIOUS, '');
  expect(said(PREVIOUS)).not.toContain('is compared with nothing');
});
