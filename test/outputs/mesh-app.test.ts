import { join } from 'node:path';
import type { AppProps } from 'cdk8s';
import { ApiObject, App, Chart, JsonPatch, Lazy, Testing, YamlOutputType } from 'cdk8s';
import { KubeDeployment, IntOrString, KubeService } from 'cdk8s-plus-28/lib/imports/k8s';
import type { Construct } from 'constructs';
import { parseAllDocuments } from 'yaml';
import { MeshApp, OutputLayout } from '../../lib';
import { synthesize } from '../../lib/testing';
import { filesOf, temporaryFolder } from './folders';

const folder = temporaryFolder();

function configMap(scope: Construct, id: string, name = id, data: Record<string, unknown> = {}): ApiObject {
  return new ApiObject(scope, id, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });
}

function documents(text: string): unknown[] {
  return parseAllDocuments(text).map((document) => document.toJS() as unknown);
}

function names(text: string): string[] {
  return (documents(text) as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name);
}

/** What cdk8s has to get right: tokens, patches, generated classes, nested charts, nothing where there is nothing. */
function fill(app: App): void {
  const chart = new Chart(app, 'shop', { namespace: 'shop', labels: { team: 'shop' } });
  configMap(chart, 'settings', 'settings', { b: 'x', a: Lazy.any({ produce: () => '0x1F' }), none: undefined });
  new KubeService(chart, 'service', {
    metadata: { name: 'cart', annotations: {} },
    spec: {
      ports: [
        { port: 80, targetPort: IntOrString.fromNumber(8080) },
        { port: 81, targetPort: IntOrString.fromString('admin') },
      ],
    },
  });
  new KubeDeployment(chart, 'deployment', {
    metadata: { finalizers: ['example.org/f'] },
    spec: {
      selector: {},
      template: { spec: { containers: [{ name: 'c', command: [], env: [{ name: 'A', value: 'null' }] }] } },
    },
  });
  const inner = new Chart(chart, 'inner');
  configMap(inner, 'patched').addJsonPatch(JsonPatch.add('/data/z', 'z'), JsonPatch.add('/data/y', null));
  new ApiObject(inner, 'odd', {
    apiVersion: 'example.org/v1',
    kind: 'Odd',
    spec: { empty: {}, list: [], nested: [[1, [true]]] },
  });
}

describe('a drop-in for App', () => {
  test.each(Object.values(YamlOutputType).filter((type) => typeof type === 'number'))(
    'gives the same documents for output type %d',
    (yamlOutputType) => {
      const [apps, meshes] = [join(folder, `app-${yamlOutputType}`), join(folder, `mesh-${yamlOutputType}`)];
      for (const app of [new App({ outdir: apps, yamlOutputType }), new MeshApp({ outdir: meshes, yamlOutputType })]) {
        fill(app);
        app.synth();
      }
      const byName = (outdir: string): unknown =>
        Object.fromEntries(
          Object.entries(filesOf(outdir))
            .filter(([path]) => path.endsWith('.yaml'))
            .flatMap(([, text]) => documents(text) as { metadata: { name: string } }[])
            .map((document) => [document.metadata.name, document]),
        );
      expect(Object.keys(byName(apps) as object)).toHaveLength(5);
      expect(byName(meshes)).toEqual(byName(apps));
    },
  );

  test('names the files of charts as App does, with a number where charts depend on each other', () => {
    const outdir = join(folder, 'names');
    const app = new MeshApp({ outdir });
    const [b, a] = [new Chart(app, 'b'), new Chart(app, 'a')];
    configMap(b, 'x');
    configMap(a, 'y');
    app.synth();
    expect(Object.keys(filesOf(outdir))).toEqual(['.cdk8s-mesh-index', 'a.k8s.yaml', 'b.k8s.yaml']);
    a.addDependency(b);
    app.synth();
    expect(Object.keys(filesOf(outdir))).toEqual(['.cdk8s-mesh-index', '0000-b.k8s.yaml', '0001-a.k8s.yaml']);
  });

  test('takes the props of App, its resolvers among them', () => {
    const props: AppProps = {
      outdir: join(folder, 'props'),
      outputFileExtension: '.yml',
      recordConstructMetadata: true,
      resolvers: [
        {
          resolve: (context) => {
            if (context.value === 'secret') context.replaceValue('found');
          },
        },
      ],
    };
    const app = new MeshApp(props);
    configMap(new Chart(app, 'chart'), 'x', 'x', { password: 'secret' });
    app.synth();
    const files = filesOf(props.outdir ?? '');
    expect(documents(files['chart.yml'] ?? '')).toMatchObject([{ data: { password: 'found' } }]);
    expect(JSON.parse(files['construct-metadata.json'] ?? '')).toEqual({
      version: '1.0.0',
      resources: { x: { path: 'chart/x' } },
    });
  });

  test('works with `Testing.synth` and `synthYaml`', () => {
    const app = new MeshApp();
    const chart = new Chart(app, 'chart');
    configMap(chart, 'x');
    expect(Testing.synth(chart)).toHaveLength(1);
    expect(app.synthYaml()).toBe('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata: {}\n');
    expect(new MeshApp().synthYaml()).toBe('');
  });

  test('refuses a layout beside an output type', () => {
    const props = { layout: OutputLayout.PER_APP, yamlOutputType: YamlOutputType.FILE_PER_APP };
    expect(() => new MeshApp(props)).toThrow(/^MESH-OUT-005: .*; fix: give one of them/);
  });
});

