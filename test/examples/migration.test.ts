import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseManifests } from '../../lib/manifests/located';
import { stageProblems } from '../../lib/providers/istio/stages/stage';
import { readExpected } from '../../scripts/examples/output';
import { stepDiff } from '../../scripts/examples/step-diff';
import { migrations } from '../../scripts/examples/stories';
import { synthExample } from '../support/synth-example';

const [migration] = migrations();
const stages = migration?.stages ?? [];
const STEPS = stages.map((stage, index) => ({ name: stage.name, before: stages[index - 1], stage }));

function standing(expected: string) {
  return parseManifests(expected, readExpected(expected)).objects.map(({ object, line }) => ({
    object,
    place: `${expected}:${line}`,
  }));
}

test('the migration of the Online Boutique is there, with five expected outputs and the difference of each step, and nothing else', () => {
  expect(migrations()).toHaveLength(1);
  const files = stages.flatMap(({ expected, diff }) => [expected, diff].map((file) => basename(file)));
  expect(files).toHaveLength(10);
  expect(readdirSync(dirname(stages[0]?.expected ?? '')).sort()).toEqual([...files].sort());
});

test.each(STEPS)('$name says which objects its step changes; fix: npm run examples:accept', ({ before, stage }) => {
  expect(existsSync(stage.diff)).toBe(true);
  expect(readFileSync(stage.diff, 'utf8')).toBe(stepDiff(before, stage));
});

test('no step after the first one touches a workload, so that only enrolment restarts pods', () => {
  const [first, ...later] = stages.map(({ diff }) => readFileSync(diff, 'utf8'));
  expect(first).toContain('Deployment online-boutique/paymentservice');
  expect(later.join('')).not.toContain('Deployment');
});

test.each(stages.map(({ name }, index) => ({ name, index })))(
  'from $name, one change goes to its neighbours only',
  ({ index }) => {
    const before = standing(stages[index]?.expected ?? '');
    const well = stages.flatMap(({ expected }, to) =>
      stageProblems(before, standing(expected)).length === 0 ? [to] : [],
    );
    expect(well).toEqual([index - 1, index, index + 1].filter((to) => to >= 0 && to < stages.length));
  },
);

test('its end refuses plain text everywhere but where it says why not', () => {
  const output = synthExample(basename(stages.at(-1)?.name ?? ''));
  expect(output.match(/mode: STRICT/g)).toHaveLength(2);
  expect(output.match(/mode: PERMISSIVE/g)).toHaveLength(1);
  expect(readFileSync(join(dirname(migration?.stages[0]?.main ?? ''), 'migration.ts'), 'utf8')).toContain('reason:');
});
