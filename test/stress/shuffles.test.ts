import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const APP = join(__dirname, 'fixture/writers/shuffled.js');
const ZONES = ['UTC', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Apia'];
const LOCALES = ['C', 'tr_TR.UTF-8', 'de_DE.UTF-8', 'zh_CN.UTF-8', 'sv_SE.UTF-8'];
const FOLDERS = ['/', '/tmp', __dirname];

function output(node: string, seed: number, env: Record<string, string>, cwd: string): string {
  const run = spawnSync(node, [APP, String(seed)], { cwd, encoding: 'utf8', env: { ...process.env, ...env } });
  expect(run.stderr).toBe('');
  return run.stdout;
}

const reference = output(process.execPath, 1, { TZ: 'UTC', LC_ALL: 'C' }, __dirname);

test('the mesh is not an empty one', () => expect(reference.split('\n---\n').length).toBeGreaterThan(40));

test.each(Array.from({ length: 20 }, (_, index) => index + 1))('shuffle %d does not change a byte', (index) => {
  const env = { TZ: ZONES[index % ZONES.length] ?? '', LC_ALL: LOCALES[index % LOCALES.length] ?? '' };
  expect(output(process.execPath, index * 7919, env, FOLDERS[index % FOLDERS.length] ?? '/')).toBe(reference);
});

test('other versions of Node, where they are installed, do not change a byte', () => {
  const homes = [process.env.NVM_DIR && join(process.env.NVM_DIR, 'versions/node'), '/opt/hostedtoolcache/node'];
  const nodes = homes
    .filter((home) => home !== undefined && home !== '' && existsSync(home))
    .flatMap((home) => readdirSync(String(home)).map((version) => join(String(home), version)))
    .flatMap((version) => [join(version, 'bin/node'), join(version, 'x64/bin/node')])
    .filter((node) => existsSync(node));
  for (const node of nodes) expect(output(node, 42, {}, __dirname)).toBe(reference);
});
