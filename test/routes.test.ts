import fc from 'fast-check';
import { schemaProblems } from '../lib/testing';
import type { Choice } from './support/routes/arbitrary';
import { choices } from './support/routes/arbitrary';
import { synthChoice } from './support/routes/synth';

const RUNS = 1000;
const seed = Number(process.env.ROUTES_SEED ?? Math.floor(Math.random() * 2 ** 31));
process.stdout.write(`random routes with ROUTES_SEED=${seed}\n`);

/** Kinds that routes change. */
const KINDS = ['VirtualService', 'DestinationRule', 'AuthorizationPolicy', 'Gateway', 'EnvoyFilter'];

/** What the schemas and CEL rules refuse, or how the library refused it. */
function judge(choice: Choice): { readonly accepted: boolean; readonly complaint: string } {
  let objects;
  try {
    objects = synthChoice(choice);
  } catch (error) {
    const text = String(error);
    return { accepted: false, complaint: /MESH-[A-Z]+-\d{3}: \S[^]*; fix: \S/.test(text) ? '' : text };
  }
  const subsets = new Set(objects.flatMap((object) => JSON.stringify(object).match(/"subset":"[^"]*"/g) ?? []));
  const defined = JSON.stringify(objects.filter(({ kind }) => kind === 'DestinationRule'));
  const missing = [...subsets].filter((text) => !defined.includes(text.replace('"subset"', '"name"')));
  const problems = schemaProblems(objects.filter(({ kind }) => KINDS.includes(kind ?? '')));
  return { accepted: true, complaint: [...problems, ...missing].join('\n') };
}

test('what the routes of 1,000 random services become is valid, or refused with a code and a fix', () => {
  let accepted = 0;
  fc.assert(
    fc.property(choices, (choice) => {
      const verdict = judge(choice);
      accepted += verdict.accepted ? 1 : 0;
      expect(verdict.complaint).toBe('');
    }),
    { seed, numRuns: RUNS },
  );
  process.stdout.write(`${accepted} of ${RUNS} accepted\n`);
  expect(accepted).toBeGreaterThan(RUNS / 2);
  expect(accepted).toBeLessThan(RUNS * 0.95);
});
