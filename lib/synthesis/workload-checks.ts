import { Yaml } from 'cdk8s';
import type { Problem } from '../errors';
import { Code, quoted } from '../errors';
import type { Labels } from '../intent/names';
import type { ServiceDeclaration } from '../intent/service';
import { serviceKey } from '../intent/service';
import type { PodAdditions } from '../kubernetes/pod-patch';
import type { WorkloadView } from '../manifests/workload';
import { podTemplatePath } from '../manifests/workload';
import type { Provider } from '../providers/provider';
import type { BoundWorkload } from './binding';
import { podProblems } from './pod-checks';
import type { ServiceEntry } from './registry';

/** What keeps a workload from being the one behind a service. */
export function workloadProblems(
  entry: ServiceEntry,
  bound: BoundWorkload,
  serviceAccount: string,
  provider: Provider,
): readonly Problem[] {
  const { declaration } = entry;
  const { view } = bound;
  const key = serviceKey(declaration.ref);
  const workload = `\`${view.kind} ${view.namespace === undefined ? '' : `${view.namespace}/`}${view.name}\``;
  const optOut = provider.pods.optsOut(
    view.podLabels,
    view.podAnnotations,
    declaration.ports.map((port) => port.containerPort),
  );
  const silent = declaration.ports.filter((port) => !view.containerPorts.includes(port.containerPort));
  const label = view.podLabels.version;
  return [
    problem(
      bound.apiObject !== undefined && view.namespace !== declaration.ref.namespace,
      Code.WORKLOAD_NAMESPACE,
      `${workload} is in ${view.namespace === undefined ? 'no namespace' : `namespace \`${view.namespace}\``}, its service \`${key}\` in \`${declaration.ref.namespace}\``,
      `put it there, for example with \`new Chart(app, id, { namespace: '${declaration.ref.namespace}' })\``,
    ),
    problem(
      Object.keys(view.podLabels).length === 0,
      Code.WORKLOAD_LABELS,
      `the pods of ${workload} have no labels, so that nothing can select them`,
      `give the pod template a label, for example \`app: ${declaration.ref.name}\``,
    ),
    problem(
      optOut !== undefined || view.hostNetwork,
      Code.WORKLOAD_NOT_INJECTED,
      `${workload} of \`${key}\` gets no proxy because of ${optOut ?? '`hostNetwork: true`'}`,
      'remove that, or leave the workload out of the mesh',
    ),
    problem(
      silent.length > 0,
      Code.PORT_NOT_LISTENING,
      `no container of ${workload} listens on ${quoted(silent.map((port) => port.containerPort))}, which \`${key}\` declares; they listen on ${quoted(view.containerPorts) || 'none'}`,
      "give the port's `containerPort`, or declare it on the container",
    ),
    problem(
      view.serviceAccountName === 'default' || serviceAccount === 'default',
      Code.SERVICE_ACCOUNT_DEFAULT,
      `${workload} runs under service account \`default\`, which every pod without an account of its own has`,
      'remove `serviceAccountName` from it, or name an account of its own',
    ),
    problem(
      view.serviceAccountName !== undefined && view.serviceAccountName !== serviceAccount,
      Code.SERVICE_ACCOUNT,
      `${workload} runs under service account \`${view.serviceAccountName}\`, its service \`${key}\` under \`${serviceAccount}\``,
      `make them one: \`serviceAccount: '${view.serviceAccountName}'\` on the service, or the same account in every workload`,
    ),
    problem(
      bound.version !== undefined && label !== undefined && label !== bound.version,
      Code.VERSION,
      `${workload} has the label \`version: ${label}\`, the release of \`${key}\` calls it \`${bound.version}\``,
      'use one name for the version; labels are never changed',
    ),
    ...(optOut === undefined ? undeclaredBypass(entry, view, workload, provider) : []),
    ...podProblems(declaration, view, workload, provider.pods),
    ...chosenAnnotationProblems(entry, view, workload, provider),
  ].flatMap((found) => found ?? []);
}

/** What the owner of a workload has to add, since nothing of it is patched here. */
export function externalProblems(
  { declaration }: ServiceEntry,
  view: WorkloadView,
  additions: PodAdditions,
  version: string | undefined,
  provider: Provider,
): readonly Problem[] {
  const { serviceLabel } = provider;
  const own = additions.labels[serviceLabel];
  const { chosen } = provider.podPatch(declaration);
  const annotations = {
    ...Object.fromEntries(Object.entries(additions.annotations).filter(([key]) => chosen[key] !== undefined)),
    ...enrolling(declaration, additions.annotations, provider),
  };
  const labels = {
    ...(version !== undefined && additions.labels.version !== undefined ? { version } : {}),
    ...(own === undefined ? {} : { [serviceLabel]: own }),
  };
  const missing = {
    ...(Object.keys(labels).length > 0 ? { labels } : {}),
    ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
  };
  if (Object.keys(missing).length === 0) return [];
  const metadata = [...podTemplatePath(view.kind), 'metadata'];
  return [
    {
      code: Code.WORKLOAD_EXTERNAL,
      message: `external workload \`${view.kind} ${view.name}\` of \`${serviceKey(declaration.ref)}\` lacks what its service asks for, and is not patched`,
      fix: `add this to its manifest and say so in \`Workload.external\`:\n${Yaml.stringify(nested(metadata, missing))}`,
    },
  ];
}

/** Of these annotations, those by which a migration restarts pods. */
function enrolling(declaration: ServiceDeclaration, annotations: Labels, provider: Provider): Labels {
  if (declaration.migrating === undefined) return {};
  const { migrating: _, ...resting } = declaration;
  const without = provider.podPatch(resting).annotations;
  return Object.fromEntries(Object.entries(annotations).filter(([key]) => without[key] === undefined));
}

function nested(path: readonly string[], value: object): object {
  return path.reduceRight((inner, key) => ({ [key]: inner }), value);
}

/** Ports that an annotation leads past the proxy, where nobody said why. */
function undeclaredBypass(
  { declaration }: ServiceEntry,
  view: WorkloadView,
  workload: string,
  provider: Provider,
): readonly Problem[] {
  return !declaration.locked
    ? []
    : provider.pods
        .bypass(view.podAnnotations)
        .filter(({ key }) => provider.podPatch(declaration).chosen[key] === undefined)
        .map(({ key, value }) => ({
          code: Code.UNPROTECTED,
          message: `${workload} of \`${serviceKey(declaration.ref)}\` has the annotation \`${key}: ${value}\`, by which these ports pass its proxy by, and with it mutual TLS and policies`,
          fix: 'remove it, or say why in `unprotectedPorts` of the service',
        }));
}

/** Annotations that the workload has and the user of the service chose otherwise. */
function chosenAnnotationProblems(
  { declaration }: ServiceEntry,
  view: WorkloadView,
  workload: string,
  provider: Provider,
): readonly (Problem | undefined)[] {
  return Object.entries(provider.podPatch(declaration).chosen).map(([key, wanted]) =>
    problem(
      view.podAnnotations[key] !== undefined && view.podAnnotations[key] !== wanted,
      Code.WORKLOAD_ANNOTATION,
      `${workload} has the annotation \`${key}: ${view.podAnnotations[key]}\`, \`proxy\` of \`${serviceKey(declaration.ref)}\` says \`${wanted}\``,
      'remove one of them; annotations are never changed',
    ),
  );
}

function problem(wrong: boolean, code: Code, message: string, fix: string): Problem | undefined {
  return wrong ? { code, message, fix } : undefined;
}
