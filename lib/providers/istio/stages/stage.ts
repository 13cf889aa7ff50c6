import type { Problem } from '../../../errors';
import type { StandingObject } from '../../provider';
import { followerProblems, isNamespace, readFollowers } from './followers';
import { migrationProblems } from './migration-problems';
import { isNetworking, isPeerAuthentication, isService } from './objects';
import { readPlaintext } from './plaintext';
import { planProblems } from './plan-problems';
import { readRouting } from './routing';
import { subsetProblems } from './subset-problems';
import { isWebhook, readTags } from './tags';
import { upgradeProblems } from './upgrade-problems';

const NETWORKING_KINDS = ['VirtualService', 'DestinationRule'];

/**
 * What is wrong with going from one state of a cluster to another in one change: plans that are not followed step by step,
 * versions that are removed while something still routes to them, migrations and upgrades that leave out a stage. Where nothing was before, only the state after is judged.
 */
export function stageProblems(before: readonly StandingObject[], after: readonly StandingObject[]): readonly Problem[] {
  const [from, to] = [readRouting(before), readRouting(after)];
  const plans = planProblems(from, to);
  const subsets = subsetProblems(from, to);
  const routing = [...new Set([...plans.keys(), ...subsets.keys()])].sort().flatMap((key) => {
    const jumps = plans.get(key) ?? [];
    // Whoever jumps also removes versions too early; one error says what to do.
    return jumps.length > 0 ? jumps : (subsets.get(key) ?? []);
  });
  const [tagsBefore, tagsAfter] = [readTags(before), readTags(after)];
  return [
    ...upgradeProblems(tagsBefore, tagsAfter, before.length === 0),
    ...followerProblems(
      { tags: tagsBefore, namespaces: readFollowers(before) },
      { tags: tagsAfter, namespaces: readFollowers(after) },
    ),
    ...migrationProblems(readPlaintext(before), readPlaintext(after)),
    ...routing,
  ];
}

/** Whether an object says anything of how requests are routed, of who may send plain text, or of who injects. */
export function isStaged(apiVersion: string, kind: string): boolean {
  return (
    isService({ apiVersion, kind }) ||
    isPeerAuthentication({ apiVersion, kind }) ||
    isWebhook({ apiVersion, kind }) ||
    isNamespace({ apiVersion, kind }) ||
    NETWORKING_KINDS.some((one) => isNetworking({ apiVersion, kind }, one))
  );
}
