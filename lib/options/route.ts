import { Code, MeshError, quoted } from '../errors';
import type { Shape } from '../intent/given';
import { givenMade, givenShape } from '../intent/given';
import type { Environment } from '../intent/environment';
import type { Conditions } from '../intent/conditions';
import type { HttpMatch } from '../intent/http-match';
import { requireNoClaims } from '../intent/http-match';
import { requireDnsLabel } from '../intent/names';
import { describeOperation } from '../intent/operation';
import { PathMatchKind } from '../intent/path-match';
import type { Port } from '../intent/port';
import { selectPorts } from '../intent/port';
import type { ResilienceLevel } from '../intent/resilience';
import { SAFE_METHODS, namedUnsafe, namesSome } from '../intent/repetition';
import { requireConsistent, requireRepeatable } from '../intent/resilience-checks';
import type { RouteActionIntent, RouteIntent } from '../intent/route';
import type { ServiceDeclaration } from '../intent/service';
import { serviceKey } from '../intent/service';
import { mergeRule } from '../intent/treatment';
import type { CorsOptions } from './cors';
import { corsIntent } from './cors';
import type { FaultOptions } from './fault';
import { faultIntent } from './fault';
import type { HeaderChanges } from './header-changes';
import { headerChanges } from './header-changes';
import { defined } from './numbers';
import type { Retries, Timeout } from './requests';
import type { RouteAction } from './route-action';

/** A rule for some of the requests of a service. */
export interface RouteOptions {
  /** Name by which messages call the route. */
  readonly name: string;
  /** Requests that it is for; any of the matches suffices. */
  readonly matches: HttpMatch[];
  /**
   * Names of the service's ports that it is for.
   * @default - all that carry requests
   */
  readonly ports?: string[];
  /**
   * What becomes of the requests.
   * @default - they go to the service
   */
  readonly action?: RouteAction;
  /**
   * Changes to the headers of the requests.
   * @default - none
   */
  readonly requestHeaders?: HeaderChanges;
  /**
   * Changes to the headers of the responses.
   * @default - none
   */
  readonly responseHeaders?: HeaderChanges;
  /**
   * Which pages of other origins browsers let call.
   * @default - none but what the application itself says
   */
  readonly cors?: CorsOptions;
  /**
   * How long these requests may take.
   * @default - the service's
   */
  readonly timeout?: Timeout;
  /**
   * How often these requests are repeated.
   * @default - the service's
   */
  readonly retries?: Retries;
  /**
   * Harm that is done on purpose to these requests, to see what callers make of it.
   * @default - none
   */
  readonly fault?: FaultOptions;
}

const ROUTE: Shape<RouteOptions> = {
  name: 'text',
  matches: 'made:_conditions[]',
  ports: 'text[]?',
  action: 'made:_intent?',
  requestHeaders: 'object?',
  responseHeaders: 'object?',
  cors: 'object?',
  timeout: 'made:_settings?',
  retries: 'made:_settings?',
  fault: 'object?',
};

/** What these options say, as intent. */
export function routeIntent(
  service: ServiceDeclaration,
  options: RouteOptions,
  environment: Environment,
  place: 'mesh' | 'gateway' = 'mesh',
): RouteIntent {
  const owner = serviceKey(service.ref);
  givenShape(`a route of \`${owner}\``, options, ROUTE);
  const name = requireDnsLabel(`route of \`${owner}\``, options.name);
  const route = `route \`${name}\` of \`${owner}\``;
  const { matches, action, cors, timeout, retries, requestHeaders, fault } = options;
  matches.forEach(({ _conditions }) => givenMade(`a match of ${route}`, _conditions, 'headers', 'an `HttpMatch`'));
  if (matches.length === 0) {
    throw new MeshError(
      Code.ROUTE,
      `${route} matches nothing`,
      'give `matches`; for every request, use the options of the service',
    );
  }
  if (place === 'mesh') {
    requireNoClaims(route, matches);
  } else {
    requireNoCallers(route, matches);
  }
  const ports = requestPorts(route, service, options.ports);
  const intent = action?._intent ?? { kind: 'forward' };
  const idle = Object.entries({ timeout, retries, requestHeaders, fault }).filter(([, option]) => option !== undefined);
  if (intent.kind !== 'forward' && idle.length > 0) {
    throw new MeshError(
      Code.ROUTE,
      `${route} answers by itself, so that ${quoted(idle.map(([option]) => option))} can do nothing`,
      'leave it out',
    );
  }
  if (intent.kind === 'forward') {
    requireElsewhere(route, owner, ports, intent);
  }
  if (intent.kind === 'forward' && intent.rewritePath !== undefined) {
    requireRewritable(route, matches);
  }
  if (cors !== undefined) {
    requirePreflight(route, matches);
  }
  if (timeout !== undefined && ports.every((port) => port.streaming)) {
    throw new MeshError(
      Code.ROUTE,
      `${route} has a \`timeout\`, and its requests may stay open, since ${quoted(ports.map((port) => port.name))} is \`streaming\``,
      'leave it out',
    );
  }
  const result = {
    name,
    ...(options.ports === undefined ? {} : { ports: options.ports }),
    matches,
    action: intent,
    requestHeaders: headerChanges(route, requestHeaders),
    responseHeaders: headerChanges(route, options.responseHeaders),
    ...(cors === undefined ? {} : { cors: corsIntent(cors) }),
    ...(fault === undefined ? {} : { fault: faultIntent(route, fault, { matches, ports, environment }) }),
    resilience: defined({ timeout: timeout?._settings, retries: retries?._settings }),
  };
  const merged = mergeRule(service.resilience, result);
  const requests = matches.map(({ _conditions }) => _conditions);
  const methods = requests.flatMap((conditions) => conditions.methods);
  requireNamed(route, requests, result.resilience);
  if (
    requests.every((conditions) => conditions.methods.length > 0) &&
    !methods.some((method) => SAFE_METHODS.includes(method)) &&
    !namesSome(namedUnsafe(merged.retries), requests)
  ) {
    requireRepeatable(route, `${quoted(new Set(methods))}, which may have taken effect`, result.resilience);
  }
  requireConsistent(`\`${owner}\`, route \`${name}\``, ports, result.resilience, merged);
  return result;
}

