import { Code, MeshError, quoted } from '../errors';

/** The steps by which the share of a candidate grows, and which of them it is at. */
export interface PlanIntent {
  /** Shares in percent, increasing. */
  readonly steps: readonly number[];
  /** 0 before the first step, else the number of the step, counted from 1. */
  readonly at: number;
}

/** A plan and the versions that it is for. */
export interface PlannedRelease {
  readonly stable: string;
  readonly candidate: string;
  readonly plan: PlanIntent;
}

/** The share of the candidate at the step that a plan is at. */
export function planShare({ steps, at }: PlanIntent): number {
  return steps[at - 1] ?? 0;
}

/** Refuses steps that do not lead up, and a step that is none of them. */
export function requirePlan(owner: string, { steps, at }: PlanIntent): PlanIntent {
  const problem = stepsProblem(steps) ?? stepProblem(steps, at);
  if (problem !== undefined) {
    throw new MeshError(Code.PLAN, `${problem.what} of the plan of \`${owner}\` ${problem.wrong}`, problem.fix);
  }
  return { steps: [...steps], at };
}

interface PlanProblem {
  readonly what: string;
  readonly wrong: string;
  readonly fix: string;
}

function stepsProblem(steps: readonly number[]): PlanProblem | undefined {
  const what = '`steps`';
  // Who writes JavaScript can leave them out.
  if ((steps as readonly number[] | undefined)?.length === undefined || steps.length === 0) {
    return { what, wrong: 'have no entry: `[]`', fix: 'give the shares in percent, for example `[5, 25, 50, 100]`' };
  }
  const noShare = steps.find((step) => !Number.isInteger(step) || step < 1 || step > 100);
  if (noShare !== undefined) {
    return { what, wrong: `have \`${noShare}\`, which is no share`, fix: 'use whole numbers from 1 to 100' };
  }
  const fall = steps.findIndex((step, index) => step <= (steps[index - 1] ?? 0));
  return fall < 0
    ? undefined
    : {
        what,
        wrong: `must increase, got ${quoted([steps[fall - 1] ?? 0])} then \`${steps[fall]}\``,
        fix: 'reorder `steps`',
      };
}

function stepProblem(steps: readonly number[], at: number): PlanProblem | undefined {
  return Number.isInteger(at) && at >= 0 && at <= steps.length
    ? undefined
    : {
        what: '`at`',
        wrong: `is \`${at}\`, and there are \`${steps.length}\` steps`,
        fix: `use 0 for no share yet, or the number of a step, 1 to ${steps.length}`,
      };
}
