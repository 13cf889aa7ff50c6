import type { Problem } from '../../../errors';
import { Code } from '../../../errors';
import type { ServiceStage } from '../../../intent/plan-moves';
import { jump } from '../../../intent/plan-moves';
import { PLAN_NOTE } from '../../../intent/plan-note';
import { planShare } from '../../../intent/release-plan';
import { subsetName } from '../format';
import type { PlanEntry, Routing } from './routing';

/** Plans that are not followed, by host. */
export function planProblems(before: Routing, after: Routing): ReadonlyMap<string, readonly Problem[]> {
  return new Map(
    [...new Set([...before.plans.keys(), ...after.plans.keys()])].map((key) => {
      const unread = [before, after].flatMap((routing) => noteProblems(routing, key));
      return [key, unread.length > 0 ? unread : jumpProblems(before, after, key)];
    }),
  );
}

function jumpProblems(before: Routing, after: Routing, key: string): readonly Problem[] {
  // Before the first change there is nothing to jump from, and a service that leaves takes its plan along.
  if (before.isEmpty || isGone(after, key)) return [];
  const found = jump(stageOf(before, key), stageOf(after, key));
  if (found === undefined) return [];
  const [from, to] = [before.plans.get(key), after.plans.get(key)];
  const places = [
    ...(from === undefined ? [] : [`before ${from.from}`]),
    ...(to === undefined ? [] : [`now ${to.from}`]),
  ];
  return [
    {
      code: Code.PLAN_JUMP,
      message: `${found.what} for \`${(to ?? from)?.host ?? key}\`: ${places.join(', ')}`,
      fix: found.fix,
    },
  ];
}

function isGone(routing: Routing, key: string): boolean {
  return !routing.hosts.has(key) && !routing.routes.has(key) && routing.rulesOf(key) === undefined;
}

function stageOf(routing: Routing, key: string): ServiceStage {
  const shares = sharesOf(routing, key);
  const planned = routing.plans.get(key)?.planned;
  return { shares, ...(planned === undefined ? {} : { planned }) };
}

function sharesOf(routing: Routing, key: string): ReadonlyMap<string, number> {
  const shares = new Map([...(routing.rulesOf(key)?.subsets ?? [])].map((subset) => [subset, 0]));
  for (const { subset, sharePercent = 0 } of routing.routes.get(key) ?? []) {
    if (subset !== undefined) shares.set(subset, Math.max(shares.get(subset) ?? 0, sharePercent));
  }
  return shares;
}

/** Annotations that say no plan, and those that say another share than the routes beside them. */
function noteProblems(routing: Routing, key: string): readonly Problem[] {
  const entry = routing.plans.get(key);
  if (entry === undefined) return [];
  if (entry.planned === undefined) {
    return [noteProblem(entry, 'which is no plan')];
  }
  const routed = sharesOf(routing, key).get(subsetName(entry.planned.candidate)) ?? 0;
  const said = planShare(entry.planned.plan);
  // A candidate without a weight may have its share by matches: by the ids of users.
  return routed === 0 || routed === said
    ? []
    : [noteProblem(entry, `which is \`${said}\` percent, and routes \`${routed}\` percent`)];
}

function noteProblem({ from, note }: PlanEntry, what: string): Problem {
  return {
    code: Code.PLAN_NOTE,
    message: `${from} has the annotation \`${PLAN_NOTE}: ${note}\`, ${what}`,
    fix: 'leave the annotation and the weights of synthesized manifests as they are, and synthesize again',
  };
}
