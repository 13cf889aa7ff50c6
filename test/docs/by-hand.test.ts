import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { byHandTasks, objectOf, tableRow } from '../../scripts/docs/by-hand';
import { pageExamples, runExample } from './page-examples';

const PAGE = readFileSync(join(__dirname, '../../docs/by-hand.md'), 'utf8');
const tasks = byHandTasks(PAGE);

function output(): readonly unknown[] {
  const outcomes = pageExamples(PAGE).map((example) => runExample(example, (name) => jest.requireActual<object>(name)));
  expect(outcomes.map(({ error }) => error)).toEqual([undefined]);
  return outcomes.flatMap(({ objects }) => objects);
}

test('the page has ten tasks', () => {
  expect(tasks).toHaveLength(10);
});

// After a change of what is synthesized: npm run docs:accept
test('what the page calls written by hand is, object by object, what its code gives', () => {
  const made = output();
  for (const { title, objects } of tasks) {
    expect({ title, objects }).toEqual({ title, objects: objects.map((object) => objectOf(object, made)) });
  }
});

test.each(tasks)('the table counts the lines of: $title', (task) => {
  expect(PAGE.split('\n').map((line) => line.replace(/ +/g, ' '))).toContain(tableRow(task));
});
