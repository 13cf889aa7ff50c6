import { execFileSync } from 'node:child_process';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPaths } from '../../lib/manifests/folder';
import { temporaryFolder } from '../outputs/folders';
import { HOSTILE } from './hostile-files';

const root = temporaryFolder();
const SERVICE = 'apiVersion: v1\nkind: Service\nmetadata: { name: cart }\n';
let count = 0;

/** Reads a file with this content, beside one that is well. */
function readBeside(content: string | Uint8Array) {
  const folder = join(root, String(count++));
  mkdirSync(folder);
  writeFileSync(join(folder, 'a.yaml'), content);
  writeFileSync(join(folder, 'b.yaml'), SERVICE);
  const begin = process.cpuUsage();
  const { objects, problems, leftAlone } = readPaths([folder]);
  return {
    objects: objects.map(({ object, file }) => `${object.metadata?.name} ${file.slice(folder.length + 1)}`),
    values: objects.map(({ object }) => object),
    problems: problems.map(({ file, line, message }) => `${file.slice(folder.length + 1)}:${line}: ${message}`),
    leftAlone,
    // Others may need the processor, too.
    millis: process.cpuUsage(begin).user / 1_000,
  };
}

test.each(HOSTILE)(
  '$name: a problem with its line in no time, and the file beside it is read',
  ({ content, problem }) => {
    const { objects, problems, millis } = readBeside(content());
    expect(problems[0]).toMatch(problem);
    expect(problems.length).toBeLessThanOrEqual(10);
    expect(objects).toEqual(expect.arrayContaining(['cart b.yaml']));
    expect(millis).toBeLessThan(2_000);
  },
);

test.each<[string, string | Uint8Array, number]>([
  ['a byte-order mark', `\uFEFF${SERVICE}`, 1],
  ['ends of lines of Windows', `${SERVICE}---\n${SERVICE}`.replaceAll('\n', '\r\n'), 2],
  ['empty documents', `---\n---\n# nothing\n---\n${SERVICE}...\n---\n`, 1],
  ['half a million of empty documents', '---\n'.repeat(500_000), 0],
  ['directives', `%YAML 1.1\n---\n${SERVICE}...\n%YAML 1.1\n---\n${SERVICE}`, 2],
  ['20,000 keys', `${SERVICE}data:\n${Array.from({ length: 20_000 }, (_, index) => `  k${index}: v\n`).join('')}`, 1],
  ['braces in a text', `${SERVICE}data: { legend: "{{pod}}" }\n`, 1],
])('%s: nothing is wrong with that', (_, content, expected) => {
  const { objects, problems, millis } = readBeside(content);
  expect(problems).toEqual([]);
  expect(objects).toHaveLength(expected + 1);
  expect(millis).toBeLessThan(2_000);
});

test('scalars mean what they mean to kubectl', () => {
  const { values } = readBeside(`${SERVICE}data: { day: 2020-01-01, time: 12:30, mode: 010, on: yes, big: 1_000 }\n`);
  expect(values[0]?.['data']).toEqual({ day: '2020-01-01', time: '12:30', mode: 8, true: true, big: 1000 });
});

test('a file of 100 MB is refused by its size, without reading it', () => {
  const file = join(root, 'large.yaml');
  writeFileSync(file, '');
  truncateSync(file, 100_000_000);
  expect(readPaths([file]).problems).toEqual([
    { file, line: 1, message: 'it has 96 MiB, and at most 64 MiB are read: divide it into several files' },
  ]);
});

test('pipes are read where they are named, and nowhere else', () => {
  const folder = join(root, 'pipes');
  const pipe = join(folder, 'pipe.yaml');
  mkdirSync(folder);
  execFileSync('mkfifo', [pipe]);
  expect(readPaths([folder]).problems).toEqual([{ file: pipe, line: 1, message: 'it is no file' }]);
  const writer = `printf '%s' '${SERVICE}' > '${pipe}' &`;
  execFileSync('bash', ['-c', writer], { stdio: 'ignore' });
  expect(readPaths([pipe]).objects).toHaveLength(1);
});

test('a path that is missing is a problem, and the others are read; a file that is named twice counts once', () => {
  const folder = join(root, 'twice');
  mkdirSync(folder);
  writeFileSync(join(folder, 'a.yaml'), SERVICE);
  const { objects, problems } = readPaths([folder, join(root, 'missing'), join(folder, 'a.yaml')]);
  expect(objects).toHaveLength(1);
  expect(problems).toEqual([
    { file: join(root, 'missing'), line: 1, message: expect.stringMatching(/^ENOENT/) as string },
  ]);
});

test('what is for no cluster is left alone, and said so', () => {
  const folder = join(root, 'foreign');
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  const files: Readonly<Record<string, string>> = {
    'Chart.yaml': 'name: shop\n',
    'README.md': '# [\n',
    'kustomization.yaml': 'resources: [a.yaml]\n',
    'named-otherwise.yaml': 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n',
    'node_modules/a.yaml': SERVICE,
    'values.yaml': 'image: { tag: v1 }\n---\n- a\n',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const { objects, problems, leftAlone } = readPaths([folder]);
  expect({ objects, problems }).toEqual({ objects: [], problems: [] });
  expect(leftAlone.map(({ file, reason }) => `${file.slice(folder.length + 1)}: ${reason}`)).toEqual([
    'Chart.yaml: the chart of Helm',
    'README.md: neither YAML nor JSON',
    'kustomization.yaml: a kustomization',
    'named-otherwise.yaml: a kustomization',
    'node_modules: a folder of a tool',
    'values.yaml: no Kubernetes object',
  ]);
});

test('half an object is a problem, not something foreign', () => {
  expect(readBeside('apiVersion: v1\nmetadata: { name: cart }\n').problems).toEqual([
    'a.yaml:1: it is no Kubernetes object: `apiVersion` or `kind` is no text',
  ]);
});
