import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { objects, readOutput } from '../examples/output';
import { synthStory } from '../examples/synth-story';
import { withCounts, withObjects } from './by-hand';
import { pageSnippets } from './snippet';

const ROOT = join(__dirname, '../..');
const PAGE = join(ROOT, 'docs/by-hand.md');

/** Brings the page's objects and its table up to date with what its code gives. */
async function main(): Promise<void> {
  const options = { ...(await resolveConfig(PAGE)), parser: 'markdown' };
  const page = readFileSync(PAGE, 'utf8');
  const renewed = await format(withObjects(page, outputOf(page)), options);
  writeFileSync(PAGE, await format(withCounts(renewed), options));
}

function outputOf(page: string) {
  const code = pageSnippets(PAGE, page)
    .flat()
    .map((piece) => piece.code);
  // Inside of the package, whose name the code imports.
  const folder = mkdtempSync(join(ROOT, 'build/by-hand-'));
  try {
    const story = { name: 'by-hand', main: join(folder, 'main.ts'), expected: '' };
    writeFileSync(story.main, code.join('\n'));
    synthStory(story, join(folder, 'dist'));
    return objects(readOutput(join(folder, 'dist')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
