import { ApiObject } from 'cdk8s';
import { Code, MeshError, quoted } from '../errors';
import { givenList } from '../intent/given';
import type { ReleaseIntent } from '../intent/release';
import type { PlanIntent } from '../intent/release-plan';
import { planShare, requirePlan } from '../intent/release-plan';
import type { CanaryReleaseProps } from './release-props';
import type { Mesh } from './mesh';
import type { MeshedService } from './meshed-service';

/** The steps by which the share of a candidate grows, and which of them it is at. Each commit moves it by one. */
export interface ReleasePlan {
  /** The shares of the candidate in percent: whole numbers from 1 to 100, increasing. The last is 100 where it is to be promoted. */
  readonly steps: number[];
  /** 0 while the candidate has no share, only what `candidateWhen` matches; else the number of the step, counted from 1. */
  readonly at: number;
}

/** The plan of a release, if it has one, with the share of its candidate. */
export interface Planned {
  readonly plan?: PlanIntent;
  readonly weightPercent: number;
}

/** Where a release stands by its plan or its weight, which exclude each other. */
export function planned(key: string, props: CanaryReleaseProps): Planned {
  const { candidate, plan, furtherCandidates = [] } = props;
  if (plan?.steps !== undefined) {
    givenList('`steps` of a plan', plan.steps);
  }
  givenList('`furtherCandidates` of a release', furtherCandidates);
  const weightPercent = candidate?.weightPercent;
  if (plan === undefined) {
    if (candidate !== undefined && weightPercent === undefined) {
      throw new MeshError(
        Code.WEIGHT,
        `candidate \`${candidate.version}\` of \`${key}\` has no share`,
        'give it a `weightPercent`, or the release a `plan`',
      );
    }
    return { weightPercent: weightPercent ?? 0 };
  }
  if (candidate === undefined) {
    throw new MeshError(Code.PLAN, `the release of \`${key}\` has a \`plan\` and no \`candidate\``, 'remove the plan');
  }
  if (weightPercent !== undefined) {
    throw new MeshError(
      Code.PLAN,
      `candidate \`${candidate.version}\` of \`${key}\` has \`weightPercent\` \`${weightPercent}\`, and the release has a \`plan\``,
      'remove one of them: the plan says the share',
    );
  }
  const checked = requirePlan(key, plan);
  const fixed = furtherCandidates.reduce((sum, further) => sum + further.weightPercent, 0);
  const most = Math.max(...checked.steps);
  if (most + fixed > 100) {
    throw new MeshError(
      Code.WEIGHT,
      `the plan of \`${key}\` goes up to \`${most}\` percent, and ${quoted(furtherCandidates.map(({ version }) => version))} ${furtherCandidates.length === 1 ? 'has' : 'have'} \`${fixed}\``,
      'make them add up to 100 at most',
    );
  }
  return { plan: checked, weightPercent: planShare(checked) };
}

/** Writes a plan into the objects of its service, and says what is not checked about it. */
export function notePlan(mesh: Mesh, service: MeshedService, release: ReleaseIntent): void {
  const [candidate] = release.candidates;
  const { plan, stable } = release;
  if (plan === undefined || candidate === undefined) {
    return;
  }
  const notes = mesh._provider.planNotes({ stable: stable.version, candidate: candidate.version, plan });
  for (const { id, annotations } of notes) {
    const object = service.node.findChild(id);
    Object.entries(annotations).forEach(
      ([key, value]) => ApiObject.isApiObject(object) && object.metadata.addAnnotation(key, value),
    );
  }
  const { warnings } = mesh._registry;
  const where = `the plan of candidate \`${candidate.version}\` (\`${service.node.path}\`)`;
  if (!mesh._comparesStages) {
    warnings.add(
      `${where} is compared with nothing that ran before: give \`previous\` to \`Mesh.use\`, or run \`cdk8s-mesh stage\``,
    );
  }
  if (plan.at === plan.steps.length && planShare(plan) < 100) {
    warnings.add(`${where} is at its last step, \`${planShare(plan)}\` percent: to promote it, add a step of 100`);
  }
}
