import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readManifests } from '../../lib/manifests/folder';
import { thrown } from '../support/mesh-app';
import { temporaryFolder } from '../outputs/folders';

const root = temporaryFolder();
let count = 0;

/** A folder with these files. */
function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = join(root, String(count++));
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const service = (name: string) => `apiVersion: v1\nkind: Service\nmetadata: { name: ${name} }\n`;

test('reads YAML and JSON below a folder, by path and then as it stands in the file', () => {
  const folder = folderOf({
    'b/z.yml': `${service('three')}---\n${service('four')}`,
    'b/a.json': '{"apiVersion":"v1","kind":"Service","metadata":{"name":"two"}}',
    'a.yaml': service('one'),
    'c.k8s.yaml': service('five'),
  });
  const read = readManifests(folder);
  expect(read.map(({ object }) => object.metadata?.name)).toEqual(['one', 'two', 'three', 'four', 'five']);
  expect(read.map(({ file, line }) => `${relative(folder, file)}:${line}`)).toEqual([
    'a.yaml:1',
    'b/a.json:1',
    'b/z.yml:1',
    'b/z.yml:5',
    'c.k8s.yaml:1',
  ]);
});

test('what is beside manifests is not read', () => {
  const folder = folderOf({
    'kustomization.yaml': 'resources: [a.yaml]\n',
    'Chart.yaml': 'apiVersion: v2\nname: shop\n',
    'construct-metadata.json': '{"version":"1.0.0","resources":{}}',
    '.cdk8s-mesh-index': 'a.yaml\n',
    'README.md': '# [\n',
    'empty.yaml': '# nothing\n',
  });
  mkdirSync(join(folder, 'folder.yaml'));
  expect(readManifests(folder)).toEqual([]);
});

test('links to files are read', () => {
  const folder = folderOf({ 'a.yaml': service('one') });
  symlinkSync('a.yaml', join(folder, 'b.yaml'));
  expect(readManifests(folder)).toHaveLength(2);
});

test('all that cannot be read is told at once, with file and line', () => {
  const folder = folderOf({
    'a.yaml': `${service('one')}---\n- a\n`,
    'b.yaml': 'a: [\n',
    'latin.yaml': Uint8Array.of(0x61, 0x3a, 0x20, 0xe4),
  });
  symlinkSync('missing.yaml', join(folder, 'nowhere.yaml'));
  symlinkSync('itself.yaml', join(folder, 'itself.yaml'));
  symlinkSync('.', join(folder, 'again'));
  execFileSync('mkfifo', [join(folder, 'pipe.yaml')]);
  const message = thrown(() => readManifests(folder));
  expect(message).toMatch(/^MESH-OUT-013: /);
  for (const part of [
    'a.yaml:5: it is no Kubernetes object',
    'again:1: it is a link to a folder',
    'b.yaml:2: ',
    'itself.yaml:1: ELOOP',
    'latin.yaml:1: it is no text in UTF-8',
    'nowhere.yaml:1: ENOENT',
    'pipe.yaml:1: it is no file',
  ]) {
    expect(message).toContain(join(folder, part));
  }
});

test('a folder that is not there is an error', () => {
  expect(thrown(() => readManifests(join(root, 'missing')))).toMatch(/^MESH-OUT-013: the folder `.*missing` cannot/);
});
