import { Code, MeshError } from '../errors';
import type { Conditions } from './conditions';
import { ANYTHING, coversConditions, intersect } from './conditions';
import type { Operation } from './operation';
import type { PathMatch } from './path-match';
import type { ServiceRef } from './peer';
import { describeRef } from './peer';
import type { Port } from './port';
import type { Destination, ReleaseIntent } from './release';
import { sharedBy } from './release';
import { chosenRequests } from './release-order';
import type { Resilience, RetrySettings } from './resilience';
import { durations, mergeRule, repetitions } from './treatment';
import type { RouteIntent } from './route';
import { orderedRules, requireReachable } from './route-order';

/** What routes lead to. */
export interface RouteTarget {
  readonly name: string;
  readonly ports: readonly Port[];
  readonly resilience: Resilience;
  readonly streamingOperations: readonly Operation[];
  readonly routes: readonly RouteIntent[];
  readonly release?: ReleaseIntent;
}

/** Where routes of other services are looked up. */
export interface Services {
  service(ref: ServiceRef): { readonly ports: readonly Port[]; readonly release?: ReleaseIntent };
}

/** One step in the order in which a proxy looks for where a request goes. */
export interface ComposedRoute {
  /** Any of which suffices; none means every request. */
  readonly conditions: readonly Conditions[];
  /** The rule of the user that it comes from; undefined is the service's own. */
  readonly rule?: RouteIntent;
  /** The path of that rule's match. */
  readonly matched?: PathMatch;
  /** The service that they go to, where it is not the one that was called. */
  readonly to?: ServiceRef;
  /** Its port. */
  readonly port: Port;
  readonly destinations: readonly Destination[];
  readonly timeoutMillis?: number;
  readonly retries: RetrySettings | 'off';
  readonly streaming: boolean;
}

/**
 * Routes to one port of a target in a safe order: the user's rules, specific before general, and last everything that
 * entered. Inside a rule, what stays open comes before what does not, the candidate's requests before the shares, methods
 * that may be repeated before the rest.
 */
export function composeRoutes(
  target: RouteTarget,
  port: Port,
  entered: readonly Conditions[],
  services: Services,
): readonly ComposedRoute[] {
  requireReachable(target.name, target.routes, port);
  const composed = orderedRules(target.routes, port).flatMap((rule) => {
    const resilience = mergeRule(target.resilience, rule.route);
    const end = destination(target, port, rule.route, services);
    return variants(target, port, resilience, end).flatMap(({ when, ...variant }) => {
      const conditions = product(target, [[rule.conditions], entered, ...when]);
      return conditions.length === 0
        ? []
        : [
            {
              ...variant,
              conditions: conditions.some(isAnything) ? [] : conditions,
              ...(rule.route === undefined ? {} : { rule: rule.route }),
              ...(rule.conditions.path === undefined ? {} : { matched: rule.conditions.path }),
              ...(end?.to === undefined ? {} : { to: end.to }),
              port: end?.port ?? port,
            },
          ];
    });
  });
  return composed.filter((route, index) => !composed.slice(0, index).some((earlier) => takesAll(earlier, route)));
}

/** Whether an earlier route leaves nothing of a later one; the last route of all stays whatever comes before. */
function takesAll(earlier: ComposedRoute, later: ComposedRoute): boolean {
  return (
    later.conditions.length > 0 &&
    later.conditions.every((narrow) => earlier.conditions.some((wide) => coversConditions(wide, narrow)))
  );
}

const EVERYTHING: readonly Conditions[] = [ANYTHING];

/** Where requests go; undefined where the proxy answers by itself. */
interface End {
  readonly to?: ServiceRef;
  readonly port: Port;
  readonly release?: ReleaseIntent;
}

function destination(
  { release }: RouteTarget,
  port: Port,
  route: RouteIntent | undefined,
  services: Services,
): End | undefined {
  const action = route?.action ?? { kind: 'forward' };
  if (action.kind !== 'forward') {
    return undefined;
  }
  if (action.to === undefined) {
    return { port, ...(release === undefined ? {} : { release }) };
  }
  const other = services.service(action.to);
  const [there = port] = portsFor(other.ports, action.port);
  return { to: action.to, port: there, ...(other.release === undefined ? {} : { release: other.release }) };
}

/** The ports that a route to another service can mean; it is clear where there is one. */
export function portsFor(ports: readonly Port[], name: string | undefined): readonly Port[] {
  return ports.filter((port) => port.carriesRequests && (name ?? port.name) === port.name);
}

type Variant = Pick<ComposedRoute, 'destinations' | 'timeoutMillis' | 'retries' | 'streaming'> & {
  readonly when: readonly (readonly Conditions[])[];
};

/** The ways in which one rule treats requests. */
function variants(target: RouteTarget, port: Port, resilience: Resilience, end: End | undefined): readonly Variant[] {
  if (end === undefined) {
    return [{ when: [], destinations: [], retries: 'off', streaming: false }];
  }
  return durations(target.streamingOperations, port, end.port, resilience).flatMap(({ operation, ...duration }) =>
    shares(end.release).flatMap(({ requests, destinations }) =>
      repetitions(resilience, port).map(({ methods, retries }) => ({
        ...duration,
        when: [operation, requests, [{ ...ANYTHING, methods }]],
        destinations,
        retries,
      })),
    ),
  );
}

function shares(release: ReleaseIntent | undefined): readonly {
  readonly requests: readonly Conditions[];
  readonly destinations: readonly Destination[];
}[] {
  if (release === undefined) {
    return [{ requests: EVERYTHING, destinations: [{}] }];
  }
  return [
    ...chosenRequests(release).map(({ version, conditions }) => ({
      requests: conditions,
      destinations: [{ version }],
    })),
    { requests: EVERYTHING, destinations: sharedBy(release) },
  ];
}

/** The requests for which one entry of every list holds. */
function product(target: RouteTarget, lists: readonly (readonly Conditions[])[]): readonly Conditions[] {
  return lists.reduce<readonly Conditions[]>(
    (sofar, list) =>
      sofar.flatMap((left) =>
        list.flatMap((right) => {
          const both = intersect(left, right);
          if (both === undefined) {
            throw new MeshError(
              Code.ROUTE,
              `two conditions on requests of \`${target.name}\` meet, and it cannot be told which requests both match: ${describe(left)} and ${describe(right)}`,
              'use exact values or prefixes in both, or the same condition; callers of one kind',
            );
          }
          return both;
        }),
      ),
    [ANYTHING],
  );
}

function isAnything(conditions: Conditions): boolean {
  // A path that every path matches is kept: it is what a rewrite replaces.
  return conditions.path === undefined && coversConditions(conditions, ANYTHING);
}

function describe({ path, headers, query, callers }: Conditions): string {
  return [
    ...callers.map((caller) => `caller ${describeRef(caller)}`),
    ...(path === undefined ? [] : [`path \`${path.value}\``]),
    ...headers.map(({ name, value }) => `header \`${name}: ${value}\``),
    ...query.map(({ name, value }) => `query \`${name}=${value}\``),
  ].join(', ');
}
