import type { Conditions } from './conditions';
import { ANYTHING } from './conditions';
import type { Layered } from './levels';
import { mirroredRequests } from './mirror';
import type { ServiceRef } from './peer';
import type { Port } from './port';
import type { Destination, ReleaseIntent } from './release';
import { destinationsOf, mainVersion, usersOf } from './release';
import { chosenRequests } from './release-order';
import type { RouteIntent } from './route';

/** Where routes of other services are looked up. */
export interface Services {
  service(ref: ServiceRef): Layered & { readonly ports: readonly Port[]; readonly release?: ReleaseIntent };
}

/** Where requests go. */
export interface RouteEnd {
  /** The service, where it is not the one that was called. */
  readonly to?: ServiceRef;
  readonly port: Port;
  readonly release?: ReleaseIntent;
  /** What says how calls that go there are treated. */
  readonly layered: Layered;
}

/** Where copies of requests go. */
export interface MirrorEnd {
  /** The service, where it is not the one that was called. */
  readonly to?: ServiceRef;
  readonly port: Port;
  readonly version?: string;
  readonly percent: number;
}

/** Where a rule leads; undefined where the proxy answers by itself. */
export function routeEnd(
  target: Layered & { readonly release?: ReleaseIntent },
  port: Port,
  route: RouteIntent | undefined,
  services: Services,
): RouteEnd | undefined {
  const action = route?.action ?? { kind: 'forward' };
  if (action.kind !== 'forward') {
    return undefined;
  }
  if (action.to === undefined) {
    return { port, layered: target, ...(target.release === undefined ? {} : { release: target.release }) };
  }
  const other = services.service(action.to);
  const [there = port] = portsFor(other.ports, action.port);
  return {
    to: action.to,
    port: there,
    layered: other,
    ...(other.release === undefined ? {} : { release: other.release }),
  };
}

/** The ports that a route to another service can mean; it is clear where there is one. */
export function portsFor(ports: readonly Port[], name: string | undefined): readonly Port[] {
  return ports.filter((port) => port.carriesRequests && (name ?? port.name) === port.name);
}

const EVERYTHING: readonly Conditions[] = [ANYTHING];

/** Which requests go to which versions, in the order in which they are tried. */
export function sharesOf(release: ReleaseIntent | undefined): readonly {
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
    ...usersOf(release).map(({ version, users }) => ({
      requests: [{ ...ANYTHING, headers: [users] }],
      destinations: [{ version }],
    })),
    { requests: EVERYTHING, destinations: destinationsOf(release) },
  ];
}

/** Which requests are copied where, and after them the rest. */
export function copiesOf(
  { to, port, release }: RouteEnd,
  streaming: boolean,
  services: Services,
): readonly { readonly copied: readonly Conditions[]; readonly mirror?: MirrorEnd }[] {
  const mirror = release?.mirror;
  const copied = mirror === undefined || streaming ? [] : mirroredRequests(mirror, port);
  if (mirror === undefined || copied.length === 0) {
    return [{ copied: EVERYTHING }];
  }
  const { percent } = mirror;
  if (mirror.to.kind === 'version') {
    const { version } = mirror.to;
    return [
      { copied, mirror: { ...(to === undefined ? {} : { to }), port, version, percent } },
      { copied: EVERYTHING },
    ];
  }
  const other = services.service(mirror.to.ref);
  const [there = port] = portsFor(other.ports, mirror.to.port);
  const version = other.release === undefined ? undefined : mainVersion(other.release);
  return [
    {
      copied,
      mirror: { to: mirror.to.ref, port: there, ...(version === undefined ? {} : { version }), percent },
    },
    { copied: EVERYTHING },
  ];
}