describe('each thing once', () => {
  test('validates, and resolves each object, once, whatever the number of charts', () => {
    const app = new MeshApp({ outdir: join(folder, 'once') });
    const [validate, produce] = [jest.fn(() => []), jest.fn(() => 'v')];
    app.node.addValidation({ validate });
    for (let index = 0; index < 20; index += 1) {
      configMap(new Chart(app, `chart-${index}`), 'x', `x-${index}`, { key: Lazy.any({ produce }) });
    }
    app.synth();
    expect(validate).toHaveBeenCalledTimes(1);
    expect(produce).toHaveBeenCalledTimes(20);
  });

  test('validates once for the test helper, too', () => {
    const app = new MeshApp();
    const validate = jest.fn(() => []);
    app.node.addValidation({ validate });
    for (const id of ['a', 'b']) configMap(new Chart(app, id), 'x', id);
    expect(synthesize(app).map(({ metadata }) => metadata?.name)).toEqual(['a', 'b']);
    expect(validate).toHaveBeenCalledTimes(1);
  });

  test('reports all that constructs find invalid, and writes nothing', () => {
    const outdir = join(folder, 'invalid');
    const app = new MeshApp({ outdir });
    const chart = new Chart(app, 'chart');
    configMap(chart, 'x').node.addValidation({ validate: () => ['one', 'two'] });
    expect(() => app.synth()).toThrow('Validation failed with the following errors:\n  [chart/x] one\n  [chart/x] two');
    expect(() => filesOf(outdir)).toThrow('ENOENT');
  });
});

describe('order', () => {
  test('does not depend on the order of construction', () => {
    const build = (ids: string[]): string => {
      const app = new MeshApp();
      const charts = ['a', 'b'].map((id) => [id, () => new Chart(app, id)] as const);
      const made = new Map((ids[0] === 'x' ? charts : charts.reverse()).map(([id, make]) => [id, make()]));
      for (const id of ids) for (const chart of made.values()) configMap(chart, id, `${chart.node.id}-${id}`);
      return app.synthYaml();
    };
    expect(build(['z', 'y', 'x'])).toBe(build(['x', 'y', 'z']));
  });

  test.each([3, 40])('puts %d keys in order, also those that patches add', (count) => {
    const keys = Array.from({ length: count }, (_, index) => String.fromCharCode(200 - index));
    const build = (order: string[]): string => {
      const app = new MeshApp();
      const [first = '', ...others] = order;
      const object = configMap(new Chart(app, 'chart'), 'x', 'x', { [first]: 1 });
      for (const key of others) object.addJsonPatch(JsonPatch.add(`/data/${key}`, 1));
      return app.synthYaml();
    };
    expect(build(keys)).toBe(build([...keys].reverse()));
    expect(Object.keys((documents(build(keys)) as [{ data: object }])[0].data)).toEqual([...keys].sort());
  });

  test('puts what must exist first before what needs it, and dependencies before everything', () => {
    const app = new MeshApp();
    const chart = new Chart(app, 'chart', { namespace: 'shop' });
    const object = (kind: string, name: string, apiVersion = 'v1', spec = {}): ApiObject =>
      new ApiObject(chart, `${kind}-${name}`, { apiVersion, kind, metadata: { name }, spec });
    object('Deployment', 'deployment', 'apps/v1');
    object('Widget', 'widget', 'example.org/v1');
    const account = object('ServiceAccount', 'account');
    object('CustomResourceDefinition', 'crd', 'apiextensions.k8s.io/v1', {
      group: 'example.org',
      names: { kind: 'Widget' },
    });
    object('Namespace', 'shop');
    account.addDependency(object('Job', 'first', 'batch/v1'));
    expect(names(app.synthYaml())).toEqual(['shop', 'crd', 'widget', 'deployment', 'first', 'account']);
  });

  test('holds dependencies between constructs, charts and parts of constructs', () => {
    const app = new MeshApp();
    const [a, z] = [new Chart(app, 'a'), new Chart(app, 'z')];
    const inA = ['1', '2'].map((id) => configMap(a, id, `a-${id}`));
    ['1', '2'].forEach((id) => configMap(z, id, `z-${id}`));
    a.addDependency(z);
    a.addDependency(inA[1] as ApiObject);
    expect(names(app.synthYaml())).toEqual(['z-1', 'z-2', 'a-2', 'a-1']);
  });

  test('takes a chain of 10,000 and a wide graph', () => {
    const app = new MeshApp();
    const chart = new Chart(app, 'chart');
    const chain = Array.from({ length: 10_000 }, (_, index) => configMap(chart, `c${index}`));
    chain.forEach((object, index) => chain[index - 1]?.addDependency(object));
    const wide = configMap(chart, 'wide');
    wide.addDependency(...chain);
    const order = names(app.synthYaml());
    expect([order[0], order[9_999], order[10_000]]).toEqual(['c9999', 'c0', 'wide']);
  });

  test('names the constructs of a cycle', () => {
    const app = new MeshApp();
    const chart = new Chart(app, 'chart');
    const [a, b, c] = ['a', 'b', 'c'].map((id) => configMap(chart, id)) as [ApiObject, ApiObject, ApiObject];
    a.addDependency(b);
    b.addDependency(c);
    c.addDependency(a);
    expect(() => app.synthYaml()).toThrow(/^MESH-OUT-004: .*`chart\/a`.*fix: remove one `addDependency`/);
    expect(() => app.synthYaml()).toThrow(/`chart\/b`.*`chart\/c`|`chart\/c`.*`chart\/b`/);
  });
});

