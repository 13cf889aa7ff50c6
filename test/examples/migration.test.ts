import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { parseManifests } from '../../lib/manifests/located';
import { stageProblems } from '../../lib/providers/istio/stages/stage';
import { readExpected } from '../../scripts/examples/output';
import { stepDiff } from '../../scripts/examples/step-diff';
import { migrations } from '../../scripts/examples/stories';
import { synthExample } from '../support/synth-example';

const STEPS = migrations().flatMap(({ stages }) =>
  stages.map((stage, index) => ({ name: stage.name, stages, index, before: stages[index - 1], stage })),
);

function standing(expected: string) {
  return parseManifests(expected, readExpected(expected)).objects.map(({ object, line }) => ({
    object,
    place: `${expected}:${line}`,
  }));
}

test("the migrations of Istio's task and of the Online Boutique are there, with five expected outputs and the difference of each step, and nothing else", () => {
  const owners = migrations().map(({ stages }) => basename(dirname(dirname(stages[0]?.expected ?? ''))));
  expect(owners).toEqual(['bookinfo', 'online-boutique']);
  for (const { stages } of migrations()) {
    const files = stages.flatMap(({ expected, diff }) => [expected, diff].map((file) => basename(file)));
    expect(files).toHaveLength(10);
    expect(readdirSync(dirname(stages[0]?.expected ?? '')).sort()).toEqual([...files].sort());
  }
});

test.each(STEPS)('$name says which objects its step changes; fix: npm run examples:accept', ({ before, stage }) => {
  expect(existsSync(stage.diff)).toBe(true);
  expect(readFileSync(stage.diff, 'utf8')).toBe(stepDiff(before, stage));
});

test.each(migrations().map(({ stages }) => ({ first: stages[0]?.name, stages })))(
  'no step after $first touches a workload, so that only enrolment restarts pods',
  ({ stages }) => {
    const [first, ...later] = stages.map(({ diff }) => readFileSync(diff, 'utf8'));
    expect(first).toMatch(/Deployment \S+\/(paymentservice|httpbin-v1)\n/);
    expect(later.join('')).not.toContain('Deployment');
  },
);

test.each(STEPS)('from $name, one change goes to its neighbours only', ({ stages, index }) => {
  const before = standing(stages[index]?.expected ?? '');
  const well = stages.flatMap(({ expected }, to) =>
    stageProblems(before, standing(expected)).length === 0 ? [to] : [],
  );
  expect(well).toEqual([index - 1, index, index + 1].filter((to) => to >= 0 && to < stages.length));
});

// By the name of the example: how often its end says `STRICT`, and `PERMISSIVE`, which needs a reason.
const ENDS = { bookinfo: [3, 0], 'online-boutique': [2, 1] } as const;

test.each(Object.entries(ENDS))(
  'the end of the migration of %s refuses plain text everywhere but where it says why not',
  (name, [strict, permissive]) => {
    const output = synthExample(`${name}-migration-5-strict-mesh`);
    expect(output.match(/mode: STRICT/g)).toHaveLength(strict);
    expect(output.match(/mode: PERMISSIVE/g) ?? []).toHaveLength(permissive);
    const source = migrations().find(({ stages }) => stages[0]?.name.startsWith(name))?.stages[0]?.main ?? '';
    expect(readFileSync(source, 'utf8').match(/reason:/g) ?? []).toHaveLength(permissive);
  },
);
