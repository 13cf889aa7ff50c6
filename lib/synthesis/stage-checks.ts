import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { Problem } from '../errors';
import { MeshError } from '../errors';
import { describePlace } from '../manifests/place';
import type * as Folder from '../manifests/folder';
import type { KubeObject } from '../manifests/objects';
import type { Provider, StandingObject } from '../providers/provider';

/** What ran before, read from its folder when it is first asked for. */
export class PreviousOutput {
  private objects: readonly StandingObject[] | undefined;

  constructor(private readonly folder: string) {}

  /** What is wrong with replacing it by what the tree has become. */
  problems(root: IConstruct, provider: Provider): readonly Problem[] {
    // The reader of YAML takes longer to load than a small app to synthesize: only those who name a previous output wait for it.
    const { readManifests } = require('../manifests/folder') as typeof Folder;
    try {
      this.objects ??= readManifests(this.folder).map(({ object, ...place }) => ({
        object,
        place: describePlace(place),
      }));
    } catch (error) {
      if (error instanceof MeshError) return [error.problem];
      throw error;
    }
    return provider.stageProblems(this.objects, standing(root, provider));
  }
}

function standing(root: IConstruct, provider: Provider): readonly StandingObject[] {
  return root.node
    .findAll()
    .filter((construct) => ApiObject.isApiObject(construct))
    .filter(({ apiVersion, kind }) => provider.isStaged(apiVersion, kind))
    .map((apiObject) => ({ object: apiObject.toJson() as KubeObject, place: apiObject.node.path }));
}