/** Refuses callers at a gateway, whose clients have no identity of the mesh. */
function requireNoCallers(route: string, matches: readonly HttpMatch[]): void {
  if (matches.some(({ _conditions }) => _conditions.callers.length > 0)) {
    throw new MeshError(
      Code.ROUTE,
      `${route} is for a gateway, whose clients are outside the mesh, and a match of it has \`callers\``,
      'leave `callers` out, or use `addRoute` of the service',
    );
  }
}

/** Refuses to lead requests to where they go anyway. */
function requireElsewhere(
  route: string,
  owner: string,
  ports: readonly Port[],
  { to, port }: Extract<RouteActionIntent, { kind: 'forward' }>,
): void {
  if (to !== undefined && serviceKey(to) === owner && ports.every(({ name }) => name === (port ?? name))) {
    throw new MeshError(
      Code.ROUTE,
      `${route} forwards to \`${owner}\` itself${port === undefined ? '' : `, port \`${port}\``}`,
      'leave `service` and `port` out of `RouteAction.forward`, or name another service, or `ports` of the route that are not that port',
    );
  }
}

/** Refuses operations that are named in a route none of whose requests is one. */
function requireNamed(route: string, requests: readonly Conditions[], { retries }: ResilienceLevel): void {
  const idle = namedUnsafe(retries).find((operation) => !namesSome([operation], requests));
  if (idle !== undefined) {
    throw new MeshError(
      Code.RESILIENCE,
      `\`repeatUnsafe\` of ${route} names \`${describeOperation(idle)}\`, and the route matches no such request`,
      'name operations that its `matches` let through',
    );
  }
}

function requestPorts(
  route: string,
  service: ServiceDeclaration,
  names: readonly string[] | undefined,
): readonly Port[] {
  const ports = selectPorts(serviceKey(service.ref), service.ports, names);
  const deaf = names === undefined ? undefined : ports.find((port) => !port.carriesRequests);
  const able = ports.filter((port) => port.carriesRequests);
  if (deaf === undefined && able.length > 0) {
    return able;
  }
  throw new MeshError(
    Code.ROUTE,
    `${route} is for ${deaf === undefined ? 'no port that carries requests' : `port \`${deaf.name}\`, which carries no requests`}`,
    'name `ports` of HTTP or gRPC, or use `addConnectionRoute`',
  );
}

function requireRewritable(route: string, matches: readonly HttpMatch[]): void {
  const kinds: readonly string[] = [PathMatchKind.EXACT, PathMatchKind.PREFIX];
  if (matches.some(({ _conditions: { path } }) => path === undefined || !kinds.includes(path.kind))) {
    throw new MeshError(
      Code.ROUTE,
      `${route} has \`rewritePath\`, and a match without an exact path or prefix to replace`,
      'give every match a `path` with `PathMatch.exact` or `PathMatch.prefix`',
    );
  }
}

/** Browsers first ask with OPTIONS and without the headers of the request that they mean. */
function requirePreflight(route: string, matches: readonly HttpMatch[]): void {
  for (const { _conditions } of matches) {
    const header = _conditions.headers.find(({ name }) => name !== 'origin');
    const claim = _conditions.claims?.[0];
    const missed = _conditions.methods.length > 0 && !_conditions.methods.includes('OPTIONS');
    if (header !== undefined || claim !== undefined || missed) {
      throw new MeshError(
        Code.ROUTE,
        `${route} has \`cors\`, and a match ${missed ? 'whose `methods` lack `OPTIONS`' : header === undefined ? `on claim \`${claim?.names.join('.') ?? ''}\`` : `on header \`${header.name}\``}, which the preflight request of a browser does not match`,
        missed ? 'add `OPTIONS` to `methods`, or leave `methods` out' : 'match by path or query parameter',
      );
    }
  }
}
