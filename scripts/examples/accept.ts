import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { formatDiff } from './format-diff';
import { diffObjects } from './object-diff';
import { objects, readExpected, readOutput, readStacks } from './output';
import { stepDiff } from './step-diff';
import { migrations, stories, upgrades } from './stories';
import { synthStory } from './synth-story';

const folder = mkdtempSync(join(tmpdir(), 'examples-accept-'));
try {
  for (const story of stories()) {
    const output = join(folder, story.name);
    synthStory(story, output);
    const [before, after] = [readExpected(story.expected), readOutput(output)];
    mkdirSync(dirname(story.expected), { recursive: true });
    writeFileSync(story.expected, after);
    const stacks = readStacks(output);
    if (stacks !== '') writeFileSync(story.expectedStack, stacks);
    const changes = diffObjects(objects(before), objects(after));
    const onlyText = changes.length === 0 && before !== after;
    console.log(`${story.name}\n${onlyText ? 'only the order or the layout changed' : formatDiff(changes)}\n`);
  }
  for (const { stages } of [...migrations(), ...upgrades()]) {
    stages.forEach((stage, index) => writeFileSync(stage.diff, stepDiff(stages[index - 1], stage)));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
