import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { Problem } from '../../errors';
import { Code } from '../../errors';
import type { KubeObject } from '../../manifests/objects';
import { fieldAt, stringMap } from '../../manifests/objects';
import { WORKLOAD_KINDS, podTemplatePath } from '../../manifests/workload';
import type { UpgradeState } from '../../providers/istio/upgrade-stage';
import {
  IstioUpgradeStage,
  NO_REVISION,
  describeUpgradeStage,
  upgradeReaches,
} from '../../providers/istio/upgrade-stage';

const FOLLOWS = 'istio.io/rev';
const INJECTED = 'istio-injection';

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
    .flatMap((apiObject) => followed(apiObject, absent).map((label) => ({ apiObject, label })))
    .map(({ apiObject: { node, kind, name }, label }) => ({
      code: Code.FOLLOWED_NOBODY,
      message: `\`${kind} ${name}\` (\`${node.path}\`) has the label \`${label}\`, and at \`${describeUpgradeStage(stage)}\` no control plane has that revision, so that nobody would inject its pods`,
      fix: 'let it follow a tag of the install, in a change before',
    }));
}

/** The labels by which an object follows a revision past any tag. */
function followed(apiObject: ApiObject, revision: string): readonly string[] {
  const isNamespace = apiObject.kind === 'Namespace';
  const path = isNamespace ? [] : podTemplatePath(apiObject.kind);
  const labels = stringMap(fieldAt(apiObject.toJson() as KubeObject, ...path, 'metadata', 'labels'));
  return [
    ...(labels[FOLLOWS] === revision ? [`${FOLLOWS}: ${revision}`] : []),
    ...(isNamespace && revision === NO_REVISION && labels[INJECTED] === 'enabled' ? [`${INJECTED}: enabled`] : []),
  ];
}
