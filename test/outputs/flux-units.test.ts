import { join } from 'node:path';
import { ApiObject, Chart, Duration, YamlOutputType } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import type { FluxUnitsOptions, MeshAppProps } from '../../lib';
import { FluxSourceKind, MeshApp, OutputLayout } from '../../lib';
import type { KubeObject } from '../../lib/testing';
import { schemaProblems } from '../../lib/testing';
import { filesOf, temporaryFolder } from './folders';

const folder = temporaryFolder();
const UNITS: FluxUnitsOptions = { name: 'shop', sourceName: 'platform' };
let apps = 0;

function object(chart: Chart, kind: string, name: string, fields: object = {}, apiVersion = 'v1'): ApiObject {
  return new ApiObject(chart, `${kind}-${name}`, { apiVersion, kind, metadata: { name }, ...fields });
}

function configMap(chart: Chart, name = 'settings'): ApiObject {
  return object(chart, 'ConfigMap', name, { data: { a: 'b' } });
}

/** The files of an app that is filled so. */
function written(fill: (app: MeshApp) => void, props: MeshAppProps = { fluxUnits: UNITS }): Record<string, string> {
  const outdir = join(folder, String((apps += 1)));
  const app = new MeshApp({ outdir, ...props });
  fill(app);
  app.synth();
  return filesOf(outdir);
}

type Unit = KubeObject & { readonly spec: Record<string, unknown> };

function unitsOf(files: Record<string, string>): Unit[] {
  return parseAllDocuments(files['_flux/units.k8s.yaml'] ?? '').map((document) => document.toJS() as Unit);
}

/** What each unit waits for, by name. */
function order(fill: (app: MeshApp) => void): Record<string, unknown> {
  return Object.fromEntries<unknown>(
    unitsOf(written(fill)).map(({ metadata, spec }) => [metadata?.name ?? '', spec['dependsOn']]),
  );
}

function charts(app: MeshApp, ...ids: string[]): Chart[] {
  return ids.map((id) => new Chart(app, id, { namespace: 'shop' }));
}

test('each chart is a unit of its own, in a folder of its own', () => {
  const files = written((app) => charts(app, 'cart', 'web').forEach((chart) => configMap(chart, chart.node.id)));
  expect(Object.keys(files).filter((path) => path.endsWith('.k8s.yaml'))).toEqual([
    '_flux/units.k8s.yaml',
    'cart/shop_ConfigMap_cart.k8s.yaml',
    'web/shop_ConfigMap_web.k8s.yaml',
  ]);
  expect(unitsOf(files)).toEqual(
    ['cart', 'web'].map((chart) => ({
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata: { name: `shop-${chart}`, namespace: 'flux-system' },
      spec: {
        interval: '10m',
        path: `./dist/${chart}`,
        prune: true,
        sourceRef: { kind: 'GitRepository', name: 'platform' },
        wait: true,
      },
    })),
  );
});

test('what can be chosen is written, and Flux takes it', () => {
  const fluxUnits = {
    name: 'boutique',
    sourceName: 'images',
    sourceKind: FluxSourceKind.OCI_REPOSITORY,
    path: 'production/dist/',
    namespace: 'gitops',
    interval: Duration.seconds(90),
    prune: false,
  };
  const units = unitsOf(written((app) => charts(app, 'cart').forEach((chart) => configMap(chart)), { fluxUnits }));
  expect(units).toMatchObject([
    {
      metadata: { name: 'boutique-cart', namespace: 'gitops' },
      spec: {
        interval: '90s',
        path: 'production/dist/cart',
        prune: false,
        sourceRef: { kind: 'OCIRepository', name: 'images' },
      },
    },
  ]);
  expect(schemaProblems(units)).toEqual([]);
});

