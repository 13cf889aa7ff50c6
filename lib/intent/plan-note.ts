import { Code, MeshError } from '../errors';
import type { PlannedRelease } from './release-plan';
import { requirePlan } from './release-plan';

/** The annotation by which manifests alone tell which plan a service follows and where it is. Part of the contract. */
export const PLAN_NOTE = 'cdk8s-mesh.github.io/release-plan';

const FORM = /^stable=(\S+) candidate=(\S+) steps=(\d+(?:,\d+)*) at=(\d+)$/;

/** A plan as the value of the annotation: `stable=v1 candidate=v2 steps=5,25,50,100 at=2`. */
export function planNote({ stable, candidate, plan }: PlannedRelease): string {
  return `stable=${stable} candidate=${candidate} steps=${plan.steps.join(',')} at=${plan.at}`;
}

/** Reads the value of the annotation; undefined where it says no plan. */
export function readPlanNote(text: string): PlannedRelease | undefined {
  const [, stable, candidate, steps, at] = FORM.exec(text) ?? [];
  if (stable === undefined || candidate === undefined || steps === undefined) {
    return undefined;
  }
  try {
    return { stable, candidate, plan: requirePlan(candidate, { steps: steps.split(',').map(Number), at: Number(at) }) };
  } catch (error) {
    if (error instanceof MeshError && error.code === Code.PLAN) {
      return undefined;
    }
    throw error;
  }
}
