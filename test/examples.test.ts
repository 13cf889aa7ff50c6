import { formatDiff } from '../scripts/examples/format-diff';
import { diffObjects } from '../scripts/examples/object-diff';
import { objects, readExpected } from '../scripts/examples/output';
import { stories } from '../scripts/examples/stories';
import { synthOutputs } from './support/synth-example';

test('there are examples', () => {
  expect(stories()).not.toEqual([]);
});

for (const story of stories()) {
  test(`the example ${story.name} synthesizes exactly what its expected.yaml says; fix: npm run examples:accept`, () => {
    const expected = readExpected(story.expected);
    const { manifests, stacks } = synthOutputs(story.name);
    expect(formatDiff(diffObjects(objects(expected), objects(manifests)))).toBe('no object changed');
    expect(manifests).toBe(expected);
    expect(stacks).toBe(readExpected(story.expectedStack));
  });
}
