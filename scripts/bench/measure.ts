import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Peer } from './peers';

const SUBJECT = join(__dirname, 'subject.js');

/** What one run of one way took. */
export interface Sample {
  readonly wholeMs: number;
  /** Without the start of the process; only known of ways in this repository. */
  readonly workMs?: number;
  readonly peakMiB?: number;
}

/** Runs a way of this repository in a process of its own, into a fresh folder. */
export function measureWay(way: string, services: number, folder: string): Sample {
  const outdir = join(folder, 'out');
  rmSync(outdir, { recursive: true, force: true });
  const extra = way === 'constructs, by hand' ? [join(folder, 'objects.json')] : [];
  const start = performance.now();
  const run = spawnSync(process.execPath, [SUBJECT, way, String(services), outdir, ...extra], { encoding: 'utf8' });
  const wholeMs = performance.now() - start;
  if (run.status !== 0) throw new Error(`\`${way}\` fails with ${services} services: ${run.stderr}`);
  if (way === 'constructs') keepObjects(outdir, join(folder, 'objects.json'));
  return { wholeMs, ...(JSON.parse(run.stdout) as { readonly workMs: number; readonly peakMiB: number }) };
}

/** Runs a peer, its output going to a file as that of a synth does. */
export function measurePeer(peer: Peer, services: number, folder: string): Sample {
  mkdirSync(folder, { recursive: true });
  const [command = '', ...args] = peer.prepare(join(folder, 'input'), services);
  const output = openSync(join(folder, 'output.yaml'), 'w');
  const start = performance.now();
  const run = spawnSync(command, args, { stdio: ['ignore', output, 'pipe'], encoding: 'utf8' });
  const wholeMs = performance.now() - start;
  closeSync(output);
  if (run.status !== 0) throw new Error(`\`${peer.name}\` fails with ${services} services: ${run.stderr}`);
  return { wholeMs };
}

function keepObjects(outdir: string, file: string): void {
  const texts = readdirSync(outdir)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => readFileSync(join(outdir, name), 'utf8'));
  const objects = texts.flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as unknown));
  writeFileSync(file, JSON.stringify(objects));
}
