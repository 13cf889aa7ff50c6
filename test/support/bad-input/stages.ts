import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Chart, Yaml } from 'cdk8s';
import type { CanaryReleaseProps } from '../../../lib';
import {
  CanaryRelease,
  IstioMesh,
  Mesh,
  MeshedService,
  MigrationStage,
  Port,
  Workload,
  ZeroTrustNamespace,
} from '../../../lib';
import { Code } from '../../../lib/errors';
import { MigratingShop } from '../migrating-shop';
import { MeshApp, deployment, printed } from '../mesh-app';
import type { Provocation } from './provocation';
import { untyped } from './provocation';

type Plan = Pick<CanaryReleaseProps, 'plan' | 'furtherCandidates'>;
const STEPS = [5, 25, 50, 100];

/** A release of `cart` by a plan. */
function planned(plan: (app: MeshApp) => Plan, weightPercent?: number): MeshApp {
  const app = new MeshApp();
  const pods = (version: string) =>
    Workload.of(deployment(app.chart, `cart-${version}`, { labels: { app: 'cart', version } }));
  new CanaryRelease(app.chart, 'Release', {
    service: app.service('cart', { workload: pods('v1') }),
    stable: { version: 'v1' },
    candidate: { version: 'v2', workload: pods('v2'), ...(weightPercent === undefined ? {} : { weightPercent }) },
    ...plan(app),
  });
  return app;
}

/** Calls in a folder that is gone afterwards, with an app that writes to `dist` there. */
function inFolder(call: (use: (previous: string) => void, folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'bad-input-'));
  const before = process.cwd();
  try {
    process.chdir(folder);
    call((previous) => void Mesh.use(new App(), new IstioMesh({ version: '1.30.3' }), { previous }), folder);
  } finally {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  }
}

/** A synth where other manifests ran before. */
function after(text: string, at?: number): void {
  inFolder((_, folder) => {
    mkdirSync(join(folder, 'previous'));
    writeFileSync(join(folder, 'previous', 'shop.yaml'), text);
    const app = new App();
    Mesh.use(app, new IstioMesh({ version: '1.30.3' }), { previous: 'previous' });
    const chart = new Chart(app, 'shop', { namespace: 'shop' });
    const namespace = new ZeroTrustNamespace(chart, 'Namespace', { name: 'shop' });
    const pods = (version: string) =>
      Workload.of(deployment(chart, `cart-${version}`, { labels: { app: 'cart', version } }));
    const ports = [Port.http(80, { containerPort: 8080 })];
    const service = new MeshedService(chart, 'Cart', { name: 'cart', namespace, workload: pods('v1'), ports });
    if (at !== undefined) {
      new CanaryRelease(chart, 'Release', {
        service,
        stable: { version: 'v1' },
        candidate: { version: 'v2', workload: pods('v2') },
        plan: { steps: STEPS, at },
      });
    }
    app.synthYaml();
  });
}

/** What a migration of the shop becomes. */
function migrated(stage: MigrationStage): string {
  let text = '';
  printed(() => (text = new MigratingShop({ stage, strict: ['cart'] }).app.synthYaml()));
  return text;
}

function ran(at: number, edit: (text: string) => string = (text) => text): string {
  let text = '';
  printed(() => (text = Yaml.stringify(...planned(() => ({ plan: { steps: STEPS, at } })).objects())));
  return edit(text);
}

