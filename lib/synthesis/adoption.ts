import type { ApiObject } from 'cdk8s';
import { JsonPatch } from 'cdk8s';
import type { Problem } from '../errors';
import { Code, quoted } from '../errors';
import type { Labels } from '../intent/names';
import { selects } from '../intent/names';
import { serviceKey } from '../intent/service';
import { mapAdditions } from '../kubernetes/pod-patch';
import { fieldAt, identityOf, stringMap } from '../manifests/objects';
import type { ServiceView } from '../manifests/service';
import type { Provider } from '../providers/provider';
import type { Binding } from './binding';
import { isEmitted } from './emitted';
import type { NamespaceEntry, ServiceEntry } from './registry';
import { servicePortProblems } from './service-ports';
import type { Foreign, Tree } from './tree';
import { isStanding, objectIdentity } from './tree';
import type { Bound } from './tree-checks';

/** Takes back Services and ServiceAccounts that the tree has already, and all but one of an account that is shared. */
export function giveWay(bound: readonly Bound[], tree: Tree): void {
  bound.forEach(({ entry, binding }) => giveWayToOthers(entry, binding, tree));
  for (const placeholder of bound.flatMap(({ entry }) => entry.placeholders).filter(isStanding)) {
    const twins = tree.byIdentity.get(objectIdentity(placeholder)) ?? [];
    if (placeholder.kind === 'ServiceAccount' && twins.some((twin) => twin !== placeholder && isStanding(twin))) {
      remove(placeholder);
    }
  }
}

function giveWayToOthers(entry: ServiceEntry, binding: Binding, tree: Tree): void {
  for (const placeholder of entry.placeholders) {
    const twins = (tree.byIdentity.get(objectIdentity(placeholder)) ?? []).filter((twin) => !isEmitted(twin));
    const otherAccount = placeholder.kind === 'ServiceAccount' && placeholder.name !== binding.serviceAccount;
    const delivered =
      binding.workloads.length > 0 &&
      binding.workloads.every(({ apiObject, machines }) => apiObject === undefined && machines === undefined);
    if (twins.length > 0 || otherAccount || (placeholder.kind === 'ServiceAccount' && delivered)) {
      remove(placeholder);
    }
  }
}

function remove(object: ApiObject): void {
  object.node.scope?.node.tryRemoveChild(object.node.id);
}

/** Checks a Service that was there before against what is declared, and adds protocols that it does not state. */
export function adoptService(entry: ServiceEntry, binding: Binding, tree: Tree): readonly Problem[] {
  const { ref, ports, owned } = entry.declaration;
  if (!owned || ports.length === 0) {
    return [];
  }
  const inNamespace = tree.services.filter(({ apiObject }) => apiObject.metadata.namespace === ref.namespace);
  const adopted = inNamespace.find(({ view }) => view.name === ref.name);
  if (adopted?.view.externalName !== undefined) {
    return [externalNameProblem(entry, adopted, adopted.view.externalName)];
  }
  return adopted === undefined
    ? secondServiceProblems(entry, binding, inNamespace)
    : [
        ...headlessProblems(entry, adopted),
        ...selectorProblems(entry, binding, adopted, tree),
        ...servicePortProblems(entry, binding, adopted),
      ];
}

/** A Service without pods, which stands for a name outside. */
function externalNameProblem(
  { declaration: { ref } }: ServiceEntry,
  { apiObject }: Foreign<ServiceView>,
  host: string,
): Problem {
  return {
    code: Code.HEADLESS,
    message: `Service \`${apiObject.node.path}\` of \`${serviceKey(ref)}\` is an ExternalName: no pods of its own, but another name of \`${host}\``,
    fix: `declare \`${host}\` as an \`ExternalHost\`, let callers use that name, and remove the Service`,
  };
}

function headlessProblems(
  { declaration: { ref, headless = false } }: ServiceEntry,
  { apiObject, view }: Foreign<ServiceView>,
): readonly Problem[] {
  return view.headless === headless
    ? []
    : [
        {
          code: Code.HEADLESS,
          message: `Service \`${apiObject.node.path}\` ${view.headless ? 'is' : 'is not'} headless, and \`${serviceKey(ref)}\` ${headless ? 'is' : 'is not'}`,
          fix: view.headless ? 'say `headless: true`' : 'leave `headless` out, or give the Service `clusterIP: None`',
        },
      ];
}

