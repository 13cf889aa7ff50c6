import { describeProblem } from '../errors';
import { describePlace } from '../manifests/place';
import { readManifests } from '../manifests/folder';
import { stageProblems } from '../providers/istio/stages/stage';
import type { StandingObject } from '../providers/provider';

/** What is wrong with going from the manifests in one folder to those in another in one change: one line for each problem. */
export function stage(from: string, to: string): readonly string[] {
  return stageProblems(standing(from), standing(to)).map(describeProblem);
}

function standing(folder: string): readonly StandingObject[] {
  return readManifests(folder).map(({ object, ...place }) => ({ object, place: describePlace(place) }));
}
