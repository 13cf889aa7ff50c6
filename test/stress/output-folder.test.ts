import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { generationIn, leftBeside, runSynth, startSynth, succeeded } from './writers';

const NOBODY = 65534;
const root = mkdtempSync(join(tmpdir(), 'output-folder-'));
const isRoot = process.getuid?.() === 0;

beforeAll(() => chmodSync(root, 0o755));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function folder(name: string): string {
  mkdirSync(join(root, name));
  return join(root, name, 'dist');
}

test('a kill at 200 random moments leaves the old or the new output', async () => {
  const dist = folder('kill');
  expect(runSynth(dist, 'g0').status).toBe(0);
  let [current, replaced] = ['g0', 0];
  for (let round = 1; round <= 200; round += 1) {
    const generation = `g${round}`;
    const synth = startSynth(dist, generation);
    // The output is replaced soon after the app is ready; before that there is nothing to disturb.
    synth.once('message', () => void wait(Math.random() * 40).then(() => synth.kill('SIGKILL')));
    await succeeded(synth);
    const found = generationIn(dist);
    expect([current, generation]).toContain(found);
    replaced += found === generation ? 1 : 0;
    current = found;
  }
  // Kills that all come too early or too late show nothing.
  expect(replaced).toBeGreaterThan(0);
  expect(replaced).toBeLessThan(200);
  expect(runSynth(dist, 'last').status).toBe(0);
  expect([generationIn(dist), leftBeside(dist)]).toEqual(['last', []]);
});

test('of 20 synths at a time, one wins', async () => {
  const dist = folder('parallel');
  expect(runSynth(dist, 'g0').status).toBe(0);
  const synths = Array.from({ length: 20 }, (_, index) => startSynth(dist, `p${index}`));
  let running = true;
  let missing = 0;
  const watching = (async () => {
    while (running) {
      missing += existsSync(dist) ? 0 : 1;
      await wait(1);
    }
  })();
  expect(await Promise.all(synths.map(succeeded))).toEqual(synths.map(() => true));
  running = false;
  await watching;
  expect(generationIn(dist)).toMatch(/^p\d+$/);
  expect([missing, leftBeside(dist)]).toEqual([0, []]);
});

test('a short write leaves the old output', () => {
  const dist = folder('short');
  expect(runSynth(dist, 'g0').status).toBe(0);
  expect(runSynth(dist, 'g1', 'ulimit -f 4').status).not.toBe(0);
  expect(generationIn(dist)).toBe('g0');
  expect(runSynth(dist, 'g2').status).toBe(0);
  expect([generationIn(dist), leftBeside(dist)]).toEqual(['g2', []]);
});

// Mounting and changing the user take root, as in a container of CI.
(isRoot ? describe : describe.skip)('as root', () => {
  test('a full disk leaves the old output', () => {
    const disk = join(root, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=600k', 'tmpfs', disk]);
    try {
      const dist = join(disk, 'dist');
      expect(runSynth(dist, 'g0').status).toBe(0);
      const full = runSynth(dist, 'g1');
      expect([full.status, full.stderr]).toEqual([1, expect.stringMatching(/MESH-OUT-006: .*as it was: .*ENOSPC/)]);
      expect([generationIn(dist), leftBeside(dist)]).toEqual(['g0', []]);
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  test('a folder that the user may not write is left as it is', () => {
    const dist = folder('foreign');
    expect(runSynth(dist, 'g0').status).toBe(0);
    const refused = (): void => {
      const run = runSynth(dist, 'g1', 'true', NOBODY);
      expect([run.status, run.stderr]).toEqual([1, expect.stringMatching(/MESH-OUT-006: .*fix: .*rights/)]);
      expect(generationIn(dist)).toBe('g0');
    };
    refused();
    chmodSync(join(dist, '..'), 0o777);
    refused();
    chownSync(dist, NOBODY, NOBODY);
    chmodSync(join(dist, '..'), 0o755);
    refused();
  });
});
