import type { IConstruct } from 'constructs';
import type { Problem } from '../errors';
import { contradictions } from '../intent/contradictions';
import { endedProblems, endingWarnings } from '../intent/end-date';
import { externalConflicts } from '../intent/external-conflicts';
import type { IngressIntent } from '../intent/ingress';
import { gatewayGrants } from '../intent/ingress';
import { MeshIntent } from '../intent/mesh';
import { DRIVEN } from '../intent/release';
import type { ServiceIntent } from '../intent/service';
import { serviceKey } from '../intent/service';
import { tokenProblems } from '../intent/tokens';
import { bypassedGrants } from '../intent/bypassed-grants';
import type { Provider } from '../providers/provider';
import { adoptService, enrolNamespace, giveWay } from './adoption';
import type { Binding } from './binding';
import { bind } from './binding';
import { claimProblems } from './claim-checks';
import { connectionProblems } from './connection-checks';
import { credentialProblems } from './credential-checks';
import { deliveryOf, deliveryProblems, handOver } from './delivery';
import { externalIntent } from './external-intent';
import { edgeTokenProblems } from './edge-token-checks';
import { fileProblems } from './file-checks';
import { hostProblems } from './host-checks';
import { idleProblems } from './idle-checks';
import { ingressProblems, ingressWarnings } from './ingress-checks';
import { initContainerWarnings } from './pod-checks';
import { levelProblems } from './level-checks';
import { migratingEntry, migrationProblems, migrationWarnings, restartOthers } from './migration';
import type { OutsideCall } from './outside-calls';
import { outsideCalls, outsideProblems } from './outside-calls';
import { preflightWarnings } from './preflight-checks';
import type { Registry } from './registry';
import { routeProblems } from './route-checks';
import { routeGrantProblems } from './route-grants';
import { countingCallers, countingEntry, telemetryProblems, uncountedWarnings } from './telemetry-checks';
import { today } from './today';
import { readTree } from './tree';
import type { Bound } from './tree-checks';
import { identityProblems, networkPolicyProblems, selectionProblems, twinProblems } from './tree-checks';

