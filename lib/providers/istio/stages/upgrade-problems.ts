import type { Problem } from '../../../errors';
import { Code, quoted } from '../../../errors';
import { byCodeUnits } from '../../../intent/names';
import type { IstioUpgradeStage, UpgradeState } from '../upgrade-stage';
import { UPGRADE_NOTE, controlPlaneName, describeUpgradeStage, taggedRevision } from '../upgrade-stage';
import type { StandingTag } from './tags';

type Tags = ReadonlyMap<string, StandingTag>;

/** A move that is not to an adjacent stage, and what may be done instead. */
interface UpgradeJump {
  readonly what: string;
  readonly fix: string;
}

/** Upgrades that are not followed stage by stage, and revision tags that move outside of one. Nothing ran before a first change. */
export function upgradeProblems(before: Tags, after: Tags, isFirst: boolean): readonly Problem[] {
  const notes = [before, after].flatMap((tags) => [...tags.values()].flatMap(noteProblem));
  if (notes.length > 0) return notes;
  const jumps = new Map<string, { readonly jump: UpgradeJump; readonly places: readonly string[] }>();
  for (const name of [...before.keys()].sort(byCodeUnits)) {
    const [was, is] = [before.get(name), after.get(name)];
    const jump = was === undefined ? undefined : tagJump(was, is);
    if (was !== undefined && jump !== undefined) {
      const places = [`before ${was.from}`, ...(is === undefined ? [] : [`now ${is.from}`])];
      jumps.set(jump.what, { jump, places: [...(jumps.get(jump.what)?.places ?? []), ...places] });
    }
  }
  const late = isFirst || [...after.keys()].some((name) => before.has(name)) ? undefined : lateBeginning(after);
  if (late !== undefined) jumps.set(late.jump.what, late);
  return [...jumps.values()].map(({ jump, places }) => ({
    code: Code.UPGRADE_JUMP,
    message: `${jump.what}: ${places.join(', ')}`,
    fix: jump.fix,
  }));
}

/** An annotation that says no upgrade, or another one than the tag. */
function noteProblem({ from, revision, services, note }: StandingTag): readonly Problem[] {
  const other = services.find((service) => service !== controlPlaneName(revision));
  const state = note?.state;
  const wrong =
    other !== undefined
      ? `asks Service \`${other}\`, and its label says revision \`${revision}\``
      : note === undefined
        ? undefined
        : state === undefined
          ? `has the annotation \`${UPGRADE_NOTE}: ${note.text}\`, which is no upgrade`
          : [true, false].some((canary) => taggedRevision(state, canary) === revision)
            ? undefined
            : `has the annotation \`${UPGRADE_NOTE}: ${note.text}\`, and its revision is \`${revision}\``;
  return wrong === undefined
    ? []
    : [
        {
          code: Code.UPGRADE_NOTE,
          message: `${from} ${wrong}`,
          fix: 'leave the labels, annotations and Services of synthesized manifests as they are, and synthesize again',
        },
      ];
}

function tagJump(was: StandingTag, is: StandingTag | undefined): UpgradeJump | undefined {
  const [from, to] = [was.note?.state, is?.note?.state];
  if (is === undefined) {
    return from === undefined
      ? undefined
      : {
          what: `tag \`${was.tag}\` goes away in ${described(from)}`,
          fix: 'end the upgrade first, or go back to where it began',
        };
  }
  if (from === undefined) return to === undefined ? movedTag(was, is) : beginning(was, to);
  return to === undefined ? ending(from, is) : step(from, to);
}

function movedTag(was: StandingTag, is: StandingTag): UpgradeJump | undefined {
  return was.revision === is.revision
    ? undefined
    : {
        what: `tag \`${was.tag}\` moves from revision \`${was.revision}\` to \`${is.revision}\` in one change`,
        fix: `keep revision \`${was.revision}\` in \`IstioInstall\`, and give it an \`upgrade\` to \`${is.revision}\``,
      };
}

function beginning({ tag, revision }: StandingTag, to: UpgradeState): UpgradeJump | undefined {
  // The change that ended it is taken back.
  if (to.stage === to.stages.at(-1) && revision === to.to) return undefined;
  if (to.from !== revision) {
    return {
      what: `tag \`${tag}\` points to revision \`${revision}\`, and ${described(to)} goes out from \`${to.from}\``,
      fix: `let it go out from \`${revision}\``,
    };
  }
  return to.stage === to.stages[0]
    ? undefined
    : { what: `${described(to)} begins at ${stage(to.stage)}`, fix: `begin with ${stages(to.stages.slice(0, 1))}` };
}

/** An upgrade that is under way where no tag was before: it has not been followed, or what ran before is of another mesh. */
function lateBeginning(after: Tags): { readonly jump: UpgradeJump; readonly places: readonly string[] } | undefined {
  for (const { from, note } of after.values()) {
    const to = note?.state;
    if (to !== undefined && to.stage !== to.stages[0]) {
      return {
        jump: {
          what: `${described(to)} is at ${stage(to.stage)}, and none of its tags was there before`,
          fix: `give \`previous\` the output that has them; where there were none, deliver the tags first, and begin with ${stages(to.stages.slice(0, 1))}`,
        },
        places: [`now ${from}`],
      };
    }
  }
  return undefined;
}

function ending(from: UpgradeState, { revision }: StandingTag): UpgradeJump | undefined {
  const done = from.stage === from.stages.at(-1) && revision === from.to;
  const given = from.stage === from.stages[0] && revision === from.from;
  return done || given
    ? undefined
    : {
        what: `${described(from)} ends at ${stage(from.stage)} with revision \`${revision}\``,
        fix: `one change moves one stage, so next may come: ${stages(neighbours(from))}`,
      };
}

function step(from: UpgradeState, to: UpgradeState): UpgradeJump | undefined {
  if (from.from === to.from && from.to === to.to) {
    return neighbours(from).includes(to.stage) && neighbours(to).includes(from.stage)
      ? undefined
      : {
          what: `${described(to)} jumps from ${stage(from.stage)} to ${stage(to.stage)}`,
          fix: `one change moves one stage, so next may come: ${stages(neighbours({ ...to, stage: from.stage }))}`,
        };
  }
  const first = to.stage === to.stages[0];
  const next = from.stage === from.stages.at(-1) && from.to === to.from;
  const other = from.stage === from.stages[0] && from.from === to.from;
  return first && (next || other)
    ? undefined
    : {
        what: `${described(to)} takes the place of ${described(from)}, which is at ${stage(from.stage)}`,
        fix: 'end the first one, or go back to where it began, before another one begins',
      };
}

/** Where an upgrade may be after one change; also at stages that it has not gone through before. */
function neighbours({ stage: at, stages: all }: UpgradeState): readonly IstioUpgradeStage[] {
  const index = all.indexOf(at);
  return index < 0 ? [] : all.slice(Math.max(index - 1, 0), index + 2);
}

function described({ from, to }: UpgradeState): string {
  return `the upgrade from revision \`${from}\` to \`${to}\``;
}

function stage(one: IstioUpgradeStage): string {
  return stages([one]);
}

function stages(all: readonly IstioUpgradeStage[]): string {
  return quoted(all.map(describeUpgradeStage));
}
