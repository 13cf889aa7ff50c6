import { Code, MeshError, quoted } from '../errors';
import type { Conditions } from './conditions';
import { ANYTHING } from './conditions';
import { resilienceFor } from './levels';
import type { CallerRef } from './peer';
import type { Port } from './port';
import type { Destination } from './release';
import type { Resilience, RetrySettings } from './resilience';
import type { RouteIntent } from './route';
import type { MirrorEnd, RouteEnd, Services } from './route-end';
import { copiesOf, sharesOf } from './route-end';
import type { RouteTarget } from './route-target';
import type { ScopedLevel } from './scope';
import { namedCallers, saysEndpoints, saysRequests } from './scope';
import { repetitions } from './repetition';
import { durations, mergeRule } from './treatment';

/** One way in which requests of a rule are treated. */
export interface Way {
  /** One entry of each list holds. */
  readonly when: readonly (readonly Conditions[])[];
  /** Whose requests these are; undefined is everybody who has no settings of their own. */
  readonly caller?: CallerRef;
  readonly destinations: readonly Destination[];
  /** Where copies of them go. */
  readonly mirror?: MirrorEnd;
  readonly timeoutMillis?: number;
  readonly retries: RetrySettings | 'off';
  readonly streaming: boolean;
}

/**
 * The ways in which one rule treats requests: callers with settings of their own first, what stays open before what does
 * not, a candidate's requests before the shares, requests that are copied before those that are not, methods that may be
 * repeated before the rest.
 */
export function waysOf(
  target: RouteTarget,
  port: Port,
  route: RouteIntent | undefined,
  end: RouteEnd | undefined,
  services: Services,
): readonly Way[] {
  if (end === undefined) {
    return [{ when: [], destinations: [], retries: 'off', streaming: false }];
  }
  return callersOf(target, port, end, services).flatMap((caller) =>
    durations(target.streamingOperations, port, end.port).flatMap(({ operation, streaming }) =>
      sharesOf(end.release).flatMap(({ requests, destinations }) => {
        const shared = sharedSettings(target, port, caller, end.to === undefined ? destinations : [{}]);
        const resilience = mergeRule(shared, route);
        const { timeout } = resilience;
        return copiesOf(end, streaming, services).flatMap(({ copied, ...copies }) =>
          repetitions(resilience, port).map(({ requests: repeated, retries }) => ({
            when: [from(caller), operation, requests, copied, repeated],
            ...(caller === undefined ? {} : { caller }),
            destinations,
            ...copies,
            ...(timeout === 'off' || streaming ? {} : { timeoutMillis: timeout.millis }),
            retries,
            streaming,
          })),
        );
      }),
    ),
  );
}

function from(caller: CallerRef | undefined): readonly Conditions[] {
  return [caller === undefined ? ANYTHING : { ...ANYTHING, callers: [caller] }];
}

/** Callers who have settings of their own on a port, or where its requests go; last, everybody. */
function callersOf(
  target: RouteTarget,
  port: Port,
  end: RouteEnd,
  services: Services,
): readonly (CallerRef | undefined)[] {
  const copies = end.release?.mirror?.to;
  const copied = copies?.kind === 'service' ? (services.service(copies.ref).scoped ?? []) : [];
  return [
    ...namedCallers(target.name, [
      ...onPort(target.scoped, port).filter(saysRequests),
      ...[...onPort(end.layered.scoped, end.port), ...copied].filter(saysEndpoints),
    ]),
    undefined,
  ];
}

/** The levels that say something on a port. */
export function onPort(scoped: readonly ScopedLevel[] = [], port: Port): readonly ScopedLevel[] {
  return scoped.filter(({ scope }) => scope.ports?.includes(port.name) ?? true);
}

/** What versions that share requests say alike: it is decided before one of them is chosen. */
function sharedSettings(
  target: RouteTarget,
  port: Port,
  caller: CallerRef | undefined,
  destinations: readonly Destination[],
): Resilience {
  const settings = destinations.map(({ version }) => resilienceFor(target, { port: port.name, version, caller }));
  const [first = target.resilience] = settings;
  if (settings.length < 2) return first;
  const different = (['timeout', 'retries'] as const).filter((key) =>
    settings.some((other) => JSON.stringify(other[key]) !== JSON.stringify(first[key])),
  );
  if (different.length > 0) {
    throw new MeshError(
      Code.RESILIENCE,
      `versions ${quoted(destinations.flatMap(({ version }) => version ?? []))} of \`${target.name}\` share requests on port \`${port.name}\`, and differ in ${quoted(different)}, which hold before a version is chosen`,
      'say it for the service, a port or callers, or let one version take all of these requests',
    );
  }
  return first;
}