/** The complete intent, with what is wrong or noteworthy in it. */
export interface Synthesis {
  readonly intent: MeshIntent;
  /** Calls that are declared and come from outside the mesh, as far as manifests tell. */
  readonly outside: readonly OutsideCall[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

/** Reads what the tree has become, completes workloads and adopted objects, and draws up the intent. */
export function synthesize(root: IConstruct, registry: Registry, provider: Provider): Synthesis {
  const tree = readTree(root);
  const counting = countingCallers(registry);
  const bound: Bound[] = [...registry.services.values()].map((declared) => {
    const entry = migratingEntry(declared, registry);
    const counts = counting.has(serviceKey(entry.declaration.ref));
    return { entry, binding: bind(counts ? countingEntry(entry) : entry, tree, provider) };
  });
  restartOthers(bound, tree, registry, provider);
  const namespaces = [...registry.namespaces.values()].map((namespace) => enrolNamespace(namespace, tree, provider));
  const adopted = bound.flatMap(({ entry, binding }) => adoptService(entry, binding, tree));
  giveWay(bound, tree);
  handOver(registry, provider);
  const ingresses = registry.ingresses.map((ingress) => ingress.intent);
  const ingressesOf = new Map<string, IngressIntent[]>();
  for (const ingress of ingresses) {
    const key = serviceKey(ingress.service);
    ingressesOf.set(key, [...(ingressesOf.get(key) ?? []), ingress]);
  }
  const intent = new MeshIntent(
    bound.map((each) => serviceIntent(each, ingressesOf.get(serviceKey(each.entry.declaration.ref)) ?? [])),
    [...registry.externals.values()].map((external) => externalIntent(external, registry, provider)),
    [
      ...registry.grants,
      ...ingresses.flatMap((ingress) =>
        gatewayGrants(ingress, registry.services.get(serviceKey(ingress.service)) ?? { routes: [], connections: [] }),
      ),
    ],
    ingresses,
    provider.ingressGateway,
    registry.migrations.map((migration) => migration.intent),
    registry.edgeTokens.map((tokens) => tokens.intent),
  );
  const outside = outsideCalls(intent, registry, tree, provider);
  // Where nothing ends, the day is nobody's business.
  const day = registry.dated.length === 0 ? '' : today();
  const routing = routeProblems(intent, ingresses);
  // Routes that cannot be put in an order have no form at all.
  const atIngresses = routing.length > 0 ? [] : ingressProblems(registry, intent, provider);
  return {
    intent,
    outside,
    problems: [
      ...endedProblems(registry.dated, day),
      ...bound.flatMap(({ binding }) => binding.problems),
      ...namespaces.flatMap(({ problems }) => problems),
      ...adopted,
      ...twinProblems(tree),
      ...fileProblems(root, tree),
      ...selectionProblems(bound, tree),
      ...identityProblems(bound),
      ...networkPolicyProblems(bound, tree),
      ...hostProblems(registry, tree, provider),
      ...provider.ownRouteProblems(
        tree.others.map(({ apiObject, view }) => ({ object: view, place: apiObject.node.path })),
        intent,
      ),
      ...levelProblems(intent, provider),
      ...idleProblems(intent, registry),
      ...contradictions(intent),
      ...externalConflicts(intent),
      ...tokenProblems(intent),
      ...edgeTokenProblems(registry, intent),
      ...claimProblems(registry, intent),
      ...bypassedGrants(intent),
      ...deliveryProblems(intent, provider, tree),
      ...routing,
      ...atIngresses,
      ...routeGrantProblems(intent, ingresses),
      ...connectionProblems(intent, ingresses, provider),
      ...credentialProblems(registry, provider, tree),
      ...telemetryProblems(registry, tree),
      ...migrationProblems(registry),
      ...outsideProblems(outside),
    ],
    warnings: [
      ...namespaces.flatMap(({ warnings }) => warnings),
      ...endingWarnings(registry.dated, day),
      ...preflightWarnings(registry, intent),
      ...intent
        .allServices()
        .flatMap((service) =>
          service.delivery === undefined ? [] : provider.deliveryWarnings(service, service.delivery),
        ),
      ...(routing.length > 0 ? [] : ingressWarnings(registry, intent, provider)),
      ...initContainerWarnings(bound, provider.pods),
      ...uncountedWarnings(bound, counting, provider),
      ...migrationWarnings(registry, intent, outside, provider),
    ],
  };
}

function serviceIntent({ entry, binding }: Bound, ingresses: readonly IngressIntent[]): ServiceIntent {
  const delivery = deliveryOf(entry, binding, ingresses);
  return {
    ...entry.declaration,
    serviceAccount: binding.serviceAccount,
    podLabels: binding.podLabels,
    routes: entry.routes,
    connections: entry.connections,
    scoped: entry.scoped.filter(({ ending }) => ending !== true),
    ending: entry.scoped.filter(({ ending }) => ending === true),
    replicas: binding.workloads.flatMap(({ version, view: { replicas: count } }) =>
      count === undefined ? [] : [{ ...(version === undefined ? {} : { version }), count }],
    ),
    ...machineCidrs(binding),
    restrictions: entry.restrictions,
    // Whoever decides about its calls is called by its proxy.
    providers: [
      ...new Set([...entry.declaration.providers, ...entry.restrictions.checks.map(({ provider }) => provider)]),
    ],
    ...(entry.release === undefined ? {} : { release: entry.release.intent }),
    ...(delivery === undefined ? {} : { delivery }),
    ...(delivery?.controller.kind === 'argoRollouts' ? { release: DRIVEN } : {}),
  };
}

/** Where machines behind a service are; undefined where it has pods. */
function machineCidrs({ workloads }: Binding): Pick<ServiceIntent, 'machineCidrs'> {
  const cidrs = workloads.flatMap(({ machines }) => machines?.cidrs ?? []);
  return cidrs.length === 0 ? {} : { machineCidrs: cidrs };
}
