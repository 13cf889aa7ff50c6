import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { exchange } from '../../lib/outputs/folder/exchange';
import { INDEX_FILE } from '../../lib/outputs/folder/index-file';
import { replaceFolder } from '../../lib/outputs/folder/replace-folder';
import { recover, siblingOf } from '../../lib/outputs/folder/siblings';
import { filesOf, temporaryFolder } from './folders';

jest.mock('../../lib/outputs/folder/exchange');
const realExchange = jest.requireActual<{ exchange: typeof exchange }>('../../lib/outputs/folder/exchange').exchange;

const root = temporaryFolder();
const YEAR_2000 = new Date('2000-01-01');
let dist: string;
let count = 0;

beforeEach(() => {
  dist = join(root, String((count += 1)), 'dist');
});

function contents(files: Record<string, string>): Map<string, string> {
  return new Map(Object.entries(files));
}

function written(): Record<string, string> {
  const { [INDEX_FILE]: _index, ...files } = filesOf(dist);
  return files;
}

function old(path: string): void {
  utimesSync(join(dist, path), YEAR_2000, YEAR_2000);
}

function isOld(path: string): boolean {
  return statSync(join(dist, path)).mtimeMs === YEAR_2000.getTime();
}

describe.each([
  ['with an exchange of folders', realExchange],
  ['with two renames', () => false],
])('%s', (_, swapper) => {
  beforeEach(() => jest.mocked(exchange).mockImplementation(swapper));

  afterEach(() => {
    // Nothing is left beside the folder, whatever happened.
    expect(readdirSync(dirname(dist))).toEqual(['dist']);
  });

  test('writes files and folders, and an index that kubectl does not read', () => {
    replaceFolder(dist, contents({ 'b.yaml': 'b', 'in/a.yaml': 'a' }));
    expect(written()).toEqual({ 'b.yaml': 'b', 'in/a.yaml': 'a' });
    expect(INDEX_FILE).not.toMatch(/\.(ya?ml|json)$/);
  });

  test('does not touch what is unchanged', () => {
    replaceFolder(dist, contents({ 'a.yaml': 'a', 'b.yaml': 'b', 'in/c.yaml': 'c' }));
    for (const file of ['a.yaml', 'b.yaml', 'in/c.yaml']) old(file);
    replaceFolder(dist, contents({ 'a.yaml': 'a', 'b.yaml': 'changed', 'in/c.yaml': 'c' }));
    expect(['a.yaml', 'b.yaml', 'in/c.yaml'].map(isOld)).toEqual([true, false, true]);
  });

  test('leaves the folder itself alone when nothing changes', () => {
    replaceFolder(dist, contents({ 'a.yaml': 'a' }));
    const { ino } = statSync(dist);
    replaceFolder(dist, contents({ 'a.yaml': 'a' }));
    expect(statSync(dist).ino).toBe(ino);
  });

  test('removes what it wrote and no longer produces, and nothing else', () => {
    replaceFolder(dist, contents({ 'a.yaml': 'a', 'old.yaml': 'old', 'gone/x.yaml': 'x' }));
    writeFileSync(join(dist, 'mine.yaml'), 'mine');
    mkdirSync(join(dist, 'notes/empty'), { recursive: true });
    symlinkSync('/etc/hostname', join(dist, 'link'));
    old('mine.yaml');
    replaceFolder(dist, contents({ 'a.yaml': 'a', 'new.yaml': 'new' }));
    expect(written()).toEqual({ 'a.yaml': 'a', 'mine.yaml': 'mine', 'new.yaml': 'new' });
    expect(isOld('mine.yaml')).toBe(true);
    expect(lstatSync(join(dist, 'link')).isSymbolicLink()).toBe(true);
    expect([existsSync(join(dist, 'notes/empty')), existsSync(join(dist, 'gone'))]).toEqual([true, false]);
  });

  test('never removes by the index what lies outside', () => {
    replaceFolder(dist, contents({ 'a.yaml': 'a' }));
    writeFileSync(join(dist, INDEX_FILE), '../outside\na.yaml\n');
    writeFileSync(join(dist, '..', 'outside'), 'theirs');
    replaceFolder(dist, contents({ 'b.yaml': 'b' }));
    expect(readFileSync(join(dist, '..', 'outside'), 'utf8')).toBe('theirs');
    rmSync(join(dist, '..', 'outside'));
  });

  test('keeps what somebody puts there meanwhile', () => {
    replaceFolder(dist, contents({ 'a.yaml': 'a' }));
    jest.mocked(exchange).mockImplementation((one, other) => {
      writeFileSync(join(dist, 'late.txt'), 'late');
      return swapper(one, other);
    });
    replaceFolder(dist, contents({ 'a.yaml': 'changed' }));
    expect(written()).toEqual({ 'a.yaml': 'changed', 'late.txt': 'late' });
  });

  test.each([['a.yaml'], ['in']])('refuses a link out of the folder where a file is to be: %s', (link) => {
    replaceFolder(dist, contents({ 'x.yaml': 'x' }));
    symlinkSync(root, join(dist, link));
    expect(() => replaceFolder(dist, contents({ 'a.yaml': 'a', 'in/b.yaml': 'b' }))).toThrow(
      /^MESH-OUT-007: .* is a link that leads out of .*; fix: remove the link/,
    );
    expect(written()).toEqual({ 'x.yaml': 'x' });
    expect(existsSync(join(root, 'b.yaml'))).toBe(false);
  });

  test('clears away what killed synths left, and puts the folder back where one was killed while it was aside', () => {
    replaceFolder(dist, contents({ 'a.yaml': 'a' }));
    const [next, aside] = [siblingOf(dist, 'next'), siblingOf(dist, 'old')].map(asOfDeadProcess) as [string, string];
    mkdirSync(next);
    mkdirSync(aside);
    writeFileSync(join(aside, 'a.yaml'), 'aside');
    rmSync(dist, { recursive: true });
    recover(dist);
    expect(written()).toEqual({ 'a.yaml': 'aside' });
  });

  test('leaves alone what a synth at work has there', () => {
    mkdirSync(dist, { recursive: true });
    const next = siblingOf(dist, 'next').replace(`-${process.pid}-`, `-${process.ppid}-`);
    mkdirSync(next);
    recover(dist);
    expect(existsSync(next)).toBe(true);
    rmSync(next, { recursive: true });
  });
});

