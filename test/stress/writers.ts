import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const APP = join(__dirname, 'fixture/writers/app.js');
const SIZE = 40;

/** Starts a synth of a generation in a process of its own. */
export function startSynth(outdir: string, generation: string, options: { readonly uid?: number } = {}): ChildProcess {
  return spawn(process.execPath, [APP, outdir, generation, String(SIZE)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    ...options,
  });
}

/** Runs a synth of a generation to its end; `limits` is what a shell says before it starts, such as `ulimit -f 1`. */
export function runSynth(outdir: string, generation: string, limits = 'true', uid?: number) {
  const command = `${limits}; exec "${process.execPath}" "${APP}" "${outdir}" ${generation} ${SIZE}`;
  return spawnSync('bash', ['-c', command], { encoding: 'utf8', ...(uid === undefined ? {} : { uid }) });
}

/** Waits for the end of a process, and says whether it did what it should. */
export async function succeeded(child: ChildProcess): Promise<boolean> {
  const [code] = (await once(child, 'exit')) as [number | null];
  return code === 0;
}

/** The generation that a folder holds: of all its files, none of another one missing or too many. */
export function generationIn(outdir: string): string {
  if (!existsSync(outdir)) return 'nothing';
  const files = readdirSync(outdir).filter((name) => name.endsWith('.yaml'));
  const texts = files.map((name) => readFileSync(join(outdir, name), 'utf8'));
  const generations = new Set(texts.map((text) => /^ {2}generation: '?([^'\n]*)/m.exec(text)?.[1] ?? 'no generation'));
  const [generation = 'nothing'] = generations;
  const expected = Array.from(
    { length: SIZE },
    (_, index) => `chart-${index}${index % 2 === 0 ? '' : `-${generation}`}.k8s.yaml`,
  );
  const isWhole = texts.every((text) => text.includes('x'.repeat(5_000)) && text.endsWith('\n'));
  const isComplete = generations.size === 1 && isWhole && files.sort().join() === expected.sort().join();
  return isComplete ? generation : `a mixture: ${files.length} files of ${[...generations].join()}`;
}

/** What stands beside a folder, which should be nothing. */
export function leftBeside(outdir: string): string[] {
  return readdirSync(join(outdir, '..')).filter((name) => name !== 'dist');
}
