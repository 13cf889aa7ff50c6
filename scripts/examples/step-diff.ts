import { formatDiff } from './format-diff';
import { diffObjects } from './object-diff';
import { objects, readExpected } from './output';
import type { Story } from './stories';

/** What the step from one accepted output to the next one changes; everything is new where there is none before. */
export function stepDiff(before: Story | undefined, after: Story): string {
  const from = before === undefined ? [] : objects(readExpected(before.expected));
  return `${formatDiff(diffObjects(from, objects(readExpected(after.expected))))}\n`;
}
