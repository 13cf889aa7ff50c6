import type { Problem } from '../errors';
import { Code, describeProblem, quoted } from '../errors';
import type { ServiceDeclaration } from '../intent/service';
import { serviceKey } from '../intent/service';
import type { PodContainer } from '../manifests/pod-containers';
import type { WorkloadView } from '../manifests/workload';
import type { PodRules } from '../providers/provider';
import type { Bound } from './tree-checks';

/** What keeps pods from working beside a proxy, or from being held by it. */
export function podProblems(
  { ref, locked, migrating, initContainers, proxy }: ServiceDeclaration,
  view: WorkloadView,
  workload: string,
  rules: PodRules,
): readonly Problem[] {
  const key = serviceKey(ref);
  const late = rules.lateProxy(view.podAnnotations);
  return [
    ...(view.ends && late !== undefined
      ? [
          {
            code: Code.WORKLOAD_ENDS,
            message: `the pods of ${workload} of \`${key}\` would never end, since ${late.reason} and stays when their containers have ended`,
            fix: late.fix,
          },
        ]
      : []),
    ...(initContainers === 'callOthers' && late !== undefined
      ? [
          {
            code: Code.INIT_CONTAINERS,
            message: `init containers of ${workload} of \`${key}\` call others${named(waiting(view))}, but start before the proxy: ${late.reason}`,
            fix: late.fix,
          },
        ]
      : []),
    ...(proxy.drainMillis !== undefined &&
    view.graceSeconds !== undefined &&
    proxy.drainMillis >= view.graceSeconds * 1000
      ? [
          {
            code: Code.DRAIN,
            message: `\`drainFor\` of \`${key}\` is \`${proxy.drainMillis / 1000}\` seconds, ${workload} gives its pods \`${view.graceSeconds}\` to end`,
            fix: 'give the pods a longer `terminationGracePeriodSeconds`, or a shorter `drainFor`',
          },
        ]
      : []),
    ...((locked || migrating?.refusesPlaintext === true) && rules.leavesProbes(proxy, view.podAnnotations)
      ? view.containers.flatMap((container) => probeProblem(container, key, workload))
      : []),
    ...view.containers.flatMap((container) => userProblem(container, key, workload, rules)),
  ];
}

/** Init containers of which nobody said whether they call somebody, where they could not. */
export function initContainerWarnings(bound: readonly Bound[], rules: PodRules): readonly string[] {
  return bound.flatMap(({ entry: { declaration }, binding }) =>
    (declaration.locked || declaration.migrating?.refusesPlaintext === true) && declaration.initContainers === undefined
      ? binding.workloads.flatMap(({ view }) => {
          const late = rules.lateProxy(view.podAnnotations);
          const names = waiting(view);
          return late === undefined || names.length === 0
            ? []
            : [
                describeProblem({
                  code: Code.INIT_CONTAINERS_UNKNOWN,
                  message: `init containers ${quoted(names)} of \`${view.kind} ${view.name}\` of \`${serviceKey(declaration.ref)}\` run before the proxy, so calls that they make are lost or refused: ${late.reason}`,
                  fix: `${late.fix}; or say \`initContainers: InitContainers.CALL_NOBODY\` of the service`,
                }),
              ];
        })
      : [],
  );
}

function waiting({ containers }: WorkloadView): readonly string[] {
  return containers.filter(({ runsBefore }) => runsBefore).map(({ name }) => name);
}

function named(names: readonly string[]): string {
  return names.length === 0 ? '' : ` (${quoted(names)})`;
}

function userProblem(
  { name, user, group }: PodContainer,
  key: string,
  workload: string,
  { proxyUser, proxyContainer }: PodRules,
): readonly Problem[] {
  if (name === proxyContainer) {
    return [];
  }
  const field = user === proxyUser ? 'runAsUser' : group === proxyUser ? 'runAsGroup' : undefined;
  return field === undefined
    ? []
    : [
        {
          code: Code.PROXY_USER,
          message: `container \`${name}\` of ${workload} of \`${key}\` has \`${field}: ${proxyUser}\`, the proxy's own, so that what it sends passes the proxy by, and with it mutual TLS and policies`,
          fix: `give \`securityContext.${field}\` of the container or its pod another number`,
        },
      ];
}

/** Probes without an identity, which nothing serves where everybody must have one. */
function probeProblem({ name, requestProbes }: PodContainer, key: string, workload: string): readonly Problem[] {
  return requestProbes.length === 0
    ? []
    : [
        {
          code: Code.PROBES,
          message: `${quoted(requestProbes)} of container \`${name}\` of ${workload} of \`${key}\` would be refused, since probes are not led through the proxy and the kubelet has no identity`,
          fix: 'leave out `rewriteProbes`, or the annotation for it, or probe with `exec`',
        },
      ];
}