describe('layouts', () => {
  function written(props: ConstructorParameters<typeof MeshApp>[0]): Record<string, string> {
    const outdir = join(folder, `layout-${Math.random()}`);
    const app = new MeshApp({ outdir, ...props });
    const chart = new Chart(app, 'shop', { namespace: 'shop' });
    new ApiObject(chart, 'namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    for (const group of ['networking.istio.io', 'gateway.networking.k8s.io']) {
      new ApiObject(chart, group, { apiVersion: `${group}/v1`, kind: 'Gateway', metadata: { name: 'in' } });
    }
    configMap(new Chart(app, 'ops', { namespace: 'ops' }), 'in');
    new ApiObject(chart, 'role', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'a:b' },
    });
    app.synth();
    const { '.cdk8s-mesh-index': _index, ...files } = filesOf(outdir);
    return files;
  }

  test('per namespace: its Namespace first, and what has none apart', () => {
    const files = written({ layout: OutputLayout.PER_NAMESPACE });
    expect(Object.keys(files)).toEqual(['_cluster.k8s.yaml', 'ops.k8s.yaml', 'shop.k8s.yaml']);
    expect(names(files['shop.k8s.yaml'] ?? '')).toEqual(['shop', 'in', 'in']);
  });

  test('per resource: namespaces and groups stay apart', () => {
    expect(Object.keys(written({ layout: OutputLayout.PER_RESOURCE }))).toEqual([
      'ClusterRole.rbac.authorization.k8s.io_a%3Ab.k8s.yaml',
      'Namespace_shop.k8s.yaml',
      'ops_ConfigMap_in.k8s.yaml',
      'shop_Gateway.gateway.networking.k8s.io_in.k8s.yaml',
      'shop_Gateway.networking.istio.io_in.k8s.yaml',
    ]);
  });

  test('per app, with a kustomization', () => {
    const files = written({ layout: OutputLayout.PER_APP, kustomization: true });
    expect(Object.keys(files)).toEqual(['app.k8s.yaml', 'kustomization.yaml']);
    expect(documents(files['kustomization.yaml'] ?? '')).toEqual([
      { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources: ['app.k8s.yaml'] },
    ]);
  });

  test('routes to a subset come in a wave after the rules that define it', () => {
    const app = new MeshApp({ argoCdSyncWaves: true });
    const chart = new Chart(app, 'all', { namespace: 'shop' });
    const istio = (kind: string, name: string, spec: object) =>
      new ApiObject(chart, `${kind}-${name}`, {
        apiVersion: 'networking.istio.io/v1',
        kind,
        metadata: { name },
        spec,
      });
    const route = (destination: object) => ({ hosts: ['cart'], http: [{ route: [{ destination }] }] });
    istio('VirtualService', 'to-subset', route({ host: 'cart', subset: 'v1' }));
    istio('VirtualService', 'to-host', route({ host: 'cart' }));
    istio('DestinationRule', 'rule', { host: 'cart', subsets: [{ name: 'v1' }] });
    const made = documents(app.synthYaml()) as { metadata: { name: string; annotations?: Record<string, string> } }[];
    const waves = made.map(({ metadata }) => [metadata.name, metadata.annotations?.['argocd.argoproj.io/sync-wave']]);
    expect(Object.fromEntries(waves)).toEqual({ rule: undefined, 'to-host': undefined, 'to-subset': '1' });
  });

  test('sync waves follow what must exist first', () => {
    const text = written({ layout: OutputLayout.PER_APP, argoCdSyncWaves: true })['app.k8s.yaml'] ?? '';
    const waves = (documents(text) as { metadata: { name: string; annotations?: Record<string, string> } }[]).map(
      ({ metadata }) => [metadata.name, metadata.annotations?.['argocd.argoproj.io/sync-wave']],
    );
    expect(waves).toEqual([
      ['shop', undefined],
      ['in', undefined],
      ['a:b', undefined],
      ['in', '1'],
      ['in', '1'],
    ]);
  });
});