/** Labels a Namespace that was there before, or says what its owner has to add. */
export function enrolNamespace(
  namespace: NamespaceEntry,
  tree: Tree,
  provider: Provider,
): { readonly problems: readonly Problem[]; readonly warnings: readonly string[] } {
  const { labels, contradicting } = provider.enrolment(namespace.name);
  const wrongOf = (present: Labels) =>
    Object.entries(present).filter(
      ([key, value]) => contradicting.includes(key) || (labels[key] !== undefined && labels[key] !== value),
    );
  if (!namespace.existing) {
    const own = tree.byIdentity.get(identityOf('v1', 'Namespace', undefined, namespace.name)) ?? [];
    const wrong = own.flatMap((object) => wrongOf(stringMap(fieldAt(object.toJson(), 'metadata', 'labels'))));
    return { problems: wrong.length > 0 ? [injectionProblem(namespace.name, wrong, labels)] : [], warnings: [] };
  }
  const found = tree.others.find(
    ({ apiObject }) => apiObject.kind === 'Namespace' && apiObject.name === namespace.name,
  );
  if (found === undefined) {
    const wanted = Object.entries(labels).map(([key, value]) => `${key}: ${value}`);
    return {
      problems: [],
      warnings: [
        `namespace \`${namespace.name}\` is delivered by somebody else, who has to add the label ${quoted(wanted)} to it`,
      ],
    };
  }
  const present = stringMap(fieldAt(found.view, 'metadata', 'labels'));
  const wrong = wrongOf(present);
  if (wrong.length > 0) {
    return { problems: [injectionProblem(namespace.name, wrong, labels)], warnings: [] };
  }
  const enforced = present[POD_SECURITY];
  if (enforced !== undefined && enforced !== 'privileged' && !provider.restrictsPods) {
    return { problems: [podSecurityProblem(namespace.name, enforced)], warnings: [] };
  }
  const missing = Object.fromEntries(Object.entries(labels).filter(([key]) => present[key] === undefined));
  addAll(found.apiObject, mapAdditions(found.view, ['metadata', 'labels'], missing));
  if (found.view.metadata?.namespace !== undefined) {
    // The chart's, which cdk8s gives to every object.
    found.apiObject.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
  }
  return { problems: [], warnings: [] };
}

/** The label by which a namespace refuses pods that may do too much. */
const POD_SECURITY = 'pod-security.kubernetes.io/enforce';

function podSecurityProblem(name: string, level: string): Problem {
  return {
    code: Code.POD_SECURITY,
    message: `namespace \`${name}\` enforces Pod Security \`${level}\`, which refuses the privileged init container that is injected into its pods`,
    fix: 'install the CNI plugin and say `cni: true` to the mesh, or let the namespace enforce `privileged`',
  };
}

/** Two labels that say different things about who injects a namespace. */
export function injectionProblem(namespace: string, wrong: readonly [string, string][], labels: Labels): Problem {
  const wanted = Object.entries(labels).map(([key, value]) => `${key}: ${value}`);
  return {
    code: Code.INJECTION_LABELS,
    message: `namespace \`${namespace}\` has the label ${quoted(wrong.map(([key, value]) => `${key}: ${value}`))} beside ${quoted(wanted)}, and only one of them can hold`,
    fix: 'remove the label that the mesh does not use, or choose `revision` or `revisionTag` in `IstioMesh`',
  };
}

function secondServiceProblems(
  { declaration: { ref } }: ServiceEntry,
  binding: Binding,
  services: readonly Foreign<ServiceView>[],
): readonly Problem[] {
  return services
    .filter(
      ({ view }) =>
        Object.keys(view.selector).length > 0 &&
        binding.workloads.some((workload) => selects(view.selector, workload.view.podLabels)),
    )
    .map(({ apiObject, view }) => ({
      code: Code.SERVICE_SECOND,
      message: `the workload of \`${serviceKey(ref)}\` has the Service \`${view.name}\` (\`${apiObject.node.path}\`) already`,
      fix: `adopt it with \`name: '${view.name}'\`, or remove it`,
    }));
}

function selectorProblems(
  { declaration: { ref } }: ServiceEntry,
  binding: Binding,
  { apiObject, view }: Foreign<ServiceView>,
  tree: Tree,
): readonly Problem[] {
  const own = binding.workloads.filter((workload) => selects(view.selector, workload.view.podLabels));
  const missed =
    Object.keys(view.selector).length === 0 ? binding.workloads : binding.workloads.filter((w) => !own.includes(w));
  const others = tree.workloadsByLabels
    .selected(ref.namespace, view.selector)
    .filter((other) => !binding.workloads.some((workload) => workload.apiObject === other));
  return [
    ...missed.map((workload) => ({
      code: Code.SELECTOR,
      message: `Service \`${apiObject.node.path}\` does not select the pods of \`${workload.view.kind} ${workload.view.name}\`, the workload of \`${serviceKey(ref)}\``,
      fix: 'correct its selector or the labels of the pods',
    })),
    ...others.map((other) => ({
      code: Code.SELECTOR,
      message: `Service \`${apiObject.node.path}\` of \`${serviceKey(ref)}\` also selects \`${other.kind} ${other.name}\``,
      fix: 'narrow its selector',
    })),
  ];
}

function addAll(apiObject: ApiObject, additions: ReturnType<typeof mapAdditions>): void {
  apiObject.addJsonPatch(...additions.map(({ path, value }) => JsonPatch.add(path, value)));
}
