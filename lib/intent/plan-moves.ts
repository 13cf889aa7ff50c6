import { quoted } from '../errors';
import { comparableVersion } from './release';
import type { PlannedRelease } from './release-plan';
import { planShare } from './release-plan';

/** What runs of one service: its plan, if it follows one, and the share of every version that is defined. */
export interface ServiceStage {
  readonly planned?: PlannedRelease;
  /** Shares in percent by {@link comparableVersion}; 0 for versions that are defined and get no share. */
  readonly shares: ReadonlyMap<string, number>;
}

/** A move that is no step of a plan, and what may be done instead. */
export interface Jump {
  readonly what: string;
  readonly fix: string;
}

/**
 * What is wrong with going from one stage of a service to another in one change. A plan moves by one step forward or back, or to
 * no share at all; it begins with no share, and ends once its candidate has every request or none.
 */
export function jump(before: ServiceStage, after: ServiceStage): Jump | undefined {
  const [from, to] = [before.planned, after.planned];
  if (to === undefined) {
    return from === undefined ? undefined : leaving(from, after);
  }
  if (from === undefined) {
    return beginning(before, to);
  }
  if (from.candidate !== to.candidate) {
    return succession(from, to);
  }
  return from.stable === to.stable ? step(from, to) : newStable(from, to);
}

/** The steps that may follow a step of the same plan. */
export function nextSteps({ plan: { steps, at } }: PlannedRelease): readonly number[] {
  return [...new Set([0, at - 1, at, at + 1])].filter((next) => next >= 0 && next <= steps.length);
}

function step(from: PlannedRelease, to: PlannedRelease): Jump | undefined {
  if (from.plan.steps.join() !== to.plan.steps.join()) {
    return changedSteps(from, to);
  }
  return nextSteps(from).includes(to.plan.at)
    ? undefined
    : {
        what: `the plan of candidate \`${to.candidate}\` jumps from ${described(from)} to ${described(to)}`,
        fix: `one change moves one step: ${quoted(nextSteps(from).map((next) => `at: ${next}`))}`,
      };
}

/** New steps may not carry the share further than to the nearest of the old and the new ones. */
function changedSteps(from: PlannedRelease, to: PlannedRelease): Jump | undefined {
  const [was, is] = [planShare(from.plan), planShare(to.plan)];
  const known = [0, ...from.plan.steps, ...to.plan.steps];
  const [low, high] = [was, is].sort((a, b) => a - b) as [number, number];
  return is === 0 || !known.some((share) => share > low && share < high)
    ? undefined
    : {
        what: `new \`steps\` take candidate \`${to.candidate}\` from ${described(from)} to ${described(to)}, past ${quoted(between(known, low, high))}`,
        fix: `keep its share at \`${was}\` percent in the change that changes \`steps\`, or choose \`at: 0\``,
      };
}

function between(shares: readonly number[], low: number, high: number): readonly number[] {
  return [...new Set(shares)].filter((share) => share > low && share < high).sort((a, b) => a - b);
}

/** A plan takes up where things are: with no share yet, or with the share that its candidate has. */
function beginning({ shares }: ServiceStage, to: PlannedRelease): Jump | undefined {
  const had = shares.get(comparableVersion(to.candidate)) ?? 0;
  if (had > 0 && had === planShare(to.plan)) {
    return undefined;
  }
  const isShared = [...shares.values()].some((share) => share > 0);
  if (isShared && !shares.has(comparableVersion(to.stable))) {
    return {
      what: `\`${to.stable}\` becomes the stable version of a plan, and was none of the versions ${quoted(shares.keys())}`,
      fix: `begin with a stable version that runs${had === 0 ? '' : `, or with the step of \`${had}\` percent, which \`${to.candidate}\` has`}`,
    };
  }
  return to.plan.at === 0
    ? undefined
    : {
        what: `the plan of candidate \`${to.candidate}\` begins at ${described(to)}`,
        fix: `begin with \`at: 0\`${had === 0 ? '' : `, or with the \`${had}\` percent that it has`}`,
      };
}

/** Another candidate takes its turn: with the same stable version, or after the promotion of the former one. */
function succession(from: PlannedRelease, to: PlannedRelease): Jump | undefined {
  if (from.stable !== to.stable) {
    const unready = newStable(from, to);
    if (unready !== undefined) {
      return unready;
    }
  }
  return to.plan.at === 0
    ? undefined
    : {
        what: `candidate \`${to.candidate}\` follows \`${from.candidate}\`, and its plan begins at ${described(to)}`,
        fix: 'begin with `at: 0`',
      };
}

function newStable(from: PlannedRelease, to: PlannedRelease): Jump | undefined {
  return to.stable === from.candidate && planShare(from.plan) === 100
    ? undefined
    : {
        what: `\`${to.stable}\` becomes the stable version, and ${to.stable === from.candidate ? `had ${described(from)} of its plan` : `\`${from.stable}\` was stable and \`${from.candidate}\` its candidate`}`,
        fix: notYet(from),
      };
}

/** A plan is gone: its candidate was promoted or dropped, or goes on with a fixed weight. */
function leaving(from: PlannedRelease, { shares }: ServiceStage): Jump | undefined {
  const was = planShare(from.plan);
  const candidate = shares.get(comparableVersion(from.candidate));
  const stable = shares.get(comparableVersion(from.stable));
  // Where both are gone, so are routes to them: those are said to be removed too early.
  if (candidate === undefined && stable === undefined) {
    return undefined;
  }
  if (candidate === undefined) {
    return was === 0
      ? undefined
      : {
          what: `candidate \`${from.candidate}\` is removed at ${described(from)}`,
          fix: 'go to `at: 0` first, and remove it in the next change',
        };
  }
  if (stable === undefined) {
    return was === 100
      ? undefined
      : { what: `\`${from.candidate}\` becomes the stable version at ${described(from)}`, fix: notYet(from) };
  }
  return candidate === was || candidate === 0
    ? undefined
    : {
        what: `candidate \`${from.candidate}\` leaves its plan at ${described(from)} for a share of \`${candidate}\` percent`,
        fix: `give it \`${was}\` percent in the change that removes the plan`,
      };
}

function notYet(from: PlannedRelease): string {
  return `a new stable version is the candidate that has 100 percent; now the plan allows ${quoted(nextSteps(from).map((next) => `at: ${next}`))}`;
}

function described({ plan }: PlannedRelease): string {
  return `\`at: ${plan.at}\` (${planShare(plan)}%)`;
}
