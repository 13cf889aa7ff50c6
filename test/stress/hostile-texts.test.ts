import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { load } from 'js-yaml';
import { parse } from 'yaml';
import { toYaml } from '../../lib/outputs/yaml';
import { hostileDocument, hostileTexts } from '../outputs/hostile-texts';

const texts = hostileTexts(20_000);

test('there are more than 100,000 hostile texts', () => expect(texts.length).toBeGreaterThan(100_000));

test.each<[string, (text: string) => unknown]>([
  ['js-yaml', (text) => load(text)],
  ['yaml, as YAML 1.2', (text) => parse(text) as unknown],
  ['yaml, as YAML 1.1', (text) => parse(text, { version: '1.1' }) as unknown],
])('all come back through %s as values, keys, names and items', (_, read) => {
  const broken = texts.filter((text) => {
    const document = hostileDocument(text);
    try {
      return JSON.stringify(read(toYaml(document))) !== JSON.stringify(document);
    } catch {
      return true;
    }
  });
  expect(broken).toEqual([]);
});

test('all come back through sigs.k8s.io/yaml, which kubectl reads with', () => {
  const lines = texts.map((text) => {
    const document = hostileDocument(text);
    return `${JSON.stringify({ yaml: toYaml(document), json: JSON.stringify(document) })}\n`;
  });
  const run = spawnSync('go', ['run', './roundtrip'], {
    cwd: resolve(__dirname, '../../conformance'),
    input: lines.join(''),
    encoding: 'utf8',
  });
  // Go tells on its error output what it downloads.
  expect([run.status === 0 ? '' : run.stderr, run.stdout]).toEqual(['', `${texts.length}\n`]);
});
