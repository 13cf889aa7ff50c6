import { checkChoices } from '../support/random/property';

/** So many that no seed leaves the rarest option below the least: fewer would do for most. */
const RUNS = 18_000;
/** How often each option has to stand among what is accepted, and among what is refused. */
const LEAST = 100;

test('each option of 18,000 random services is in 100 that are valid, and in 100 that are refused with a code and a fix', () => {
  const tally = checkChoices(RUNS);
  process.stdout.write(`${String(tally)}\n`);
  const impossible = tally.alwaysWrong();
  // Said in neutral words, and refused by every version of Istio.
  expect(impossible).toEqual(['OutlierDetectionOptions.errorRatePercent']);
  expect(tally.rarer(LEAST, 'accepted').filter((text) => !impossible.some((name) => text.startsWith(name)))).toEqual(
    [],
  );
  expect(tally.rarer(LEAST, 'refused')).toEqual([]);
});
