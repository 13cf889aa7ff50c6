import { fieldAt, recordList } from '../../../manifests/objects';
import type { PlannedRelease } from '../../../intent/release-plan';
import { PLAN_NOTE, readPlanNote } from '../../../intent/plan-note';
import type { StandingObject } from '../../provider';
import { coversHost, hostKey, hostsOf, serviceHostKey } from './hosts';
import { describeObject, isNetworking, isService } from './objects';
import type { Route } from './routes';
import { routesOf } from './routes';

/** What the DestinationRules of one host say. */
export interface HostRules {
  readonly subsets: ReadonlySet<string>;
  /** The objects, for messages. */
  readonly from: readonly string[];
}

/** A plan that a VirtualService carries; undefined where what it carries is none. */
export interface PlanEntry {
  readonly host: string;
  readonly from: string;
  readonly note: string;
  readonly planned: PlannedRelease | undefined;
}

/** How requests are routed, as manifests say it. Hosts are keys of {@link hostKey}. */
export interface Routing {
  readonly isEmpty: boolean;
  readonly routes: ReadonlyMap<string, readonly Route[]>;
  readonly plans: ReadonlyMap<string, PlanEntry>;
  /** Hosts that a Service or a VirtualService makes. */
  readonly hosts: ReadonlySet<string>;
  /** What is known of the versions of a host; undefined where no DestinationRule is for it. */
  rulesOf(key: string): HostRules | undefined;
}

/** Reads how requests are routed. */
export function readRouting(objects: readonly StandingObject[]): Routing {
  const virtualServices = objects.filter(({ object }) => isNetworking(object, 'VirtualService'));
  const rules = destinationRules(objects.filter(({ object }) => isNetworking(object, 'DestinationRule')));
  const wildcards = [...rules.keys()].filter((key) => key.startsWith('*')).sort((a, b) => b.length - a.length);
  const services = objects.filter(({ object }) => isService(object));
  return {
    isEmpty: objects.length === 0,
    routes: grouped(virtualServices.flatMap((object) => routesOf(object))),
    plans: new Map(virtualServices.flatMap((object) => planOf(object))),
    hosts: new Set([
      ...services.map(({ object: { metadata } }) => serviceHostKey(metadata?.name ?? '', metadata?.namespace)),
      ...virtualServices.flatMap((object) => hostsOf(object).map(({ key }) => key)),
    ]),
    // Of several rules, the one with the most specific host counts.
    rulesOf: (key) => rules.get(key) ?? rules.get(wildcards.find((pattern) => coversHost(pattern, key)) ?? ''),
  };
}

function destinationRules(objects: readonly StandingObject[]): ReadonlyMap<string, HostRules> {
  const rules = new Map<string, HostRules>();
  for (const rule of objects) {
    const host = fieldAt(rule.object, 'spec', 'host');
    if (typeof host !== 'string') continue;
    const key = hostKey(host, rule.object.metadata?.namespace);
    const known = rules.get(key);
    const names = recordList(fieldAt(rule.object, 'spec', 'subsets')).flatMap(({ name }) =>
      typeof name === 'string' ? [name] : [],
    );
    rules.set(key, {
      subsets: new Set([...(known?.subsets ?? []), ...names]),
      from: [...(known?.from ?? []), describeObject(rule)],
    });
  }
  return rules;
}

function planOf(virtualService: StandingObject): readonly (readonly [string, PlanEntry])[] {
  const note = virtualService.object.metadata?.annotations?.[PLAN_NOTE];
  const [first] = hostsOf(virtualService);
  if (note === undefined || first === undefined) return [];
  const { key, host } = first;
  return [[key, { host, from: describeObject(virtualService), note, planned: readPlanNote(note) }]];
}

function grouped(routes: readonly Route[]): ReadonlyMap<string, readonly Route[]> {
  const byHost = new Map<string, Route[]>();
  for (const route of routes) {
    const known = byHost.get(route.key);
    if (known === undefined) byHost.set(route.key, [route]);
    else known.push(route);
  }
  return byHost;
}
