import fc from 'fast-check';
import { choices } from './choices';
import { Tally } from './tally';
import { judge } from './verdict';

/**
 * Makes random services with random options: whatever is accepted has to be valid, whatever is refused has to be told with a
 * code and a fix, and at least half have to be accepted. The seed is printed, and `RANDOM_SEED` sets it.
 */
export function checkChoices(runs: number): Tally {
  const seed = Number(process.env.RANDOM_SEED ?? Math.floor(Math.random() * 2 ** 31));
  process.stdout.write(`${runs} random services with RANDOM_SEED=${seed}\n`);
  const tally = new Tally(choices.names);
  fc.assert(
    fc.property(choices.arbitrary, (choice) => {
      const { accepted, complaints } = judge(choice);
      tally.add(accepted, choice);
      expect(complaints).toEqual([]);
    }),
    { seed, numRuns: runs },
  );
  process.stdout.write(`${tally.accepted} accepted, ${tally.refused} refused\n`);
  expect(tally.accepted).toBeGreaterThanOrEqual(runs / 2);
  return tally;
}
