import { Kind } from '../kinds';
import type { LocatedObject } from '../located';
import { fieldAt, indexedRecords, isRecord, stringMap, textAt, textList } from '../objects';
import type { ManifestView } from '../view';
import { namespaceOf } from '../view';
import { byAge } from './age';
import { isExportedTo } from './exports';
import { groupBy } from './groups';
import { fullHost, hostKeys, serviceOfHost } from './hosts';

type Fields = Readonly<Record<string, unknown>>;

export interface Subset {
  readonly index: number;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly policy: Fields | undefined;
}

/** A DestinationRule. */
export interface DestinationRule {
  readonly object: LocatedObject;
  readonly namespace: string;
  readonly name: string;
  readonly host: string;
  readonly subsets: readonly Subset[];
  readonly policy: Fields | undefined;
  readonly exportTo: readonly string[];
  /** The workloads that it is for; undefined is all. */
  readonly selector: Readonly<Record<string, string>> | undefined;
}

/** A traffic policy and where it stands. */
export interface PlacedPolicy {
  readonly path: string;
  readonly policy: Fields;
  /** What it is for: the whole host, a subset or a port. */
  readonly scope: 'host' | 'subset' | 'port';
}

/** All DestinationRules of the set. */
export function destinationRules(view: ManifestView): readonly DestinationRule[] {
  return view.fact(readAll);
}

/**
 * The DestinationRules that proxies of a namespace use for a host; those of one namespace and host are merged, the oldest
 * first. They are looked for in the client's namespace, then in the service's, then in the root namespace; the first that has
 * any for the host decides, and in it the narrowest host.
 *
 * Source: istio/istio pilot/pkg/model/push_context.go, destinationRule
 */
export function destinationRulesFor(view: ManifestView, host: string, namespace: string): readonly DestinationRule[] {
  const index = view.fact(indexByHost);
  const defaults = view.mesh.defaultExports.destinationRule;
  const owner = serviceOfHost(host)?.namespace;
  const tiers = [...new Set([namespace, owner, view.mesh.rootNamespace])];
  for (const place of tiers) {
    if (place === undefined) continue;
    for (const key of hostKeys(host)) {
      const found = (index.get(`${place}/${key}`) ?? []).filter(
        ({ exportTo, selector }) => selector === undefined && isExportedTo(exportTo, defaults, place, namespace),
      );
      if (found.length > 0) return [...found].sort((a, b) => byAge(a.object, b.object));
    }
  }
  return [];
}

/** All DestinationRules with exactly this host, wherever they are. */
export function destinationRulesOfHost(view: ManifestView, host: string): readonly DestinationRule[] {
  return view.fact(indexEverywhere).get(host) ?? [];
}

/** All traffic policies of a DestinationRule. */
export function policiesOf({ policy, subsets }: DestinationRule): readonly PlacedPolicy[] {
  const top = policy === undefined ? [] : withPorts(policy, 'spec.trafficPolicy', 'host');
  return [
    ...top,
    ...subsets.flatMap((subset) =>
      subset.policy === undefined
        ? []
        : withPorts(subset.policy, `spec.subsets[${subset.index}].trafficPolicy`, 'subset'),
    ),
  ];
}

function withPorts(policy: Fields, path: string, scope: 'host' | 'subset'): readonly PlacedPolicy[] {
  return [
    { path, policy, scope },
    ...indexedRecords(policy['portLevelSettings']).map(([port, index]) => ({
      path: `${path}.portLevelSettings[${index}]`,
      policy: port,
      scope: 'port' as const,
    })),
  ];
}

function readAll(view: ManifestView): readonly DestinationRule[] {
  return view.of(Kind.DESTINATION_RULE).map(readOne);
}

function readOne(object: LocatedObject): DestinationRule {
  const spec = fieldAt(object.object, 'spec');
  const namespace = namespaceOf(object);
  const name = textAt(spec, 'host') ?? '';
  const policy = fieldAt(spec, 'trafficPolicy');
  const selector = fieldAt(spec, 'workloadSelector', 'matchLabels');
  return {
    object,
    namespace,
    name,
    host: fullHost(name, namespace),
    policy: isRecord(policy) ? policy : undefined,
    subsets: indexedRecords(fieldAt(spec, 'subsets')).map(([subset, index]) => ({
      index,
      name: textAt(subset, 'name') ?? '',
      labels: stringMap(subset['labels']),
      policy: isRecord(subset['trafficPolicy']) ? subset['trafficPolicy'] : undefined,
    })),
    exportTo: textList(fieldAt(spec, 'exportTo')),
    selector: selector === undefined ? undefined : stringMap(selector),
  };
}

function indexByHost(view: ManifestView): ReadonlyMap<string, readonly DestinationRule[]> {
  return groupBy(destinationRules(view), ({ namespace, host }) => `${namespace}/${host}`);
}

function indexEverywhere(view: ManifestView): ReadonlyMap<string, readonly DestinationRule[]> {
  return groupBy(destinationRules(view), ({ host }) => host);
}
