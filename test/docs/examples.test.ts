import { readFileSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { isExcerpt, pageExamples, runExample } from './page-examples';

// End dates on pages are judged as of this day.
process.env.CDK8S_MESH_TODAY = '2026-06-01';

const ROOT = resolve(__dirname, '../..');
const pages = [
  join(ROOT, 'README.md'),
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => join(ROOT, 'docs', name)),
];

for (const page of pages) {
  for (const example of pageExamples(readFileSync(page, 'utf8'))) {
    test(`the example at ${relative(ROOT, page)}:${example.line} does what the page says`, () => {
      const { objects, printed, error } = runExample(example, (name) => jest.requireActual<object>(name), {
        test: (_name: string, body: () => void) => body(),
        expect,
      });
      for (const fence of example.yaml) {
        for (const excerpt of parseAllDocuments(fence.code).map((document) => document.toJS() as unknown)) {
          const found = objects.some((object) => isExcerpt(excerpt, object));
          expect({ line: fence.line, excerpt, found }).toEqual({ line: fence.line, excerpt, found: true });
        }
      }
      expect(example.text.some(({ code }) => error?.includes(code.trim())) ? undefined : error).toBeUndefined();
      for (const { code } of example.text) {
        expect(`${printed}\n${error ?? ''}`).toContain(code.trim());
      }
    });
  }
}
