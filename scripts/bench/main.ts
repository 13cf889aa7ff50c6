import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Sample } from './measure';
import { measurePeer, measureWay } from './measure';
import { PEERS, isFound } from './peers';
import type { Result } from './report';
import { exponents, ratios, table } from './report';

// The most services that a way is asked for: a chart per service takes App a time that grows with the square.
const WAYS: Readonly<Record<string, number>> = {
  'App, one chart': Infinity,
  'MeshApp, one chart': Infinity,
  'App, a chart per service': 1_000,
  'MeshApp, a chart per service': Infinity,
  'MeshApp, per app': Infinity,
  'MeshApp, per namespace': Infinity,
  'MeshApp, per resource': Infinity,
  constructs: Infinity,
  'constructs, by hand': Infinity,
  'js-yaml alone': Infinity,
  'JSON alone': Infinity,
};

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '100,300,1000,3000,10000' },
    runs: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
  },
});
const sizes = values.sizes.split(',').map(Number);
const runs = Number(values.runs);
if (![runs, ...sizes].every((number) => Number.isInteger(number) && number > 0)) {
  throw new Error('`--sizes` and `--runs` take whole numbers; fix: write `--sizes 300,1000 --runs 3`');
}

const peers = PEERS.filter(isFound);
const missing = PEERS.filter((peer) => !peers.includes(peer)).map(({ name }) => name);
const results = sizes.flatMap(measureSize);
const [smallest = 0, largest = 0] = [sizes.includes(1_000) ? 1_000 : Math.min(...sizes), Math.max(...sizes)];
const report = { results, ratios: ratios(results), exponents: exponents(results, smallest, largest), missing };

if (values.json) {
  console.log(JSON.stringify(report, undefined, 2));
} else {
  console.log(table(results));
  for (const { way, than, services, ratio, most, holds } of report.ratios) {
    console.log(
      `${services}: ${way} takes ${ratio.toFixed(2)} of ${than}, at most ${most}: ${holds ? 'holds' : 'MISSED'}`,
    );
  }
  for (const { way, from, to, exponent } of report.exponents) {
    if (from !== to) console.log(`${way} grows with exponent ${exponent.toFixed(2)} from ${from} to ${to}`);
  }
  for (const name of missing) console.log(`not found on the PATH: ${name}`);
}

/** Runs all ways in turn, so that a machine that slows down slows all of them. */
function measureSize(services: number): Result[] {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const subjects = [
    ...Object.entries(WAYS).map(([way, most]) => ({ way, most, run: () => measureWay(way, services, folder) })),
    ...peers.map((peer) => ({
      way: peer.name,
      most: peer.most,
      run: () => measurePeer(peer, services, join(folder, peer.name)),
    })),
  ].filter(({ most }) => services <= most);
  const samples = new Map<string, Sample[]>(subjects.map(({ way }) => [way, []]));
  for (let run = 0; run < runs; run += 1) {
    for (const subject of subjects) samples.get(subject.way)?.push(subject.run());
  }
  rmSync(folder, { recursive: true, force: true });
  return [...samples].map(([way, of]) => ({ way, services, samples: of }));
}
