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
