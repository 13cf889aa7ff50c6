import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Code } from '../lib/errors';

test('docs/errors.md explains every code in a row of its own, and no other', () => {
  const page = readFileSync(resolve(__dirname, '../docs/errors.md'), 'utf8');
  const explained = [...page.matchAll(/^\| (MESH-[A-Z]+-\d+) +\|/gm)].map(([, code]) => code);
  expect(explained.sort()).toEqual(Object.values(Code).sort());
});
