import { Code, MeshError, quoted } from '../errors';
import type { ConnectionMatch } from '../intent/connection-match';
import type { ConnectionRouteIntent } from '../intent/connection-route';
import { EVERY_CONNECTION, asksForName } from '../intent/connection-route';
import { givenMade, givenShape } from '../intent/given';
import { requireDnsLabel } from '../intent/names';
import type { Port } from '../intent/port';
import { selectPorts } from '../intent/port';
import type { ServiceDeclaration } from '../intent/service';
import { serviceKey } from '../intent/service';
import type { RouteOptions } from './route';
import type { RouteAction } from './route-action';

/** A rule for some of the connections to a service, on ports that carry no requests. */
export interface ConnectionRouteOptions {
  /** Name by which messages call the route. */
  readonly name: string;
  /**
   * Connections that it is for; any of the matches suffices.
   * @default - every connection
   */
  readonly matches?: ConnectionMatch[];
  /**
   * Names of the service's ports that it is for.
   * @default - all that carry no requests
   */
  readonly ports?: string[];
  /**
   * Where the connections go: `RouteAction.forward` with `service`, and `port` where that has several that carry no requests.
   * @default - they go to the service
   */
  readonly action?: RouteAction;
}

/** What these options say, as intent. */
export function connectionRouteIntent(
  service: ServiceDeclaration,
  options: ConnectionRouteOptions,
): ConnectionRouteIntent {
  const owner = serviceKey(service.ref);
  givenShape(`a route of \`${owner}\``, options, {
    name: 'text',
    matches: 'made:_conditions[]?',
    ports: 'text[]?',
    action: 'made:_intent?',
  });
  const name = requireDnsLabel(`route of \`${owner}\``, options.name);
  const route = `route \`${name}\` of \`${owner}\``;
  const { matches = [], action } = options;
  requireNothingOfRequests(route, options);
  const ports = connectionPorts(route, service, options.ports);
  const conditions = matches.map(({ _conditions }) =>
    givenMade(`a match of ${route}`, _conditions, 'serverNames', 'a `ConnectionMatch`'),
  );
  const nameless = ports.find((port) => !asksForName(port));
  const [serverName] = conditions.flatMap(({ serverNames }) => serverNames);
  if (serverName !== undefined && nameless !== undefined) {
    throw new MeshError(
      Code.ROUTE,
      `${route} is for server name \`${serverName}\`, and for port \`${nameless.name}\`, which is \`${nameless.protocol}\`, where no client asks for one`,
      'name only `ports` that are declared with `Port.tls` or `Port.https`, or match by `callers`',
    );
  }
  const to = destination(route, action);
  if (options.matches?.length === 0 || (matches.length === 0 && to.to === undefined)) {
    throw new MeshError(
      Code.ROUTE,
      options.matches === undefined
        ? `${route} leads every connection where it goes without it`
        : `${route} has an empty list of \`matches\``,
      'give `matches`, or leave them out and give an `action` with a `service`',
    );
  }
  return {
    name,
    ...(options.ports === undefined ? {} : { ports: options.ports }),
    matches: conditions.length === 0 ? [EVERY_CONNECTION] : conditions,
    ...to,
  };
}

/** What routes for requests say, and nobody could do to a connection. */
const OF_REQUESTS = [
  'timeout',
  'retries',
  'requestHeaders',
  'responseHeaders',
  'cors',
  'fault',
] as const satisfies readonly (keyof RouteOptions)[];

function requireNothingOfRequests(route: string, options: ConnectionRouteOptions): void {
  const idle = OF_REQUESTS.filter((option) => option in options);
  if (idle.length > 0) {
    throw new MeshError(
      Code.ROUTE,
      `${route} is for connections, on which the mesh sees no requests, so that ${quoted(idle)} can do nothing`,
      'leave it out, or use `addRoute` for ports of HTTP and gRPC',
    );
  }
}

function destination(route: string, action: RouteAction | undefined): Pick<ConnectionRouteIntent, 'to' | 'port'> {
  const intent = action?._intent ?? { kind: 'forward' };
  const impossible =
    intent.kind !== 'forward'
      ? `RouteAction.${intent.kind}`
      : (['rewritePath', 'rewriteHost'] as const).find((key) => intent[key] !== undefined);
  if (intent.kind !== 'forward' || impossible !== undefined) {
    throw new MeshError(
      Code.ROUTE,
      `${route} is for connections, on which the mesh sees no requests, and has \`${impossible ?? ''}\``,
      'use `RouteAction.forward` with `service` and `port` alone, or `addRoute` for ports of HTTP and gRPC',
    );
  }
  const { to, port } = intent;
  return { ...(to === undefined ? {} : { to }), ...(port === undefined ? {} : { port }) };
}

function connectionPorts(
  route: string,
  service: ServiceDeclaration,
  names: readonly string[] | undefined,
): readonly Port[] {
  const ports = selectPorts(serviceKey(service.ref), service.ports, names);
  const seen = names === undefined ? undefined : ports.find((port) => port.carriesRequests);
  const able = ports.filter((port) => !port.carriesRequests);
  if (seen === undefined && able.length > 0) {
    return able;
  }
  throw new MeshError(
    Code.ROUTE,
    `${route} is for ${seen === undefined ? 'no port without requests' : `port \`${seen.name}\`, which carries requests`}`,
    'name `ports` of TCP, TLS or HTTPS, or use `addRoute`',
  );
}