function asOfDeadProcess(path: string): string {
  return join(dirname(path), basename(path).replace(`-${process.pid}-`, '-999999999-'));
}

test('a folder that cannot be renamed, such as a mount point, is replaced file by file', () => {
  replaceFolder(dist, contents({ 'a.yaml': 'a', 'old.yaml': 'old' }));
  const { ino } = statSync(dist);
  jest.mocked(exchange).mockImplementation(() => {
    throw Object.assign(new Error('EBUSY'), { code: 'EBUSY' });
  });
  replaceFolder(dist, contents({ 'a.yaml': 'changed', 'in/b.yaml': 'b' }));
  expect(written()).toEqual({ 'a.yaml': 'changed', 'in/b.yaml': 'b' });
  expect(statSync(dist).ino).toBe(ino);
  expect(readdirSync(dirname(dist))).toEqual(['dist']);
});

test('this system exchanges folders in one step, or says that it cannot', () => {
  const [a, b] = [join(root, 'one'), join(root, 'other')];
  for (const folder of [a, b]) {
    mkdirSync(folder);
    writeFileSync(join(folder, 'name'), basename(folder));
  }
  const swapped = realExchange(a, b);
  expect(readFileSync(join(a, 'name'), 'utf8')).toBe(swapped ? 'other' : 'one');
  expect(realExchange(a, join(root, 'missing'))).toBe(false);
});
