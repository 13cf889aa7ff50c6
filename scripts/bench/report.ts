import type { Sample } from './measure';

/** All runs of one way with one number of services. */
export interface Result {
  readonly way: string;
  readonly services: number;
  readonly samples: readonly Sample[];
}

/** A ratio that shall hold, of the time of whole processes. */
interface Goal {
  readonly way: string;
  readonly than: string;
  readonly services: number;
  readonly most: number;
}

const GOALS: readonly Goal[] = [
  { way: 'MeshApp, one chart', than: 'helm template', services: 1_000, most: 0.75 },
  { way: 'MeshApp, one chart', than: 'App, one chart', services: 1_000, most: 0.55 },
  { way: 'MeshApp, one chart', than: 'helm template', services: 10_000, most: 0.6 },
  { way: 'MeshApp, one chart', than: 'App, one chart', services: 10_000, most: 0.5 },
  { way: 'constructs', than: 'constructs, by hand', services: 1_000, most: 2 },
];

/** The middle of the measured values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/** The ratios that were measured against what shall hold; each run is compared with its own neighbour. */
export function ratios(results: readonly Result[]) {
  return GOALS.flatMap((goal) => {
    const find = (way: string) => results.find((result) => result.way === way && result.services === goal.services);
    const [one, other] = [find(goal.way), find(goal.than)];
    if (one === undefined || other === undefined) return [];
    const ratio = median(one.samples.map(({ wholeMs }, run) => wholeMs / (other.samples[run]?.wholeMs ?? NaN)));
    return [{ ...goal, ratio, holds: ratio <= goal.most }];
  });
}

/** How the time of each way grows from the first of two sizes to the second: 1 is with the size, 2 with its square. */
export function exponents(results: readonly Result[], from: number, to: number) {
  return results.flatMap(({ way, services, samples }) => {
    const larger = results.find((result) => result.way === way && result.services === to);
    if (services !== from || larger === undefined) return [];
    const time = (of: readonly Sample[]): number => median(of.map(({ wholeMs }) => wholeMs));
    return [{ way, from, to, exponent: Math.log(time(larger.samples) / time(samples)) / Math.log(to / from) }];
  });
}

/** The results as a table for people. */
export function table(results: readonly Result[]): string {
  const cell = (values: readonly (number | undefined)[], unit: string): string => {
    const known = values.filter((value) => value !== undefined);
    return (known.length === 0 ? '' : `${median(known).toFixed(0)} ${unit}`).padStart(12);
  };
  const lines = results.map(({ way, services, samples }) =>
    [
      String(services).padStart(8),
      `  ${way.padEnd(30)}`,
      cell(
        samples.map(({ wholeMs }) => wholeMs),
        'ms',
      ),
      cell(
        samples.map(({ workMs }) => workMs),
        'ms',
      ),
      cell(
        samples.map(({ peakMiB }) => peakMiB),
        'MiB',
      ),
    ].join(''),
  );
  const header = `services  ${'way'.padEnd(30)}${'process'.padStart(12)}${'work'.padStart(12)}${'peak'.padStart(12)}`;
  return [header, ...lines].join('\n');
}
