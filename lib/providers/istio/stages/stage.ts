import type { Problem } from '../../../errors';
import type { StandingObject } from '../../provider';
import { isNetworking, isService } from './objects';
import { planProblems } from './plan-problems';
import { readRouting } from './routing';
import { subsetProblems } from './subset-problems';

const NETWORKING_KINDS = ['VirtualService', 'DestinationRule'];

/**
 * What is wrong with going from one state of a cluster to another in one change: plans that are not followed step by step, and
 * versions that are removed while something still routes to them. Where nothing was before, only the state after is judged.
 */
export function stageProblems(before: readonly StandingObject[], after: readonly StandingObject[]): readonly Problem[] {
  const [from, to] = [readRouting(before), readRouting(after)];
  const plans = planProblems(from, to);
  const subsets = subsetProblems(from, to);
  return [...new Set([...plans.keys(), ...subsets.keys()])].sort().flatMap((key) => {
    const jumps = plans.get(key) ?? [];
    // Whoever jumps also removes versions too early; one error says what to do.
    return jumps.length > 0 ? jumps : (subsets.get(key) ?? []);
  });
}

/** Whether an object says anything of how requests are routed. */
export function isStaged(apiVersion: string, kind: string): boolean {
  return isService({ apiVersion, kind }) || NETWORKING_KINDS.some((one) => isNetworking({ apiVersion, kind }, one));
}
