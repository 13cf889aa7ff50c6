import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { toYaml } from '../../lib/outputs/yaml';
import { hostileDocument, hostileTexts } from '../outputs/hostile-texts';

const texts = hostileTexts(20_000);

test('all hostile texts come back through sigs.k8s.io/yaml, which kubectl reads with', () => {
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
