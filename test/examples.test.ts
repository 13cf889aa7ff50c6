import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readExpected, readOutput } from '../scripts/examples/output';
import { stories } from '../scripts/examples/stories';

const outdir = process.env.CDK8S_OUTDIR;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'example-'));
  process.env.CDK8S_OUTDIR = folder;
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  if (outdir === undefined) delete process.env.CDK8S_OUTDIR;
  else process.env.CDK8S_OUTDIR = outdir;
});

test('there are examples', () => {
  expect(stories()).not.toEqual([]);
});

for (const story of stories()) {
  test(`the example ${story.name} synthesizes exactly what its expected.yaml says; fix: npm run examples:accept`, () => {
    jest.isolateModules(() => jest.requireActual<object>(story.main));
    expect(readOutput(folder)).toBe(readExpected(story.expected));
  });
}
