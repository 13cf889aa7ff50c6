import type { Layered } from './levels';
import type { Operation } from './operation';
import type { ServiceRef } from './peer';
import type { Port } from './port';
import type { ReleaseIntent } from './release';
import type { RouteIntent } from './route';

/** What routes lead to. */
export interface RouteTarget extends Layered {
  readonly name: string;
  readonly ports: readonly Port[];
  readonly streamingOperations: readonly Operation[];
  readonly routes: readonly RouteIntent[];
  readonly release?: ReleaseIntent;
}

/** Where routes of other services are looked up. */
export interface Services {
  service(ref: ServiceRef): Layered & { readonly ports: readonly Port[]; readonly release?: ReleaseIntent };
}

/** Where requests go. */
export interface End {
  /** The service, where it is not the one that was called. */
  readonly to?: ServiceRef;
  readonly port: Port;
  readonly release?: ReleaseIntent;
  readonly layered: Layered;
}

/** Where the requests of a rule go; undefined where the proxy answers by itself. */
export function destination(
  target: RouteTarget,
  port: Port,
  route: RouteIntent | undefined,
  services: Services,
): End | undefined {
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
