import { Code, MeshError } from '../errors';
import type { Conditions } from './conditions';
import { ANYTHING, bySpecificity, coversConditions, intersect } from './conditions';
import type { HttpMatch } from './http-match';
import type { Operation } from './operation';
import type { PathMatch } from './path-match';
import type { Port } from './port';
import { Protocol } from './port';
import type { ReleaseIntent } from './release';
import type { Resilience, RetrySettings } from './resilience';
import { HARMLESS_CONDITIONS, mergeResilience } from './resilience';
import type { RouteIntent } from './route';

/** Methods that change nothing, so that a request may be repeated after the server has seen it (RFC 9110, 9.2.1). */
const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/** What routes lead to. */
export interface RouteTarget {
  readonly name: string;
  readonly ports: readonly Port[];
  readonly resilience: Resilience;
  readonly streamingOperations: readonly Operation[];
  readonly routes: readonly RouteIntent[];
  readonly release?: ReleaseIntent;
}

/** One version, or all pods, and its share of the requests. */
export interface Destination {
  readonly version?: string;
  readonly weightPercent?: number;
}

/** One step in the order in which a proxy looks for where a request goes. */
export interface ComposedRoute {
  /** Any of which suffices; none means every request. */
  readonly conditions: readonly Conditions[];
  /** The rule of the user that it comes from; undefined is the service's own. */
  readonly rule?: RouteIntent;
  /** The path of that rule's match. */
  readonly matched?: PathMatch;
  readonly destinations: readonly Destination[];
  readonly timeoutMillis?: number;
  readonly retries: RetrySettings | 'off';
  readonly streaming: boolean;
}

/** The rules of one port in the order that proxies try them, each with one condition: specific before general. */
interface Rule {
  readonly conditions: Conditions;
  readonly route?: RouteIntent;
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
): readonly ComposedRoute[] {
  const composed = rules(target, port).flatMap((rule) => {
    const resilience = mergeRule(target.resilience, rule.route);
    const forwards = rule.route === undefined || rule.route.action.kind === 'forward';
    return durations(target, port, resilience).flatMap(({ operation, timeoutMillis }) =>
      (forwards ? shares(target) : [{ when: [ANYTHING], destinations: [] }]).flatMap(({ when, destinations }) =>
        (forwards ? repetitions(resilience, port) : [{ methods: [], retries: 'off' as const }]).flatMap(
          ({ methods, retries }): readonly ComposedRoute[] => {
            const conditions = product(target, [
              [rule.conditions],
              entered,
              operation,
              when,
              [{ ...ANYTHING, methods }],
            ]);
            return conditions.length === 0
              ? []
              : [
                  {
                    conditions: conditions.includes(ANYTHING) || conditions.some(isAnything) ? [] : conditions,
                    ...(rule.route === undefined ? {} : { rule: rule.route }),
                    ...(rule.conditions.path === undefined ? {} : { matched: rule.conditions.path }),
                    destinations,
                    ...(timeoutMillis === undefined ? {} : { timeoutMillis }),
                    retries,
                    streaming: operation !== EVERYTHING || port.streaming,
                  },
                ];
          },
        ),
      ),
    );
  });
  return composed.filter((route, index) => !composed.slice(0, index).some((earlier) => takesAll(earlier, route)));
}

function takesAll(earlier: ComposedRoute, later: ComposedRoute): boolean {
  const all = ({ conditions }: ComposedRoute) => (conditions.length === 0 ? [ANYTHING] : conditions);
  return all(later).every((narrow) => all(earlier).some((wide) => coversConditions(wide, narrow)));
}

const EVERYTHING: readonly Conditions[] = [ANYTHING];

function rules(target: RouteTarget, port: Port): readonly Rule[] {
  const own = target.routes
    .filter(({ ports }) => ports === undefined || ports.includes(port.name))
    .flatMap((route) => route.matches.map((match) => ({ route, conditions: match._conditions })))
    .sort((a, b) => bySpecificity(a.conditions, b.conditions));
  requireReachable(target, port, own);
  return [...own, { conditions: ANYTHING }];
}

