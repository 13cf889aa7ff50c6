import type { Problem } from '../errors';
import { Code } from '../errors';
import type { Delivery } from '../intent/delivery';
import type { ServiceRef } from '../intent/peer';
import { serviceKey } from '../intent/service';
import { fieldAt } from '../manifests/objects';
import type { Tree } from './tree';

/** HorizontalPodAutoscalers by the workload that they scale. */
export type Autoscalers = ReadonlyMap<string, readonly string[]>;

/** The autoscalers of a tree. */
export function readAutoscalers(tree: Tree): Autoscalers {
  const found = new Map<string, string[]>();
  for (const { apiObject, view } of tree.others) {
    if (apiObject.kind === 'HorizontalPodAutoscaler') {
      const target = fieldAt(view, 'spec', 'scaleTargetRef');
      const key = scaled(view.metadata?.namespace, String(fieldAt(target, 'kind')), String(fieldAt(target, 'name')));
      found.set(key, [...(found.get(key) ?? []), apiObject.name]);
    }
  }
  return found;
}

/** Autoscalers that would scale what no requests go to any more. */
export function autoscalerProblems(
  ref: ServiceRef,
  { controller, workload }: Delivery,
  autoscalers: Autoscalers,
): readonly Problem[] {
  const key = serviceKey(ref);
  return (autoscalers.get(scaled(ref.namespace, 'Deployment', workload.name)) ?? [])
    .filter((name) => controller.kind !== 'flagger' || controller.autoscaler !== name)
    .map((name) => ({
      code: Code.RELEASE,
      message: `HorizontalPodAutoscaler \`${name}\` scales \`Deployment ${workload.name}\`, but the pods of \`${key}\` that run are those of ${controller.kind === 'flagger' ? "Flagger's copy" : 'its Rollout'}`,
      fix:
        controller.kind === 'flagger'
          ? `name it: \`autoscaler: '${name}'\` of the controller`
          : `let it scale \`argoproj.io/v1alpha1\` \`Rollout ${ref.name}\``,
    }));
}

function scaled(namespace: string | undefined, kind: string, name: string): string {
  return `${namespace ?? ''}/${kind}/${name}`;
}
