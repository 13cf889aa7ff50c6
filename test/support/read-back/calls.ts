import type { KubeObject, Labels, Specified } from './objects';
import { ofKind, requireFields, sorted } from './objects';
import { readPods, selectPods } from './pods';

interface Policy {
  readonly selector?: { readonly matchLabels?: Labels };
  readonly action?: string;
  readonly rules?: readonly Rule[];
}

interface Rule {
  readonly from?: readonly { readonly source: { readonly principals?: readonly string[] } }[];
  readonly to?: readonly { readonly operation: Operation }[];
}

interface Operation {
  readonly ports?: readonly string[];
  readonly methods?: readonly string[];
  readonly paths?: readonly string[];
}

const ANY = ['*'];

/**
 * Every call that AuthorizationPolicies allow, as `caller -> namespace/workload:containerPort METHOD /path`, where `*`
 * stands for any: who calls by the principal, who is called by the pods that the policy selects.
 */
export function readCalls(objects: readonly KubeObject[]): readonly string[] {
  const pods = readPods(objects);
  return sorted(
    policies(objects).flatMap(({ name, namespace, spec }) =>
      selectPods(pods, namespace, spec.selector?.matchLabels ?? {}).flatMap(({ key }) =>
        (spec.rules ?? []).flatMap((rule) =>
          callers(name, rule).flatMap((caller) => operations(name, rule).map((call) => `${caller} -> ${key}:${call}`)),
        ),
      ),
    ),
  );
}

/** Workloads that anybody may call, since nothing that allows applies to them. */
export function readOpenWorkloads(objects: readonly KubeObject[]): readonly string[] {
  const pods = readPods(objects);
  const guarded = policies(objects).flatMap(({ namespace, spec }) =>
    selectPods(pods, namespace, spec.selector?.matchLabels ?? {}),
  );
  return sorted(pods.filter((pod) => !guarded.includes(pod)).map(({ key }) => key));
}

function policies(objects: readonly KubeObject[]): readonly Specified<Policy>[] {
  const found = ofKind<Policy>(objects, 'AuthorizationPolicy', ['selector', 'action', 'rules']);
  const other = found.find(({ spec: { action = 'ALLOW' } }) => action !== 'ALLOW');
  if (other !== undefined) throw new Error(`${other.name} does something else than allow`);
  return found;
}

function callers(policy: string, rule: Rule): readonly string[] {
  requireFields(policy, rule, ['from', 'to']);
  if (rule.from === undefined) return ANY;
  return rule.from.flatMap(({ source }) => {
    requireFields(policy, source, ['principals']);
    return source.principals ?? ANY;
  });
}

function operations(policy: string, rule: Rule): readonly string[] {
  if (rule.to === undefined) return ['* * *'];
  return rule.to.flatMap(({ operation }) => {
    requireFields(policy, operation, ['ports', 'methods', 'paths']);
    const { ports = ANY, methods = ANY, paths = ANY } = operation;
    return ports.flatMap((port) => methods.flatMap((method) => paths.map((path) => `${port} ${method} ${path}`)));
  });
}
