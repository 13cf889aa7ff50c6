import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, Chart, JsonPatch, Lazy, Names } from 'cdk8s';
import { MeshApp, OutputLayout } from '../../lib';
import { temporaryFolder } from './folders';

const folder = temporaryFolder();
const outdir = join(folder, 'dist');

function refusal(build: (chart: Chart) => void, props: ConstructorParameters<typeof MeshApp>[0] = {}): string {
  const app = new MeshApp({ outdir, ...props });
  build(new Chart(app, 'shop', { namespace: 'shop' }));
  try {
    app.synth();
  } catch (error) {
    expect(existsSync(outdir)).toBe(false);
    return (error as Error).message;
  }
  throw new Error('was accepted');
}

function withData(data: unknown): (chart: Chart) => void {
  return (chart) =>
    new ApiObject(chart, 'settings', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data });
}

function named(name: string): (chart: Chart) => void {
  return (chart) => new ApiObject(chart, 'settings', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
}

const cyclic: Record<string, unknown> = {};
cyclic.self = cyclic;
const endless = { resolve: (): unknown => endless };

describe('values that no manifest can hold name the construct and the field', () => {
  test.each([
    ['a Date', { when: new Date(0) }, 'a Date at `data.when`'],
    ['a function', { run: () => 1 }, 'a function at `data.run`'],
    ['a BigInt', { list: [1, { size: 10n }] }, 'a bigint at `data.list[1].size`'],
    ['undefined in a list', { list: ['a', undefined] }, 'undefined at `data.list[1]`'],
    ['a hole in a list', { list: new Array(1) as unknown[] }, 'undefined at `data.list[0]`'],
    ['NaN', { ratio: NaN }, '`NaN` at `data.ratio`'],
    ['infinity', { ratio: -Infinity }, '`-Infinity` at `data.ratio`'],
    ['a symbol', { sign: Symbol('x') }, 'a symbol at `data.sign`'],
    ['a Map', { map: new Map() }, 'a Map at `data.map`'],
    ['half a character', { text: '\ud800' }, 'half of a Unicode character at `data.text`'],
    ['half a character in a key', { '\udfff': 1 }, 'half of a Unicode character at `data`'],
    ['data that contains itself', cyclic, 'data that contains itself at `data.self.self.'],
    ['a Date from a token', { when: Lazy.any({ produce: () => new Date(0) }) }, 'a Date at `data.when`'],
    ['a token without end', { text: endless }, 'a token that resolves to itself at `data.text`'],
  ])('%s', (_, data, message) => {
    const text = refusal(withData(data));
    expect(text).toContain('MESH-OUT-001: `shop/settings` (`ConfigMap settings`) has ' + message);
    expect(text).toMatch(/, which no manifest can hold; fix: ./);
  });

  test('in metadata, from patches, and from tokens that fail', () => {
    const inMetadata = (chart: Chart): void =>
      void new ApiObject(chart, 'a', {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { annotations: { at: new Date(0) as unknown as string } },
      });
    expect(refusal(inMetadata)).toContain('`shop/a`');
    expect(refusal(inMetadata)).toContain('a Date at `metadata.annotations.at`');
    const patched = (chart: Chart): void =>
      new ApiObject(chart, 'b', { apiVersion: 'v1', kind: 'ConfigMap' }).addJsonPatch(JsonPatch.add('/no/way', 1));
    expect(refusal(patched)).toMatch(/^MESH-OUT-001: `shop\/b` .* cannot be written: .*fix: correct its props/s);
    const failing = withData({
      a: Lazy.any({
        produce: (): unknown => {
          throw new Error('no such host');
        },
      }) as unknown,
    });
    expect(refusal(failing)).toContain('`shop/settings` (`ConfigMap settings`) cannot be written: no such host');
  });

  test('null in a list is data', () => {
    const app = new MeshApp();
    withData({ list: [null] })(new Chart(app, 'shop'));
    expect(app.synthYaml()).toContain('list:\n    - null\n');
  });
});

describe('names that break out of a file or that no cluster takes', () => {
  test.each([
    ['a line break', 'a\nb', 'has a control character'],
    ['a way up', '../evil', 'is no segment of a path'],
    ['the folder above', '..', 'is no segment of a path'],
    ['NUL', 'a\0b', 'has a control character'],
    ['254 characters', 'a'.repeat(254), 'has 254 characters, more than 253'],
    ['nothing', '', 'is empty'],
  ])('%s', (_, name, message) => {
    for (const layout of Object.values(OutputLayout)) {
      expect(refusal(named(name), { layout })).toMatch(/^MESH-OUT-002: `metadata\.name` of `shop\/settings` is /);
      expect(refusal(named(name), { layout })).toContain(message);
    }
  });

  test('a namespace with a way up, a kind with a line break', () => {
    const object = (kind: string, namespace: string) => (chart: Chart) =>
      void new ApiObject(chart, 'x', { apiVersion: 'v1', kind, metadata: { name: 'x', namespace } });
    expect(refusal(object('ConfigMap', '../up'))).toContain('`metadata.namespace` of `shop/x` is `"../up"`');
    expect(refusal(object('Config\nMap', 'shop'))).toContain('`kind` of `shop/x` is `"Config\\nMap"`');
  });

  test('253 characters fit into a file name, and stay apart', () => {
    const app = new MeshApp({ outdir: join(folder, 'long'), layout: OutputLayout.PER_RESOURCE });
    const chart = new Chart(app, 'shop');
    for (const end of ['a', 'b']) {
      new ApiObject(chart, end, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x'.repeat(252) + end } });
    }
    expect(() => app.synth()).not.toThrow();
  });

  test('a chart with no name', () => {
    expect(() => new Chart(new MeshApp(), '')).toThrow('Only root constructs may have an empty ID');
  });
});

describe('two of one', () => {
  test('objects of one identity are an error naming both constructs', () => {
    const twins = (chart: Chart): void => {
      named('same')(chart);
      new ApiObject(chart, 'again', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'same' } });
    };
    expect(refusal(twins)).toBe(
      'MESH-API-033: `ConfigMap shop/same` stands twice in the app: `shop/again` and `shop/settings`; fix: keep one of them, or give one another `name`',
    );
  });

  test('an object of a cluster is one, whatever namespace its chart has', () => {
    const roles = (chart: Chart): void => {
      for (const id of ['a', 'b']) {
        const scope = new Chart(chart.node.root, id, { namespace: id });
        new ApiObject(scope, 'r', {
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'ClusterRole',
          metadata: { name: 'r' },
        });
      }
    };
    expect(refusal(roles)).toContain('`ClusterRole r` stands twice in the app: `a/r` and `b/r`');
  });

  test('names that differ in case only would be one file on some systems', () => {
    const cases = (chart: Chart): void => {
      for (const [id, name] of Object.entries({ lower: 'role', upper: 'Role' })) {
        new ApiObject(chart, id, { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name } });
      }
    };
    expect(refusal(cases, { layout: OutputLayout.PER_RESOURCE })).toMatch(
      /^MESH-OUT-003: `shop\/(lower|upper)` and `shop\/(lower|upper)` would both be written to /,
    );
  });

  test('charts of one file name are an error naming both constructs', () => {
    jest.spyOn(Names, 'toDnsLabel').mockReturnValue('same');
    const charts = (chart: Chart): void => {
      named('x')(chart);
      named('y')(new Chart(chart.node.root, 'SHOP'));
    };
    expect(refusal(charts)).toMatch(/^MESH-OUT-003: `(shop|SHOP)` and `(shop|SHOP)` would both be written to `same/);
    jest.restoreAllMocks();
  });
});

test('an output path that is a file', () => {
  const file = join(folder, 'file');
  writeFileSync(file, 'mine');
  const app = new MeshApp({ outdir: file });
  named('x')(new Chart(app, 'shop'));
  expect(() => app.synth()).toThrow(/^MESH-OUT-006: the output folder `.*\/file` is no folder; fix: remove it/);
});