/** Refuses a rule that an earlier one leaves nothing of. */
function requireReachable(target: RouteTarget, port: Port, ordered: readonly Required<Rule>[]): void {
  ordered.forEach((rule, index) => {
    const first = ordered.slice(0, index).find((earlier) => coversConditions(earlier.conditions, rule.conditions));
    if (first !== undefined && first.route.name !== rule.route.name) {
      const same = coversConditions(rule.conditions, first.conditions);
      throw new MeshError(
        Code.ROUTE,
        same
          ? `routes \`${first.route.name}\` and \`${rule.route.name}\` of port \`${port.name}\` of \`${target.name}\` match the same requests`
          : `route \`${rule.route.name}\` of port \`${port.name}\` of \`${target.name}\` can never match, since \`${first.route.name}\` takes all of its requests`,
        'narrow one of their `matches`, or remove one of them',
      );
    }
  });
}

/** What a rule says over what its service says; tries that nobody timed for the rule shrink with its timeout. */
export function mergeRule(resilience: Resilience, route: RouteIntent | undefined): Resilience {
  if (route === undefined) {
    return resilience;
  }
  const merged = mergeResilience(resilience, route.resilience);
  const { timeout, retries } = merged;
  const said = route.resilience.retries;
  return timeout === 'off' || retries === 'off' || (said !== 'off' && said?.perTryTimeoutMillis !== undefined)
    ? merged
    : { ...merged, retries: { ...retries, perTryTimeoutMillis: fitting(retries, timeout.millis) } };
}

function fitting({ perTryTimeoutMillis, attempts }: RetrySettings, timeoutMillis: number): number {
  return Math.max(1, Math.min(perTryTimeoutMillis, Math.floor(timeoutMillis / (attempts + 1))));
}

/** Requests that may stay open get no timeout: proxies count it to the end of the response. */
function durations(
  target: RouteTarget,
  port: Port,
  { timeout }: Resilience,
): readonly { readonly operation: readonly Conditions[]; readonly timeoutMillis?: number }[] {
  const rest = {
    operation: EVERYTHING,
    ...(timeout === 'off' || port.streaming ? {} : { timeoutMillis: timeout.millis }),
  };
  return port.streaming
    ? [rest]
    : [
        ...target.streamingOperations
          .filter((operation) => !operation.isGrpc || port.protocol === Protocol.GRPC)
          .map((operation) => ({ operation: operationConditions(operation) })),
        rest,
      ];
}

function operationConditions({ methods, paths }: Operation): readonly Conditions[] {
  return paths.length === 0 ? [{ ...ANYTHING, methods }] : paths.map((path) => ({ ...ANYTHING, methods, path }));
}

function shares({ release }: RouteTarget): readonly {
  readonly when: readonly Conditions[];
  readonly destinations: readonly Destination[];
}[] {
  if (release === undefined) {
    return [{ when: EVERYTHING, destinations: [{}] }];
  }
  const { stable, candidate, candidateWhen } = release;
  return [
    ...(candidateWhen.length > 0
      ? [
          {
            when: candidateWhen.map((match: HttpMatch) => match._conditions),
            destinations: [{ version: candidate.version }],
          },
        ]
      : []),
    { when: EVERYTHING, destinations: [stable, candidate] },
  ];
}

/** Safe HTTP methods are repeated on the conditions that were chosen; everything else only where nothing was done. */
function repetitions(
  { retries }: Resilience,
  port: Port,
): readonly { readonly methods: readonly string[]; readonly retries: RetrySettings | 'off' }[] {
  if (retries === 'off') {
    return [{ methods: [], retries }];
  }
  const conditions = retries.conditions.filter((condition) => HARMLESS_CONDITIONS.includes(condition));
  const harmless = conditions.length === 0 ? 'off' : { ...retries, conditions };
  return port.protocol === Protocol.GRPC || conditions.length === retries.conditions.length
    ? [{ methods: [], retries: harmless }]
    : [
        { methods: SAFE_METHODS, retries },
        { methods: [], retries: harmless },
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
              'use exact values or prefixes in both, or the same condition',
            );
          }
          return both;
        }),
      ),
    [ANYTHING],
  );
}

function isAnything(conditions: Conditions): boolean {
  return coversConditions(conditions, ANYTHING);
}

function describe({ path, headers, query }: Conditions): string {
  return [
    ...(path === undefined ? [] : [`path \`${path.value}\``]),
    ...headers.map(({ name, value }) => `header \`${name}: ${value}\``),
    ...query.map(({ name, value }) => `query \`${name}=${value}\``),
  ].join(', ');
}
