import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { IstioUpgradeStage } from '../../lib';
import { parseManifests } from '../../lib/manifests/located';
import { stageProblems } from '../../lib/providers/istio/stages/stage';
import { readExpected } from '../../scripts/examples/output';
import { stepDiff } from '../../scripts/examples/step-diff';
import { upgrades } from '../../scripts/examples/stories';

const stages = upgrades().flatMap((story) => story.stages);
const STEPS = stages.map((stage, index) => ({ name: stage.name, before: stages[index - 1], stage }));

function standing(expected: string) {
  return parseManifests(expected, readExpected(expected)).objects.map(({ object, line }) => ({
    object,
    place: `${expected}:${line}`,
  }));
}

test('the upgrade of the platform is there, with every stage, what runs before and after, and the difference of each step', () => {
  expect(upgrades()).toHaveLength(1);
  expect(stages.map(({ env }) => env?.['STAGE'])).toEqual(['before', ...Object.values(IstioUpgradeStage), 'after']);
  const files = stages.flatMap(({ expected, diff }) => [expected, diff].map((file) => basename(file)));
  expect(readdirSync(dirname(stages[0]?.expected ?? '')).sort()).toEqual([...files].sort());
});

test.each(STEPS)('$name says which objects its step changes; fix: npm run examples:accept', ({ before, stage }) => {
  expect(existsSync(stage.diff)).toBe(true);
  expect(readFileSync(stage.diff, 'utf8')).toBe(stepDiff(before, stage));
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
