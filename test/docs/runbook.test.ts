import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const DOCS = join(__dirname, '../../docs');
const RUNBOOK = readFileSync(join(DOCS, 'runbook.md'), 'utf8');

/** Lists of calls; those of policies are one level below. */
interface CallFile {
  readonly [list: string]: unknown;
  readonly policies?: { readonly calls?: readonly unknown[] };
}

/** A file of calls, and the names of some of them in italics. */
const PROVOKED = /\]\((\S+\/calls\/\S+\.yaml)\)((?:[,;] _[^_]+_)+)/g;

const provoked = [...RUNBOOK.matchAll(PROVOKED)].flatMap(([, file = '', names = '']) =>
  [...names.matchAll(/_([^_]+)_/g)].map(([, name = '']) => ({ file, name })),
);

test('every reference to a file of calls names calls', () => {
  expect(RUNBOOK.match(/\/calls\//g)).toHaveLength([...RUNBOOK.matchAll(PROVOKED)].length);
});

test.each(provoked)('the conformance suite provokes: $name', ({ file, name }) => {
  const { policies, ...calls } = parse(readFileSync(join(DOCS, file), 'utf8')) as CallFile;
  const names = [...Object.values(calls), policies?.calls ?? []]
    .flat()
    .map((call) => (call as { readonly name?: string }).name);
  expect(names).toContain(name);
});
