import fc from 'fast-check';
import type { KubeObject } from '../lib/testing';
import { schemaProblems } from '../lib/testing';
import { at } from './support/mesh-app';
import type { Choice } from './support/routes/arbitrary';
import { choices } from './support/routes/arbitrary';
import { synthChoice } from './support/routes/synth';

const RUNS = 1000;
const seed = Number(process.env.ROUTES_SEED ?? Math.floor(Math.random() * 2 ** 31));
process.stdout.write(`random routes with ROUTES_SEED=${seed}\n`);

/** Kinds that routes change. */
const KINDS = ['VirtualService', 'DestinationRule', 'AuthorizationPolicy', 'Gateway', 'EnvoyFilter'];

/** The weights of each route that shares; 0 is none. */
function routesOf({ kind, spec }: KubeObject): readonly (readonly number[])[] {
  const routes = kind === 'VirtualService' ? ['http', 'tcp', 'tls'].flatMap((key) => at(spec, key) ?? []) : [];
  return routes
    .map((route) => ((at(route, 'route') ?? []) as object[]).map((end) => Number(at(end, 'weight') ?? 0)))
    .filter((weights) => weights.length > 1)
    .map((weights) => (weights.includes(0) ? [0] : weights));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

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
  const lost = objects.flatMap((object) => routesOf(object)).filter((weights) => sum(weights) !== 100);
  const problems = schemaProblems(objects.filter(({ kind }) => KINDS.includes(kind ?? '')));
  return {
    accepted: true,
    complaint: [...problems, ...missing, ...lost.map((weights) => `weights ${weights.join()}`)].join('\n'),
  };
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
