import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { Problem } from '../../errors';
import { Code } from '../../errors';
import type { KubeObject } from '../../manifests/objects';
import { fieldAt, stringMap } from '../../manifests/objects';
import { WORKLOAD_KINDS, podTemplatePath } from '../../manifests/workload';
import type { UpgradeState } from '../../providers/istio/upgrade-stage';
import { IstioUpgradeStage, describeUpgradeStage, upgradeReaches } from '../../providers/istio/upgrade-stage';

const FOLLOWS = 'istio.io/rev';

/** What follows a revision by its name while the control plane of that is not there: nobody would inject it. */
export function orphans(root: IConstruct, { from, to, stage }: UpgradeState): readonly Problem[] {
  const absent =
    stage === IstioUpgradeStage.OLD_REMOVED
      ? from
      : upgradeReaches(stage, IstioUpgradeStage.CONTROL_PLANE)
        ? undefined
        : to;
  if (absent === undefined) return [];
  return root.node
    .findAll()
    .filter((construct) => ApiObject.isApiObject(construct))
    .filter(({ kind }) => kind === 'Namespace' || WORKLOAD_KINDS.includes(kind))
    .filter((apiObject) => revisionsOf(apiObject).includes(absent))
    .map(({ node, kind, name }) => ({
      code: Code.FOLLOWED_NOBODY,
      message: `\`${kind} ${name}\` (\`${node.path}\`) has the label \`${FOLLOWS}: ${absent}\`, and at \`${describeUpgradeStage(stage)}\` no control plane has this revision, so that nobody would inject its pods`,
      fix: 'let it follow a tag of the install, in a change before',
    }));
}

function revisionsOf(apiObject: ApiObject): readonly (string | undefined)[] {
  const object = apiObject.toJson() as KubeObject;
  const places = apiObject.kind === 'Namespace' ? [[]] : [podTemplatePath(apiObject.kind)];
  return places.map((path) => stringMap(fieldAt(object, ...path, 'metadata', 'labels'))[FOLLOWS]);
}