describe('a unit waits', () => {
  it('for the chart that its own depends on, and folders keep their names', () => {
    const fill = (app: MeshApp) => {
      const [first, then] = charts(app, 'a-first', 'then') as [Chart, Chart];
      [first, then].forEach((chart) => configMap(chart, chart.node.id));
      first.addDependency(then);
    };
    expect(order(fill)).toEqual({ 'shop-a-first': [{ name: 'shop-then' }], 'shop-then': undefined });
    expect(Object.keys(order(fill))).toEqual(['shop-a-first', 'shop-then']);
    expect(Object.keys(written(fill))).toContain('a-first/shop_ConfigMap_a-first.k8s.yaml');
  });

  it('for the namespace, the definition and the subsets that are in other charts, each once', () => {
    const fill = (app: MeshApp) => {
      const [base, kinds, rules, web] = charts(app, 'base', 'kinds', 'rules', 'web') as [Chart, Chart, Chart, Chart];
      object(base, 'Namespace', 'shop', { metadata: { name: 'shop', namespace: undefined } });
      const names = { kind: 'Odd', plural: 'odds' };
      object(kinds, 'CustomResourceDefinition', 'odds.example.org', { spec: { group: 'example.org', names } });
      const rule = { host: 'cart', subsets: [{ name: 'v1' }] };
      object(rules, 'DestinationRule', 'cart', { spec: rule }, 'networking.istio.io/v1');
      const route = { http: [{ route: [{ destination: { host: 'cart', subset: 'v1' } }] }] };
      object(web, 'VirtualService', 'cart', { spec: route }, 'networking.istio.io/v1');
      object(web, 'Odd', 'one', {}, 'example.org/v1');
      configMap(web);
    };
    expect(order(fill)['shop-web']).toEqual([{ name: 'shop-base' }, { name: 'shop-kinds' }, { name: 'shop-rules' }]);
    expect(order(fill)['shop-rules']).toEqual([{ name: 'shop-base' }]);
  });

  it('for what an empty chart in between waits for, since that has no unit', () => {
    const fill = (app: MeshApp) => {
      const [web, between, base] = charts(app, 'web', 'between', 'base') as [Chart, Chart, Chart];
      [web, base].forEach((chart) => configMap(chart, chart.node.id));
      web.addDependency(between);
      between.addDependency(base);
    };
    expect(order(fill)).toEqual({ 'shop-web': [{ name: 'shop-base' }], 'shop-base': undefined });
  });
});

test('charts that need each other are refused by name', () => {
  const fill = (app: MeshApp) => {
    const [one, other] = charts(app, 'one', 'other') as [Chart, Chart];
    object(one, 'Namespace', 'shop', { metadata: { name: 'shop', namespace: undefined } });
    const needed = configMap(other);
    object(one, 'ConfigMap', 'late').addDependency(needed);
  };
  expect(() => written(fill)).toThrow('charts `one`, `other` need each other');
});

test.each<[string, MeshAppProps, string]>([
  ['another layout', { fluxUnits: UNITS, layout: OutputLayout.PER_APP }, 'the layout is `per app`'],
  [
    'another output type',
    { fluxUnits: UNITS, yamlOutputType: YamlOutputType.FILE_PER_CHART },
    'the layout is `per chart`',
  ],
  ['one kustomization', { fluxUnits: UNITS, kustomization: true }, '`kustomization` makes one unit'],
  ['a name with a slash', { fluxUnits: { ...UNITS, name: 'a/b' } }, '`name` of `fluxUnits` is `a/b`'],
  ['no source', { fluxUnits: { name: 'shop' } as FluxUnitsOptions }, '`sourceName` of `fluxUnits` is `undefined`'],
  ['a namespace in capitals', { fluxUnits: { ...UNITS, namespace: 'Flux' } }, '`namespace` of `fluxUnits` is `Flux`'],
  [
    'an unknown kind of source',
    { fluxUnits: { ...UNITS, sourceKind: 'Svn' as FluxSourceKind } },
    '`sourceKind` of `fluxUnits` is `Svn`',
  ],
  ['a path outside', { fluxUnits: { ...UNITS, path: '../dist' } }, '`path` of `fluxUnits` is `../dist`'],
  ['an absolute path', { fluxUnits: { ...UNITS, path: '/dist' } }, '`path` of `fluxUnits` is `/dist`'],
  ['no time at all', { fluxUnits: { ...UNITS, interval: Duration.seconds(0) } }, '`interval` of `fluxUnits` is 0'],
  [
    'a number for a time',
    { fluxUnits: { ...UNITS, interval: 10 as never } },
    '`interval` of `fluxUnits` is no duration',
  ],
  ['a name that is too long', { fluxUnits: { ...UNITS, name: 'n'.repeat(60) } }, 'and Flux takes 63'],
])('%s is refused', (_, props, message) => {
  expect(() => written((app) => charts(app, 'cart').forEach((chart) => configMap(chart)), props)).toThrow(message);
});

test('twenty orders of construction give the same bytes', () => {
  const ids = ['a', 'b', 'c', 'd'];
  const fill = (order: string[]) => (app: MeshApp) => {
    const made = new Map(order.map((id) => [id, charts(app, id)[0] as Chart]));
    made.forEach((chart, id) => configMap(chart, id));
    made.get('a')?.addDependency(made.get('d') as Chart, made.get('c') as Chart);
  };
  const first = written(fill(ids));
  for (let turn = 0; turn < 20; turn += 1) {
    const shuffled = [...ids].sort(() => Math.random() - 0.5);
    expect(written(fill(shuffled))).toEqual(first);
  }
});
