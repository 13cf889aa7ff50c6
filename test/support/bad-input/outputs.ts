import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, Chart, Names, YamlOutputType } from 'cdk8s';
import { MeshApp, OutputLayout } from '../../../lib';
import { synth } from '../../../lib/cli/synth';
import { Code } from '../../../lib/errors';
import type { Provocation } from './provocation';
import { untyped } from './provocation';

/** Calls with a folder that is gone afterwards. */
function inFolder<T>(call: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'bad-input-'));
  try {
    return call(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function configMap(chart: Chart, name: string, data: unknown = {}): ApiObject {
  return new ApiObject(chart, 'settings', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });
}

function synthesized(build: (chart: Chart) => void): unknown {
  const app = new MeshApp();
  build(new Chart(app, 'shop'));
  return app.synthYaml();
}

function project(config: string, main = ''): unknown {
  return inFolder((folder) => {
    writeFileSync(join(folder, 'cdk8s.yaml'), config);
    writeFileSync(join(folder, 'main.js'), main);
    return synth({ folder, validate: true });
  });
}

export const OUTPUTS: readonly Provocation[] = [
  {
    code: Code.OUTPUT_VALUE,
    input: 'a Date in an object',
    value: 'data.when',
    provoke: () => synthesized((chart) => configMap(chart, 'settings', { when: new Date(0) })),
  },
  {
    code: Code.OUTPUT_NAME,
    input: 'a name that is a way up',
    value: '"../settings"',
    provoke: () => synthesized((chart) => configMap(chart, '../settings')),
  },
  {
    code: Code.FILE_TWICE,
    input: 'two charts of one file name',
    value: 'again',
    provoke: () =>
      inFolder((outdir) => {
        const name = jest.spyOn(Names, 'toDnsLabel').mockReturnValue('same');
        const app = new MeshApp({ outdir });
        for (const id of ['shop', 'again']) configMap(new Chart(app, id), id);
        try {
          return app.synth();
        } finally {
          name.mockRestore();
        }
      }),
  },
  {
    code: Code.DEPENDENCY_CYCLE,
    input: 'objects that wait for each other',
    value: 'shop/settings',
    provoke: () =>
      synthesized((chart) => {
        const [one, other] = [
          configMap(chart, 'one'),
          new ApiObject(chart, 'other', { apiVersion: 'v1', kind: 'Secret' }),
        ];
        one.addDependency(other);
        other.addDependency(one);
      }),
  },
  {
    code: Code.OUTPUT_OPTION,
    input: 'a layout beside an output type',
    value: 'layout',
    provoke: () => new MeshApp({ layout: OutputLayout.PER_APP, yamlOutputType: YamlOutputType.FILE_PER_APP }),
  },
  {
    code: Code.OUTPUT_OPTION,
    input: 'a layout that is none',
    value: 'flat',
    provoke: () => new MeshApp({ layout: untyped('flat') }),
  },
  ...(
    [
      ['path', 7],
      ['interval', null],
      ['prune', 'no'],
    ] satisfies [string, unknown][]
  ).map(([value, given]) => ({
    code: Code.OUTPUT_OPTION,
    input: `units of Flux whose \`${value}\` is none`,
    value,
    provoke: () => new MeshApp({ fluxUnits: untyped({ name: 'app', sourceName: 'app', [value]: given }) }),
  })),
  {
    code: Code.OUTPUT_FOLDER,
    input: 'an output folder that is a file',
    value: 'outdir',
    provoke: () =>
      inFolder((folder) => {
        writeFileSync(join(folder, 'dist'), '');
        return new MeshApp({ outdir: join(folder, 'dist') }).synth();
      }),
  },
  {
    code: Code.OUTPUT_LINK,
    input: 'a link out of the output folder in the place of a file',
    value: 'shop.k8s.yaml',
    provoke: () =>
      inFolder((folder) => {
        mkdirSync(join(folder, 'dist'));
        symlinkSync(tmpdir(), join(folder, 'dist', 'shop.k8s.yaml'));
        const app = new MeshApp({ outdir: join(folder, 'dist') });
        configMap(new Chart(app, 'shop'), 'settings');
        return app.synth();
      }),
  },
  {
    code: Code.PROJECT_CONFIG,
    input: 'a cdk8s.yaml without app',
    value: 'app',
    provoke: () => project('language: typescript'),
  },
  {
    code: Code.APP_FAILED,
    input: 'an app that fails',
    value: '3',
    provoke: () => project('app: exit 3'),
  },
  {
    code: Code.OUTPUT_INVALID,
    input: 'manifests that an API server would refuse',
    value: 'eighty',
    provoke: () =>
      project(
        'app: node main.js',
        `const manifest = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a', namespace: 'b' }, spec: { ports: [{ port: 'eighty' }] } };
         const { mkdirSync, writeFileSync } = require('node:fs');
         mkdirSync(process.env.CDK8S_OUTDIR);
         writeFileSync(process.env.CDK8S_OUTDIR + '/a.yaml', JSON.stringify(manifest));`,
      ),
  },
];
