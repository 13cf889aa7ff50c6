import type { ApiObject } from 'cdk8s';
import type { Problem } from '../errors';
import { Code, quoted } from '../errors';
import { selects } from '../intent/names';
import { serviceKey } from '../intent/service';
import { fieldAt, isRecord, stringMap, twinProblem } from '../manifests/objects';
import { SelectionIndex } from '../manifests/selection';
import type { WorkloadView } from '../manifests/workload';
import type { Binding } from './binding';
import type { ServiceEntry } from './registry';
import type { Tree } from './tree';
import { isStanding } from './tree';

/** A service with what its workloads say. */
export interface Bound {
  readonly entry: ServiceEntry;
  readonly binding: Binding;
}

/** Two objects that would be one in a cluster. */
export function twinProblems(tree: Tree): readonly Problem[] {
  return [...tree.byIdentity.values()].flatMap((objects) => {
    if (objects.length < 2) return [];
    const [first, second] = objects.filter(isStanding);
    return first === undefined || second === undefined
      ? []
      : [
          twinProblem(
            { kind: first.kind, namespace: first.metadata.namespace, name: first.name },
            first.node.path,
            second.node.path,
          ),
        ];
  });
}

/** Workloads that two services claim, or that a service's labels select besides its own. */
export function selectionProblems(bound: readonly Bound[], tree: Tree): readonly Problem[] {
  const owners = new Map<ApiObject | string, string>();
  const delivered = deliveredByLabels(bound);
  return bound.flatMap(({ entry, binding }) => {
    const key = serviceKey(entry.declaration.ref);
    const { namespace } = entry.declaration.ref;
    const twice = binding.workloads.flatMap(({ apiObject, view }) => {
      const workload = apiObject ?? `${namespace} ${view.kind} ${view.name}`;
      const other = owners.get(workload);
      owners.set(workload, key);
      return other === undefined
        ? []
        : [
            {
              code: Code.WORKLOAD_TWICE,
              message: `\`${view.kind} ${view.name}\` is the workload of \`${other}\` and of \`${key}\``,
              fix: 'give each service, and each version, a workload of its own, or one service several `ports`',
            },
          ];
    });
    const others = [
      ...tree.workloadsByLabels
        .selected(namespace, binding.podLabels)
        .filter((other) => !binding.workloads.some(({ apiObject }) => apiObject === other))
        .map((other) => `\`${other.kind} ${other.name}\` (\`${other.node.path}\`)`),
      ...delivered
        .selected(namespace, binding.podLabels)
        .filter(
          ({ view }) => !binding.workloads.some((own) => own.view.kind === view.kind && own.view.name === view.name),
        )
        .map(({ view, key: owner }) => `\`${view.kind} ${view.name}\`, the workload of \`${owner}\``),
    ];
    return [
      ...twice,
      ...(twice.length > 0 ? [] : others).map((other) => ({
        code: Code.SELECTOR,
        message: `the labels ${quoted(Object.entries(binding.podLabels).map(([k, v]) => `${k}: ${v}`))} of \`${key}\` also select ${other}`,
        fix: 'give the pods of one of them a label that the others do not have, in its selector',
      })),
    ];
  });
}

/** Workloads that stand in no tree because somebody else delivers them. */
function deliveredByLabels(bound: readonly Bound[]) {
  const index = new SelectionIndex<{ readonly key: string; readonly view: WorkloadView }>();
  for (const { entry, binding } of bound) {
    const { ref } = entry.declaration;
    binding.workloads
      .filter(({ apiObject }) => apiObject === undefined)
      .forEach(({ view }) => index.add(ref.namespace, view.podLabels, { key: serviceKey(ref), view }));
  }
  return index;
}

/** Services under one service account, where a grant to one opens the other. */
export function identityProblems(bound: readonly Bound[]): readonly Problem[] {
  const byAccount = new Map<string, ServiceEntry[]>();
  for (const { entry, binding } of bound) {
    const account = `${entry.declaration.ref.namespace}/${binding.serviceAccount}`;
    byAccount.set(account, [...(byAccount.get(account) ?? []), entry]);
  }
  return [...byAccount]
    .filter(([, entries]) => entries.length > 1 && entries.some(({ declaration }) => !declaration.sharedIdentity))
    .map(([account, entries]) => ({
      code: Code.SERVICE_ACCOUNT_SHARED,
      message: `services ${quoted(entries.map(({ declaration }) => serviceKey(declaration.ref)))} run under one service account \`${account}\`, so that a grant to one opens the other`,
      fix: 'give each an account of its own, or say `sharedIdentity: true` on all of them',
    }));
}

/** NetworkPolicies of somebody else that open what the generated ones close, since NetworkPolicies add up. */
export function networkPolicyProblems(bound: readonly Bound[], tree: Tree): readonly Problem[] {
  const policies = tree.others.filter(({ apiObject, view }) => apiObject.kind === 'NetworkPolicy' && opens(view));
  return policies.flatMap(({ apiObject, view }) => {
    const selector = fieldAt(view, 'spec', 'podSelector');
    return bound
      .filter(({ entry: { declaration } }) => declaration.owned && declaration.locked && declaration.networkPolicy)
      .filter(({ entry: { declaration } }) => declaration.ref.namespace === view.metadata?.namespace)
      .filter(({ binding }) =>
        binding.workloads.some((workload) =>
          selects(stringMap(fieldAt(selector, 'matchLabels')), workload.view.podLabels),
        ),
      )
      .map(({ entry: { declaration } }) => ({
        code: Code.NETWORK_POLICY_SECOND,
        message: `NetworkPolicy \`${apiObject.node.path}\` selects the pods of \`${serviceKey(declaration.ref)}\` too, and policies add up`,
        fix: 'say it as grants and remove it, or keep yours with `networkPolicy: false` on the service',
      }));
  });
}

function opens(policy: unknown): boolean {
  return ['ingress', 'egress'].some((direction) => {
    const rules = fieldAt(policy, 'spec', direction);
    return Array.isArray(rules) && rules.some(isRecord);
  });
}
