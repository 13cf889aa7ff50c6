import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const DOCS = join(__dirname, '../../docs');
const RUNBOOK = readFileSync(join(DOCS, 'runbook.md'), 'utf8');

/** A file of calls, and the names of some of them in italics. */
const PROVOKED = /\]\((\S+\/calls\/\S+\.yaml)\)((?:[,;] _[^_]+_)+)/g;

const provoked = [...RUNBOOK.matchAll(PROVOKED)].flatMap(([, file = '', names = '']) =>
  [...names.matchAll(/_([^_]+)_/g)].map(([, name = '']) => ({ file, name })),
);

test('every reference to a file of calls names calls', () => {
  expect(RUNBOOK.match(/\/calls\//g)).toHaveLength([...RUNBOOK.matchAll(PROVOKED)].length);
});

test.each(provoked)('the conformance suite provokes: $name', ({ file, name }) => {
  const calls = parse(readFileSync(join(DOCS, file), 'utf8')) as Record<string, unknown>;
  const names = Object.values(calls)
    .flat()
    .map((call) => (call as { readonly name?: string }).name);
  expect(names).toContain(name);
});
