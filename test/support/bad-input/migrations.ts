import { App, Chart } from 'cdk8s';
import type { MigrationException } from '../../../lib';
import { IstioMesh, Mesh, MeshedNamespace, MigrationStage, MtlsMigration, Peer } from '../../../lib';
import { Code } from '../../../lib/errors';
import type { Migration } from '../migrating-shop';
import { MigratingShop } from '../migrating-shop';
import { MeshApp, printed } from '../mesh-app';
import { onDay } from '../on-day';
import type { Provocation } from './provocation';
import { untyped } from './provocation';

const { ENROLLED, OBSERVED, STRICT_WORKLOADS, STRICT_NAMESPACES, STRICT_MESH } = MigrationStage;

/** A synth of the shop with this migration. */
function shop(migration: Migration, change: (shop: MigratingShop) => void = () => {}): void {
  const made = new MigratingShop(migration);
  change(made);
  made.objects();
}

/** The shop with one exception. */
function excepted(exception: Partial<Omit<MigrationException, 'service'>>, service = 'billing'): void {
  shop({
    stage: OBSERVED,
    exceptions: [{ service, ports: ['legacy'], reason: 'a mainframe', until: '2099-12-31', ...exception }],
  });
}

export const MIGRATIONS: readonly Provocation[] = [
  {
    input: 'a stage that is none',
    code: Code.MIGRATION,
    value: 'strict',
    provoke: () => shop({ stage: untyped('strict') }),
  },
  {
    input: 'single strict services without any',
    code: Code.MIGRATION,
    value: 'strict',
    provoke: () => shop({ stage: STRICT_WORKLOADS }),
  },
  ...['', '  ', untyped<string>(undefined)].map((reason) => ({
    input: `an exception whose reason is ${JSON.stringify(reason)}`,
    code: Code.MIGRATION,
    value: 'reason',
    provoke: () => excepted({ reason }),
  })),
  ...['soon', '2026-02-30', ''].map((until) => ({
    input: `an exception until ${JSON.stringify(until)}`,
    code: Code.END_DATE,
    value: 'legacy',
    provoke: () => excepted({ until }),
  })),
  {
    input: 'an exception past its end',
    code: Code.ENDED,
    value: '2026-11-30',
    provoke: () => printed(() => onDay('2026-12-01', () => excepted({ until: '2026-11-30' }))),
  },
  {
    input: 'an exception of a port that is none',
    code: Code.PORT_UNKNOWN,
    value: 'lgacy',
    provoke: () => excepted({ ports: ['lgacy'] }),
  },
  { input: 'an exception of no port', code: Code.MIGRATION, value: 'ports', provoke: () => excepted({ ports: [] }) },
  {
    input: 'an exception of a whole service that is strict',
    code: Code.MIGRATION,
    value: 'shop/cart',
    provoke: () =>
      shop({ stage: OBSERVED, strict: ['cart'], exceptions: [{ service: 'cart', reason: 'a', until: '2099-12-31' }] }),
  },
  ...(['strict', 'exceptions'] as const).map((field) => ({
    input: `a service of another namespace in ${field}`,
    code: Code.MIGRATION,
    value: 'bank/payment',
    provoke: () => {
      const app = new MeshApp();
      const namespace = new MeshedNamespace(app.chart, 'Bank', { name: 'bank' });
      const service = app.service('payment', { namespace });
      const namespaces = [new MeshedNamespace(app.chart, 'Namespace', { name: 'shop' })];
      const said = field === 'strict' ? [service] : [{ service, reason: 'a', until: '2099-12-31' }];
      new MtlsMigration(app.chart, 'Migration', { namespaces, stage: OBSERVED, [field]: said });
    },
  })),
  {
    input: 'no namespaces',
    code: Code.MIGRATION,
    value: 'namespaces',
    provoke: () => new MtlsMigration(new MeshApp().chart, 'Migration', { namespaces: [], stage: STRICT_NAMESPACES }),
  },
  {
    input: 'a namespace in two migrations',
    code: Code.MIGRATION,
    value: 'shop',
    provoke: () =>
      shop({ stage: ENROLLED }, ({ chart, namespace }) => {
        new MtlsMigration(chart, 'Second', { namespaces: [namespace], stage: ENROLLED });
      }),
  },
  {
    input: 'two migrations that speak for the whole mesh',
    code: Code.MIGRATION,
    value: 'MigrationStage.STRICT_MESH',
    provoke: () =>
      shop({ stage: STRICT_MESH }, ({ chart }) => {
        new MtlsMigration(chart, 'Second', { namespaces: [], stage: STRICT_MESH });
      }),
  },
  {
    input: 'a zero-trust namespace that is to migrate',
    code: Code.MIGRATION,
    value: 'shop',
    provoke: () => {
      const app = new MeshApp();
      new MtlsMigration(app.chart, 'Migration', { namespaces: [untyped(app.shop)], stage: ENROLLED });
    },
  },
  {
    input: 'a namespace of another mesh that is to migrate',
    code: Code.MIGRATION,
    value: 'shop',
    provoke: () => {
      const other = new App();
      Mesh.use(other, new IstioMesh({ version: '1.30.3' }));
      const namespaces = [new MeshedNamespace(new Chart(other, 'shop'), 'Namespace', { name: 'shop' })];
      new MtlsMigration(new MeshApp().chart, 'Migration', { namespaces, stage: ENROLLED });
    },
  },
  {
    input: 'a mesh that is to refuse what one of its namespaces serves',
    code: Code.MIGRATION,
    value: 'bank',
    provoke: () =>
      shop({ stage: STRICT_MESH }, ({ chart }) => void new MeshedNamespace(chart, 'Bank', { name: 'bank' })),
  },
  {
    input: 'a denial of everybody without an identity while callers have none yet',
    code: Code.MIGRATION,
    value: 'MigrationStage.OBSERVED',
    provoke: () => shop({ stage: OBSERVED }, (made) => made.get('cart').access.denyFromAllBut([made.get('web')])),
  },
  {
    input: 'a caller outside the mesh of a strict service',
    code: Code.CALLER_OUTSIDE,
    value: 'shop/cart',
    provoke: () =>
      shop({ stage: STRICT_NAMESPACES }, (made) => made.get('cart').access.allowFrom(Peer.namespace('ops'))),
  },
  {
    input: 'a stage as the last word',
    code: Code.MIGRATION_NEXT,
    value: 'MigrationStage.ENROLLED',
    provoke: () => {
      const made = new MigratingShop({ stage: ENROLLED });
      made.objects();
      return made.mesh.warnings().find((warning) => warning.startsWith(Code.MIGRATION_NEXT));
    },
  },
];
