import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { crdSources } from '../../../scripts/imports/sources';

const CRDS = resolve(__dirname, '../../../conformance/crds.txt');

test('the conformance suite validates by the CRDs that the schemas were made from', () => {
  const lines = readFileSync(CRDS, 'utf8').split('\n');
  const modules = lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split(' ').slice(0, 2));
  expect(modules).not.toHaveLength(0);
  const pinned = crdSources.map(({ module, version }) => [module, version]);
  for (const module of modules) expect(pinned).toContainEqual(module);
});