export const STAGES: readonly Provocation[] = [
  ...(
    [
      ['without steps', '[]', { steps: [], at: 0 }],
      ['that has lost its steps', '[]', { steps: untyped<number[]>(undefined), at: 0 }],
      ['whose steps do not increase', '20', { steps: [5, 50, 20], at: 0 }],
      ['with one step twice', '5', { steps: [5, 5], at: 0 }],
      ['with a step of no share', '0', { steps: [0, 5], at: 0 }],
      ['with a step above everything', '101', { steps: [50, 101], at: 0 }],
      ['with a part of a percent', '0.5', { steps: [0.5, 50], at: 0 }],
      ['at a step that it does not have', '5', { steps: STEPS, at: 5 }],
      ['at a step before the first', '-1', { steps: STEPS, at: -1 }],
      ['at no whole step', '1.5', { steps: STEPS, at: 1.5 }],
    ] satisfies [string, string, CanaryReleaseProps['plan']][]
  ).map(([input, value, plan]) => ({
    input: `a plan ${input}`,
    code: Code.PLAN,
    value,
    provoke: () => planned(() => ({ plan })),
  })),
  {
    input: 'a plan beside a weight',
    code: Code.PLAN,
    value: 'weightPercent',
    provoke: () => planned(() => ({ plan: { steps: STEPS, at: 1 } }), 5),
  },
  {
    input: 'a plan without a candidate',
    code: Code.PLAN,
    value: 'shop/cart',
    provoke: () => {
      const app = new MeshApp();
      const service = app.service('cart');
      new CanaryRelease(app.chart, 'Release', { service, stable: { version: 'v1' }, plan: { steps: STEPS, at: 0 } });
    },
  },
  {
    input: 'a candidate without a share',
    code: Code.WEIGHT,
    value: 'v2',
    provoke: () => planned(() => ({})),
  },
  {
    input: 'a plan that leaves too little for further candidates',
    code: Code.WEIGHT,
    value: '100',
    provoke: () =>
      planned((app) => {
        const labels = { app: 'cart', version: 'v3' };
        const workload = Workload.of(deployment(app.chart, 'cart-v3', { labels }));
        return {
          plan: { steps: STEPS, at: 1 },
          furtherCandidates: [{ version: 'v3', weightPercent: 10, workload }],
        };
      }),
  },
  { input: 'a plan that jumps', code: Code.PLAN_JUMP, value: 'at: 3', provoke: () => after(ran(1), 3) },
  {
    input: 'a previous plan that somebody wrote by hand',
    code: Code.PLAN_NOTE,
    value: 'cdk8s-mesh.github.io/release-plan: v2',
    provoke: () =>
      after(
        ran(1, (text) => text.replace(/(release-plan: ).*/, '$1v2')),
        1,
      ),
  },
  {
    input: 'a migration that leaves out a stage',
    code: Code.MIGRATION_JUMP,
    value: 'MigrationStage.STRICT_WORKLOADS',
    provoke: () => after(migrated(MigrationStage.STRICT_WORKLOADS)),
  },
  {
    input: 'a previous stage of a migration that somebody wrote by hand',
    code: Code.MIGRATION_NOTE,
    value: 'cdk8s-mesh.github.io/mtls-migration: soon',
    provoke: () => after(migrated(MigrationStage.ENROLLED).replace('stage=enrolled\n', 'soon\n')),
  },
  {
    input: 'a version that goes while it is routed to',
    code: Code.VERSION_MISSING,
    value: 'v1',
    provoke: () => after(ran(0, (text) => text.replace(/ +annotations:\n +cdk8s-mesh.*\n/, ''))),
  },
  ...['dist', 'dist/before', '.', 'dist/../dist'].map((previous) => ({
    input: `what ran before in ${previous}, which is emptied`,
    code: Code.PREVIOUS,
    value: `previous: '${previous}'`,
    provoke: () => inFolder((use) => use(previous)),
  })),
  {
    input: 'what ran before behind a link into the output',
    code: Code.PREVIOUS,
    value: 'dist',
    provoke: () =>
      inFolder((use, folder) => {
        symlinkSync(join(folder, 'dist'), join(folder, 'before'));
        use('before');
      }),
  },
  {
    input: 'what ran before in a folder that is missing',
    code: Code.PREVIOUS,
    value: "previous: '.mesh/previous'",
    provoke: () => inFolder((use) => use('.mesh/previous')),
  },
  {
    input: 'what ran before in a file',
    code: Code.PREVIOUS,
    value: "previous: 'a.yaml'",
    provoke: () =>
      inFolder((use, folder) => {
        writeFileSync(join(folder, 'a.yaml'), '');
        use('a.yaml');
      }),
  },
  {
    input: 'what ran before in broken manifests',
    code: Code.MANIFESTS,
    value: 'previous',
    provoke: () => after('a: [', 0),
  },
];
